"""``generate-thumbs`` makes what is missing or damaged, and nothing else."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from installed import Storage
from pictures import fill, jpeg, write

NAMES = ("tiny", "small", "medium")
TIME = "PICTURE_PIPELINE_STORAGE__IMPORT__TIME_LIMIT_SECONDS"
BROKEN = jpeg(1)[:40] + b"\0" * 200


@pytest.fixture
def filled(storage: Storage, source: Path) -> Storage:
    """Give a storage with four pictures and all their thumbnails."""
    fill(source, 4, side=600)
    assert storage.here("import", source).status == 0
    return storage


def thumbs(storage: Storage, name: str = "*") -> list[Path]:
    return sorted((storage.home / "thumbs").glob(f"{name}/??/*"))


def contents(storage: Storage) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in thumbs(storage)}


def remove(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def spoil(path: Path) -> None:
    path.write_bytes(b"no picture at all")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", [remove, empty, cut, spoil])
def test_a_missing_or_damaged_thumbnail_is_made_again(
    filled: Storage, name: str, damage: Callable[[Path], None]
) -> None:
    before = contents(filled)
    damage(thumbs(filled, name)[0])

    said = filled.here("generate-thumbs", "--json")

    assert (said.status, said.json["made"], said.json["sound"]) == (0, 1, 3)
    assert contents(filled) == before


@pytest.mark.parametrize("damage", [remove, empty, cut])
def test_missing_or_damaged_quick_metadata_is_made_again(
    filled: Storage, damage: Callable[[Path], None]
) -> None:
    before = contents(filled)
    damage(thumbs(filled, "metadata")[0])

    filled.here("generate-thumbs")

    assert contents(filled) == before


def test_what_is_there_and_whole_is_not_touched(filled: Storage) -> None:
    before = {path: path.stat().st_mtime_ns for path in thumbs(filled)}

    said = filled.here("generate-thumbs", "--json")

    assert (said.json["sound"], said.json["made"]) == (4, 0)
    assert {path: path.stat().st_mtime_ns for path in thumbs(filled)} == before


def test_a_new_computer_gets_all_thumbnails(filled: Storage) -> None:
    before = contents(filled)
    for path in thumbs(filled):
        path.unlink()
    for path in filled.home.glob("local.db*"):
        path.unlink()

    said = filled.here("generate-thumbs", "--json")

    assert said.json["made"] == 4
    assert contents(filled) == before
    assert filled.here("storage-stats", "--json").json["thumbnails"]["complete"] == 4


def test_lost_books_are_written_anew_from_what_is_there(filled: Storage) -> None:
    before = filled.here("storage-stats", "--json").json["thumbnails"]
    for path in filled.home.glob("local.db*"):
        path.unlink()

    filled.here("generate-thumbs")

    assert filled.here("storage-stats", "--json").json["thumbnails"] == before


@pytest.fixture
def undecodable(storage: Storage, source: Path) -> Storage:
    """Give a storage with an archived picture that no decoder can read, and a sound one."""
    write(source / "broken.jpg", BROKEN)
    write(source / "sound.jpg", jpeg(2))
    storage.here("import", source)
    return storage


def test_what_cannot_be_decoded_is_not_tried_again(undecodable: Storage) -> None:
    said = undecodable.here("generate-thumbs", "--json")

    assert (said.status, said.json["given_up"], said.json["failed"]) == (0, 1, 0)


def test_all_tries_again_what_was_given_up(undecodable: Storage) -> None:
    said = undecodable.here("generate-thumbs", "--all", "--json")

    (problem,) = said.json["problems"]
    assert (said.status, said.json["given_up"], said.json["failed"]) == (1, 0, 1)
    assert problem["digest"] == hashlib.sha256(BROKEN).hexdigest()
    assert problem["reason"] == "undecodable"


def test_what_took_too_long_is_tried_again_by_itself(storage: Storage, source: Path) -> None:
    fill(source, 1, side=4000)
    hurried = storage.given(**{TIME: "0.001"})
    assert hurried.here("import", "--json", source).json["warnings"]

    said = storage.here("generate-thumbs", "--json")

    assert (said.status, said.json["made"]) == (0, 1)


def test_a_missing_original_does_not_keep_the_others_from_their_thumbnails(
    filled: Storage,
) -> None:
    for path in thumbs(filled):
        path.unlink()
    gone = filled.originals()[0]
    gone.unlink()

    said = filled.here("generate-thumbs", "--json")

    (problem,) = said.json["problems"]
    assert (said.status, said.json["made"], said.json["failed"]) == (4, 3, 1)
    assert (problem["digest"], problem["reason"]) == (gone.stem, "missing_original")


def test_changed_bytes_get_no_thumbnails(filled: Storage) -> None:
    changed = filled.originals()[0]
    changed.chmod(0o644)
    changed.write_bytes(jpeg(99))
    for path in thumbs(filled):
        path.unlink()

    said = filled.here("generate-thumbs", "--json")

    (problem,) = said.json["problems"]
    assert (said.status, problem["reason"]) == (4, "changed_original")
    assert not [path for path in thumbs(filled) if path.stem == changed.stem]


def test_thumbnails_that_cannot_be_made_again_are_struck_out_of_the_books(
    filled: Storage,
) -> None:
    gone = filled.originals()[0]
    gone.unlink()
    for path in thumbs(filled):
        if path.stem == gone.stem:
            path.unlink()

    filled.here("generate-thumbs")

    assert filled.here("storage-stats", "--json").json["thumbnails"]["complete"] == 3


def test_without_the_nas_it_is_unavailable(filled: Storage) -> None:
    filled.archive.rename(filled.archive.with_name("elsewhere"))

    assert filled.here("generate-thumbs").status == 3


def test_leftovers_of_a_dead_run_are_cleared_away(filled: Storage) -> None:
    left = filled.home / "thumbs" / ".incoming" / "host.dead-0.tiny"
    left.write_bytes(b"half")

    filled.here("generate-thumbs")

    assert not left.exists()


def test_all_thumbnails_are_whole_files_with_their_permissions(filled: Storage) -> None:
    assert {path.stat().st_mode & 0o400 for path in thumbs(filled)} == {0o400}
    assert os.listdir(filled.home / "thumbs" / ".incoming") == []


def test_a_companion_wants_no_thumbnails_but_its_quick_metadata(
    storage: Storage, source: Path
) -> None:
    write(source / "IMG_1.AAE", b'<?xml version="1.0"?>\n<plist version="1.0"><dict/></plist>\n')
    write(source / "IMG_1.JPG", jpeg(1))
    assert storage.here("import", source, "--json").json["imported"] == 2

    assert storage.here("generate-thumbs", "--json").json["sound"] == 2
    for path in thumbs(storage, "metadata"):
        path.unlink()
    assert storage.here("generate-thumbs", "--json").json["made"] == 2
    assert len(thumbs(storage, "metadata")) == 2
    assert len(thumbs(storage, "tiny")) == 1
