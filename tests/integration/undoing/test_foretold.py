"""What ``import --dry-run`` says, and what an import right after it does."""

import os
from pathlib import Path
from typing import Any

import pytest

from installed import Storage
from pictures import jpeg, photo, write
from zips import DEFLATED, write_zip

AGREEING = (
    *("seen", "imported", "duplicate", "skipped", "rejected", "failed", "bytes_imported"),
    "problems",
)
State = dict[str, tuple[int, int, bytes]]


def shot(number: int) -> bytes:
    return photo(number, taken=f"2024:03:15 12:00:0{number}")


def state(*folders: Path) -> State:
    """Give every entry below some folders: mode, modification time, content."""
    found: State = {}
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            status = path.lstat()
            content = path.read_bytes() if path.is_file() else b""
            if path.name.endswith("-shm"):
                continue  # SQLite's shared memory: an index, made again by whoever reads
            found[str(path)] = (status.st_mode, status.st_mtime_ns if content else 0, content)
    return found


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """A folder with duplicates, companions, files that are refused, and one cut short."""
    folder = tmp_path / "mixed"
    write(folder / "IMG_0001.JPG", shot(1))
    write(folder / "IMG_0001.AAE", b'<?xml version="1.0"?><plist version="1.0"><dict/></plist>')
    write(folder / "album" / "again.jpg", shot(1))
    write(folder / "IMG_0002.JPG", shot(2))
    write(folder / "cut.jpg", shot(3)[:-200])
    write(folder / "notes.txt", b"no picture")
    write(folder / "empty.jpg", b"")
    write(bytes(folder) + b"/n\xf6tes.jpg", jpeg(4))
    (folder / "link.jpg").symlink_to("IMG_0002.JPG")
    os.mkfifo(folder / "pipe")
    return folder


def compared(storage: Storage, *arguments: str | Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Foretell an import, then do it."""
    foretold = storage.here("import", "--dry-run", "--json", "-q", *arguments)
    done = storage.here("import", "--json", "-q", *arguments)
    assert foretold.status == done.status, foretold.err
    return foretold.json, done.json


def assert_agree(foretold: dict[str, Any], done: dict[str, Any]) -> None:
    assert {key: foretold[key] for key in AGREEING} == {key: done[key] for key in AGREEING}
    assert foretold.keys() - done.keys() == {"dry_run", "free_bytes", "fits"}
    assert (foretold["dry_run"], foretold["run"]) == (True, None)


def test_a_mixed_folder_is_foretold_as_it_is_taken_in(storage: Storage, mixed: Path) -> None:
    foretold, done = compared(storage, mixed)

    assert_agree(foretold, done)
    assert done["duplicate"] > 0
    assert done["rejected"] >= 2


def test_two_overlapping_sources_are_foretold_as_they_are_taken_in(
    storage: Storage, mixed: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    write(other / "x.jpg", shot(2))
    write(other / "y.jpg", shot(5))

    foretold, done = compared(storage, mixed, other)

    assert_agree(foretold, done)
    assert [source["imported"] for source in foretold["sources"]] == [done["imported"] - 1, 1]


def test_what_is_archived_already_is_foretold_as_a_duplicate(
    storage: Storage, mixed: Path, tmp_path: Path
) -> None:
    storage.here("import", "-q", mixed)
    other = tmp_path / "other"
    write(other / "x.jpg", shot(2))
    write(other / "y.jpg", shot(5))

    assert_agree(*compared(storage, mixed, other))


def test_a_takeout_in_zips_is_foretold_as_it_is_taken_in(storage: Storage, tmp_path: Path) -> None:
    below = "Takeout/Google Photos/Photos from 2024/"
    note = b'{"title": "a.jpg", "photoTakenTime": {"timestamp": "1710500000"}}'
    first = {below + "a.jpg": shot(1), below + "a.jpg.supplemental-metadata.json": note}
    second = {below + "b.jpg": shot(2), below + "c.jpg": shot(1), below + "d.txt": b"no"}
    for number, members in enumerate((first, second), 1):
        write_zip(tmp_path / "out" / f"takeout-20240101T000000Z-00{number}.zip", members, DEFLATED)

    foretold, done = compared(storage, tmp_path / "out", "--source", "takeout")

    assert_agree(foretold, done)
    assert done["imported"] >= 2


def test_where_nothing_was_made_yet_a_dry_run_makes_nothing(storage: Storage, mixed: Path) -> None:
    before = state(mixed.parent)

    assert storage.here("import", "--dry-run", "-q", mixed).status in {0, 1}

    assert state(mixed.parent) == before
    assert not storage.home.exists()


def test_where_a_storage_is_a_dry_run_changes_no_byte_of_it(
    storage: Storage, mixed: Path, tmp_path: Path
) -> None:
    storage.here("import", "-q", mixed)
    other = tmp_path / "other"
    write(other / "y.jpg", shot(5))
    books = (storage.here("imports", "--json").json, storage.here("sources", "--json").json)
    before = state(storage.archive, storage.home / "thumbs", mixed, other)

    foretold = storage.here("import", "--dry-run", "--json", "-q", mixed, other)

    assert foretold.json["imported"] == 1
    assert state(storage.archive, storage.home / "thumbs", mixed, other) == before
    assert (
        storage.here("imports", "--json").json,
        storage.here("sources", "--json").json,
    ) == books


def test_a_dry_run_of_what_is_not_there_is_refused(storage: Storage, tmp_path: Path) -> None:
    assert storage.here("import", "--dry-run", tmp_path / "nowhere").status == 2
    assert not storage.home.exists()
