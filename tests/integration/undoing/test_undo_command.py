"""``imports``, its undo, restore and empty-trash, as a person calls them."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from installed import Said, Storage
from letting_go import Folder
from pictures import photo, write

NOON = "2024:03:15 12:00:0"
ADJUSTMENT = b'<?xml version="1.0"?><plist version="1.0"><dict/></plist>'


def shot(number: int) -> bytes:
    return photo(number, taken=f"{NOON}{number}")


def digest(number: int) -> str:
    return hashlib.sha256(shot(number)).hexdigest()


def take_in(storage: Storage, *paths: Path) -> Said:
    said = storage.here("import", "-q", *paths)
    assert said.status == 0, said.err
    return said


def undone(storage: Storage, run: int, *options: str) -> dict[str, Any]:
    said = storage.here("imports", "undo", str(run), "--yes", "-q", "--json", *options)
    assert said.status == 0, said.err
    document: dict[str, Any] = said.json
    return document


def restored(storage: Storage, run: int) -> Said:
    return storage.here("imports", "restore", str(run), "-q", "--json")


def tree(storage: Storage) -> dict[str, bytes]:
    """Give all originals and sidecars by their paths."""
    files = (path for path in (storage.archive / "originals").rglob("*") if path.is_file())
    return {str(path.relative_to(storage.archive)): path.read_bytes() for path in files}


def trash(storage: Storage) -> list[Path]:
    return sorted((storage.archive / ".picture-pipeline" / "trash").iterdir())


def reasons(document: dict[str, Any]) -> list[str]:
    return [stay["reason"] for stay in document["stays"]]


@pytest.fixture
def two_runs(storage: Storage, tmp_path: Path, catalog_url: str) -> Storage:
    """A storage with two imports: pictures 0, 1, 2, then 2 again and 3."""
    filled = storage.given(PICTURE_PIPELINE_STORAGE__DATABASE__URL=catalog_url)
    for name, numbers in (("one", (0, 1, 2)), ("two", (2, 3))):
        for number in numbers:
            write(tmp_path / name / f"{name}{number}.jpg", shot(number))
        take_in(filled, tmp_path / name)
    return filled


def test_what_another_import_saw_stays_and_all_commands_agree(two_runs: Storage) -> None:
    document = undone(two_runs, 1)

    assert {each["digest"] for each in document["originals"]} == {digest(0), digest(1)}
    assert reasons(document) == ["seen_again"]
    listed = {line["digest"] for line in two_runs.here("list", "--json").lines}
    assert listed == {digest(2), digest(3)}
    assert two_runs.here("storage-stats", "--json").json["originals"]["count"] == len(listed)
    assert two_runs.here("show", digest(0)).status != 0
    for path in two_runs.originals():
        assert path.stem == hashlib.sha256(path.read_bytes()).hexdigest()
    assert two_runs.here("generate-thumbs", "--all", "--json").json["made"] == 0


def test_importing_again_brings_it_back_to_the_same_paths(
    two_runs: Storage, tmp_path: Path
) -> None:
    before = set(tree(two_runs))
    undone(two_runs, 1)
    take_in(two_runs, tmp_path / "one")

    assert set(tree(two_runs)) == before
    assert two_runs.here("import", "--json", tmp_path / "one").json["skipped"] == 3


def test_restoring_brings_back_every_byte(two_runs: Storage) -> None:
    before = tree(two_runs)
    undone(two_runs, 1)

    said = restored(two_runs, 1)

    assert (said.status, said.json["restored"]) == (0, 2)
    assert tree(two_runs) == before
    assert [run["undone_at"] for run in two_runs.here("imports", "--json").json["imports"]] == [
        None,
        None,
    ]


def test_restoring_what_was_never_taken_back_is_refused(two_runs: Storage) -> None:
    assert restored(two_runs, 1).status == 2


def test_a_dry_run_says_the_same_and_changes_nothing(two_runs: Storage) -> None:
    before = tree(two_runs)
    foretold = two_runs.here("imports", "undo", "1", "--dry-run", "--json").json

    assert tree(two_runs) == before
    done = undone(two_runs, 1)
    assert foretold == {**done, "dry_run": True, "trash": None}


def test_without_a_terminal_nothing_goes_until_that_is_said(two_runs: Storage) -> None:
    before = tree(two_runs)

    assert two_runs.call("imports", "undo", "1").status == 2
    assert two_runs.call("imports", "empty-trash").status == 2
    assert tree(two_runs) == before


def test_a_run_that_is_not_there_is_named(two_runs: Storage) -> None:
    said = two_runs.here("imports", "undo", "9", "--yes")

    assert said.status == 2
    assert "no run 9" in said.err


def test_imports_lists_the_newest_first_and_what_was_taken_back(two_runs: Storage) -> None:
    undone(two_runs, 2)
    listed = two_runs.here("imports", "--json").json["imports"]

    assert [(run["run"], run["imported"]) for run in listed] == [(2, 1), (1, 3)]
    assert [run["undone_at"] is None for run in listed] == [False, True]
    assert len(two_runs.here("imports", "--json", "--limit", "1").json["imports"]) == 1


def test_a_companion_keeps_its_picture_and_the_picture_its_companion(
    storage: Storage, tmp_path: Path
) -> None:
    source = tmp_path / "phone"
    write(source / "IMG_0001.JPG", shot(1))
    take_in(storage, source)
    write(source / "IMG_0001.AAE", ADJUSTMENT)
    take_in(storage, source)

    assert reasons(undone(storage, 1)) == ["member"]
    assert reasons(undone(storage, 2)) == ["member"]
    assert len(storage.originals()) == 2


def test_a_picture_and_its_companion_of_one_run_go_together(
    storage: Storage, tmp_path: Path
) -> None:
    write(tmp_path / "phone" / "IMG_0001.JPG", shot(1))
    write(tmp_path / "phone" / "IMG_0001.AAE", ADJUSTMENT)
    take_in(storage, tmp_path / "phone")
    before = storage.here("list", "--assets", "--json").lines

    assert undone(storage, 1)["removed"] == 2
    assert storage.originals() == []
    assert restored(storage, 1).json["restored"] == 2
    assert storage.here("list", "--assets", "--json").lines == before


def test_a_live_photo_whose_halves_came_in_two_runs_stays_whole(
    storage: Storage, tmp_path: Path, corpus: Path
) -> None:
    halves = sorted(
        path for path in corpus.rglob("*") if path.name in {"leiden.HEIC", "leiden.mov"}
    )
    source = tmp_path / "phone"
    for half in halves:
        write(source / half.name, half.read_bytes())
        take_in(storage, source)

    assert reasons(undone(storage, 1)) == ["member"]
    assert reasons(undone(storage, 2)) == ["member"]
    assert len(storage.originals()) == len(halves) == 2


def test_an_edited_sidecar_keeps_its_picture_unless_that_is_said(
    storage: Storage, tmp_path: Path
) -> None:
    write(tmp_path / "phone" / "a.jpg", shot(1))
    take_in(storage, tmp_path / "phone")
    sidecar = storage.originals()[0].with_suffix(".xmp")
    sidecar.chmod(0o644)
    edited = sidecar.read_bytes().replace(b"</rdf:RDF>", b"<!-- digiKam --></rdf:RDF>")
    sidecar.write_bytes(edited)

    assert reasons(undone(storage, 1)) == ["edited"]
    assert undone(storage, 1, "--also-edited")["removed"] == 1
    assert restored(storage, 1).status == 0
    assert sidecar.read_bytes() == edited


@pytest.mark.parametrize(("policy", "kind"), [("free", "folder"), ("reclaim", "icloudpd")])
def test_what_was_let_go_at_its_source_is_never_taken_back(
    tmp_path: Path, policy: str, kind: str
) -> None:
    folder = Folder.make(tmp_path, policy, kind=kind).fill("a/IMG_1.JPG", "b/IMG_2.JPG")
    assert (folder.free if policy == "free" else folder.reclaim)().status == 0

    document = undone(folder.storage, 1)

    assert reasons(document) == ["only_copy", "only_copy"]
    assert folder.archived() == set(folder.files.values())


def test_the_ledger_tells_of_what_went_came_back_and_was_emptied(two_runs: Storage) -> None:
    undone(two_runs, 1)
    restored(two_runs, 1)
    undone(two_runs, 1)
    age(two_runs)
    two_runs.here("imports", "empty-trash", "--yes", "-q")

    chains = (two_runs.archive / ".picture-pipeline" / "ledger").rglob("*.jsonl")
    events = [json.loads(line) for chain in chains for line in chain.read_bytes().splitlines()]
    ours = [event["outcome"] for event in events if event.get("digest") == digest(0)]
    assert ours == ["archived", "trashed", "restored", "trashed", "emptied"]


def age(storage: Storage, days: int = 30) -> None:
    """Let the trash have been filled some days ago."""
    day = (datetime.now(UTC) - timedelta(days=days)).date().isoformat()
    for folder in trash(storage):
        folder.rename(folder.with_name(day + folder.name[len(day) :]))


def test_what_lies_in_the_trash_for_less_than_thirty_days_stays(two_runs: Storage) -> None:
    undone(two_runs, 1)
    age(two_runs, 28)

    said = two_runs.here("imports", "empty-trash", "--yes", "--json").json

    assert (said["removed"], len(said["kept"])) == (0, 1)
    assert len(trash(two_runs)) == 1


def test_what_lies_in_the_trash_for_thirty_days_can_be_removed(two_runs: Storage) -> None:
    undone(two_runs, 1)
    age(two_runs)
    foretold = two_runs.here("imports", "empty-trash", "--dry-run", "--json").json
    assert len(trash(two_runs)) == 1

    done = two_runs.here("imports", "empty-trash", "--yes", "-q", "--json").json

    assert foretold == {**done, "dry_run": True}
    assert done["removed"] == 2
    assert trash(two_runs) == []
    assert restored(two_runs, 1).status == 2
    assert len(two_runs.originals()) == 2
