"""The same bytes are archived once; every place they were seen at is on record."""

import hashlib
import os
import re
import shutil
from pathlib import Path

import pytest

from installed import Said, Storage
from pictures import jpeg, write

PICTURE = jpeg(1)
DIGEST = hashlib.sha256(PICTURE).hexdigest()
DAY = 86_400


def copy_to(folder: Path, name: str, day: int = 0) -> None:
    write(folder / name, PICTURE)
    os.utime(folder / name, (day * DAY, day * DAY))


def sightings(storage: Storage) -> set[tuple[str, str]]:
    shown = storage.here("show", DIGEST, "--json").json["sightings"]
    return {(one["source"], one["path"]) for one in shown}


def counts(said: Said) -> tuple[object, ...]:
    return tuple(said.json[key] for key in ("imported", "duplicate", "skipped", "failed"))


def test_copies_in_one_run_are_archived_once_and_all_seen(storage: Storage, source: Path) -> None:
    for name in ("a.jpg", "b.jpg", "deep/c.jpg"):
        copy_to(source, name)

    said = storage.here("import", "--json", source)

    assert counts(said) == (1, 2, 0, 0)
    assert [path.stem for path in storage.originals()] == [DIGEST]
    assert sightings(storage) == {(str(source), n) for n in ("a.jpg", "b.jpg", "deep/c.jpg")}


def test_copies_in_another_run_and_source_are_seen_there_too(
    storage: Storage, tmp_path: Path
) -> None:
    copy_to(tmp_path / "phone", "IMG_1.JPG")
    copy_to(tmp_path / "card", "DCIM/IMG_1.JPG")

    first = storage.here("import", "--json", tmp_path / "phone")
    second = storage.here("import", "--json", f"card={tmp_path / 'card'}")

    assert (counts(first), counts(second)) == ((1, 0, 0, 0), (0, 1, 0, 0))
    assert sightings(storage) == {
        (str(tmp_path / "phone"), "IMG_1.JPG"),
        ("card", "DCIM/IMG_1.JPG"),
    }


def test_a_duplicate_counts_no_bytes(storage: Storage, source: Path) -> None:
    copy_to(source, "a.jpg")
    storage.here("import", source)
    copy_to(source, "b.jpg")

    assert storage.here("import", "--json", source).json["bytes_imported"] == 0


def test_a_known_duplicate_is_never_written(storage: Storage, source: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("strace is not installed")
    copy_to(source, "a.jpg")
    storage.here("import", source)
    copy_to(source, "b.jpg")
    log = storage.home.parent / "trace"

    said = storage.call(
        "import", "--json", source, before=(strace, "-f", "-e", "trace=openat", "-o", str(log))
    )

    assert counts(said) == (0, 1, 1, 0)
    assert re.search(r'b\.jpg", O_RDONLY', log.read_text())
    assert ".original" not in log.read_text()


def test_a_file_of_the_same_size_and_other_bytes_is_archived(
    storage: Storage, source: Path
) -> None:
    write(source / "a.jpg", PICTURE + b"1")
    storage.here("import", source)
    write(source / "b.jpg", PICTURE + b"2")

    assert counts(storage.here("import", "--json", source)) == (1, 0, 1, 0)


@pytest.mark.parametrize("days", [(10, 20, 30), (30, 20, 10)])
def test_without_a_date_inside_the_first_name_decides_the_day(
    storage: Storage, source: Path, days: tuple[int, int, int]
) -> None:
    for name, day in zip(("a.jpg", "b.jpg", "c.jpg"), days, strict=True):
        copy_to(source, name, day)

    storage.here("import", source)

    (original,) = storage.originals()
    assert original.parent.name == {10: "11", 30: "31"}[days[0]]  # the day 0 is January 1st


def test_a_file_that_comes_back_with_other_bytes_is_a_new_original(
    storage: Storage, source: Path
) -> None:
    copy_to(source, "a.jpg")
    storage.here("import", source)
    write(source / "a.jpg", jpeg(2))

    said = storage.here("import", "--json", source)

    assert counts(said) == (1, 0, 0, 0)
    assert len(storage.originals()) == 2
    assert sightings(storage) == {(str(source), "a.jpg")}


def test_sources_are_left_as_they_were(storage: Storage, source: Path) -> None:
    copy_to(source, "a.jpg", day=5)
    copy_to(source, "deep/b.jpg", day=6)
    before = {path: path.lstat() for path in source.rglob("*")}

    storage.here("import", source)
    storage.here("import", "--retry", source)

    after = {path: path.lstat() for path in source.rglob("*")}
    assert after.keys() == before.keys()
    for path, status in before.items():
        assert after[path].st_mtime_ns == status.st_mtime_ns
        assert after[path].st_ctime_ns == status.st_ctime_ns
