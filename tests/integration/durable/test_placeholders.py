"""Files of a size without bytes, and files held by their folder's handle."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from picture_pipeline.durable.held import HeldFile, folders_of
from picture_pipeline.durable.open_files import open_elsewhere
from picture_pipeline.durable.placeholder import (
    TempFile,
    begins_empty,
    clear_leftovers,
    has_gap,
    holds_nothing,
    is_hollow,
    is_mostly_away,
    make_placeholder,
)

DIGEST = "ab" * 32
SIZE = 100_000


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    """Give the handle of a folder that holds one file."""
    (tmp_path / "a.jpg").write_bytes(os.urandom(SIZE))
    os.utime(tmp_path / "a.jpg", ns=(5, 1_234_567_890_123_456_789))
    fd = os.open(tmp_path, os.O_RDONLY)
    yield fd
    os.close(fd)


@pytest.fixture
def held(folder: int) -> Iterator[HeldFile]:
    """Give the file, held open."""
    file = HeldFile.open(folder, b"a.jpg")
    yield file
    file.close()


def test_a_placeholder_has_size_time_and_mode_and_takes_no_space(
    folder: int, held: HeldFile, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").chmod(0o604)
    like = os.fstat(held.fd)

    status = make_placeholder(folder, like, DIGEST).put_over(b"a.jpg")

    now = (tmp_path / "a.jpg").stat()
    assert (now.st_size, now.st_mtime_ns, now.st_mode) == (SIZE, like.st_mtime_ns, like.st_mode)
    assert (now.st_blocks, now.st_ino) == (0, status.st_ino)


def test_a_placeholder_names_what_belongs_there_where_that_costs_nothing(
    folder: int, held: HeldFile, tmp_path: Path
) -> None:
    make_placeholder(folder, held.status, DIGEST).put_over(b"a.jpg")

    try:
        named = os.getxattr(tmp_path / "a.jpg", "user.picture-pipeline.sha256")
    except OSError:
        named = bytes.fromhex(DIGEST)  # no attributes here, or none that are for nothing
    assert named == bytes.fromhex(DIGEST)


def test_a_placeholder_is_hollow_and_a_picture_is_not(folder: int, held: HeldFile) -> None:
    make_placeholder(folder, held.status, DIGEST).put_over(b"a.jpg")
    now = HeldFile.open(folder, b"a.jpg")

    assert (is_hollow(now.fd), begins_empty(now.fd)) == (True, True)
    assert (is_hollow(held.fd), begins_empty(held.fd)) == (False, False)
    now.close()


def test_a_hollow_file_with_a_long_attribute_is_hollow_still(
    folder: int, held: HeldFile, tmp_path: Path
) -> None:
    make_placeholder(folder, held.status, DIGEST).put_over(b"a.jpg")
    try:
        os.setxattr(tmp_path / "a.jpg", "user.long", b"x" * 2000)
    except OSError as error:
        pytest.skip(f"no extended attributes here: {error}")
    file = HeldFile.open(folder, b"a.jpg")

    assert is_hollow(file.fd)
    file.close()


def test_a_partly_sparse_file_is_not_hollow(tmp_path: Path) -> None:
    with (tmp_path / "b").open("wb") as file:
        file.truncate(SIZE * 10)
        file.seek(SIZE * 5)
        file.write(b"data")
    fd = os.open(tmp_path / "b", os.O_RDONLY)

    assert not is_hollow(fd)
    os.close(fd)


@pytest.mark.parametrize(
    ("data", "at", "length", "looks"),
    [
        (b"", 0, 1 << 21, (True, True, True)),
        (bytes(1 << 21), 0, 1 << 21, (True, True, False)),
        (b"Z", 1_500_000, 1 << 21, (False, True, True)),
        (b"Z" * 9000 + bytes(9000) + b"Z" * 9000, 0, 27_000, (False, True, False)),
        (b"Z" * 30_000, 0, 30_000, (False, False, False)),
        (bytes(range(256)) * 100, 0, 25_600, (False, False, False)),
    ],
    ids=["hollow", "zeros", "written into", "with an empty page", "full", "full of all values"],
)
def test_what_is_empty_of_a_file_is_told(
    tmp_path: Path, data: bytes, at: int, length: int, looks: tuple[bool, bool, bool]
) -> None:
    """It holds nothing; it has a gap; it is mostly not on the disk."""
    with (tmp_path / "b").open("w+b") as file:
        file.seek(at)
        file.write(data)
        file.flush()
        file.truncate(length)
        fd = file.fileno()

        assert (holds_nothing(fd), has_gap(fd), is_mostly_away(fd)) == looks


def test_leftovers_of_the_dead_go_and_those_at_work_stay(folder: int, tmp_path: Path) -> None:
    (tmp_path / ".picture-pipeline.0123456789abcdef.tmp").write_bytes(b"left")
    (tmp_path / ".picture-pipeline.not ours.tmp").write_bytes(b"")
    at_work = TempFile.make(folder)

    clear_leftovers(folder)

    assert set(os.listdir(tmp_path)) == {"a.jpg", ".picture-pipeline.not ours.tmp", at_work.name}
    at_work.drop()


def test_a_held_file_lies_there_until_it_is_touched(held: HeldFile, tmp_path: Path) -> None:
    before = held.lies_there()
    with (tmp_path / "a.jpg").open("ab") as file:
        file.write(b"more")

    assert (before, held.lies_there()) == (True, False)


@pytest.mark.parametrize("what", ["replaced", "renamed", "removed"])
def test_a_held_file_that_lost_its_name_does_not_lie_there(
    held: HeldFile, tmp_path: Path, what: str
) -> None:
    file = tmp_path / "a.jpg"
    if what == "removed":
        file.unlink()
    else:
        file.rename(tmp_path / "b.jpg")
    if what == "replaced":
        file.write_bytes(os.urandom(SIZE))
        os.utime(file, ns=(5, 1_234_567_890_123_456_789))

    assert not held.lies_there()


def test_a_link_is_not_held(folder: int, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("a.jpg")

    with pytest.raises(OSError, match="symbolic links"):
        HeldFile.open(folder, b"link")


def test_no_link_below_a_source_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "DCIM").symlink_to(tmp_path / "real")

    with (
        folders_of(os.fsencode(tmp_path / "source")) as folders,
        pytest.raises(OSError, match=r"directory|symbolic"),
    ):
        folders.at(b"DCIM")


def test_files_that_this_process_has_open_are_not_open_elsewhere(held: HeldFile) -> None:
    identity = held.status.st_dev, held.status.st_ino

    assert open_elsewhere([(b"a.jpg", identity)]) == frozenset()
