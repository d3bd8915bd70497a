"""Files that are replaced or go while they are read, and impostors in the archive."""

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from hostile import dated
from installed import Said, Storage
from pictures import jpeg, picture, write

ROUNDS = 2
LARGE = [picture(number, "BMP", 1200) for number in (1, 2)]
TAKEN = "2024:03:15 10:11:12"
DAY = "originals/2024/03/15"


@contextmanager
def going_on(act: Callable[[int], None]) -> Iterator[None]:
    """Do something again and again in the background."""
    over = threading.Event()

    def run() -> None:
        for number in count():
            if over.is_set():
                return
            act(number)

    busy = threading.Thread(target=run)
    busy.start()
    try:
        yield
    finally:
        over.set()
        busy.join()


def replacing(source: Path) -> Callable[[int], None]:
    """Put another inode in the place of a file, its bytes by turns these and those."""

    def act(number: int) -> None:
        beside = source.parent / "new"
        beside.write_bytes(LARGE[number % 2])
        beside.replace(source / "a.bmp")

    return act


def coming_and_going(source: Path) -> Callable[[int], None]:
    def act(number: int) -> None:
        (source / "b.bmp").write_bytes(LARGE[number % 2])
        (source / "b.bmp").unlink()

    return act


def archived(storage: Storage) -> set[str]:
    """Give the digests of what lies in the archive, by its bytes."""
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in storage.originals()}


def adds_up(said: Said) -> bool:
    parts = ("imported", "duplicate", "skipped", "rejected", "failed")
    return bool(said.json["seen"] == sum(said.json[part] for part in parts))


@pytest.mark.parametrize("acting", [replacing, coming_and_going])
def test_a_file_that_will_not_stay_is_whole_or_not_there(
    storage: Storage, source: Path, acting: Callable[[Path], Callable[[int], None]]
) -> None:
    write(source / "still.jpg", jpeg(1))

    with going_on(acting(source)):
        runs = [storage.call("import", "--json", source) for _ in range(ROUNDS)]

    whole = {hashlib.sha256(data).hexdigest() for data in (*LARGE, jpeg(1))}
    begun = {hashlib.sha256(LARGE[0][:cut]).hexdigest() for cut in (0, len(LARGE[0]))}
    reasons = {problem["reason"] for said in runs for problem in said.json["problems"]}
    assert all(adds_up(said) and said.status in {0, 1} for said in runs)
    assert reasons <= {"changed_while_reading", "vanished", "unreadable", "empty", "placeholder"}
    assert archived(storage) <= whole | begun
    assert not storage.incoming()


@pytest.fixture
def planted(storage: Storage, source: Path) -> Path:
    """Give where an original will be archived; the archive is there already."""
    write(source / "first.jpg", dated(1, TAKEN))
    assert storage.here("import", source).status == 0
    data = dated(2, TAKEN)
    write(source / "second.jpg", data)
    return storage.archive / DAY / f"{hashlib.sha256(data).hexdigest()}.jpg"


def test_other_bytes_in_an_originals_place_are_left_and_told(
    storage: Storage, source: Path, planted: Path
) -> None:
    planted.write_bytes(b"an impostor")

    said = storage.call("import", source)

    assert (said.status, planted.read_bytes()) == (4, b"an impostor")
    assert str(planted) in said.err


def test_a_link_in_an_originals_place_is_neither_followed_nor_replaced(
    tmp_path: Path, storage: Storage, source: Path, planted: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(dated(2, TAKEN))
    planted.symlink_to(outside)

    said = storage.call("import", source)

    assert (said.status, os.readlink(planted)) == (4, str(outside))  # noqa: PTH115 - as it was


def test_once_the_impostor_is_moved_away_the_import_goes_on(
    storage: Storage, source: Path, planted: Path
) -> None:
    planted.write_bytes(b"an impostor")
    storage.call("import", source)
    planted.unlink()

    said = storage.call("import", "--json", source)

    assert said.status == 0
    assert hashlib.sha256(planted.read_bytes()).hexdigest() == planted.stem
