"""Every ArchiveReader gives originals in pieces, and says what is wrong."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from caching import FolderArchive, bytes_of
from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.originals.marker import create_marker
from picture_pipeline.originals.reader import BoundedReader
from picture_pipeline.ports.caching import ArchiveReader
from picture_pipeline.workers.reading import FileReaders

DATA = bytes_of(1, 300_000)
IMPLEMENTATIONS = ("in this process", "bounded")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    create_marker(tmp_path / "nas", random_bytes=os.urandom)
    return tmp_path / "nas"


@pytest.fixture(params=IMPLEMENTATIONS)
def archive(request: pytest.FixtureRequest, root: Path) -> Iterator[ArchiveReader]:
    if request.param == "in this process":
        yield FolderArchive(root)
        return
    files = FileReaders(patience=20)
    yield BoundedReader(root, files, lambda: None)
    files.close()


@pytest.fixture
def path(root: Path) -> str:
    return FolderArchive(root).put(DATA).path


def test_an_original_comes_whole(archive: ArchiveReader, path: str) -> None:
    assert b"".join(archive.read(path)) == DATA


@pytest.mark.parametrize(("start", "count"), [(0, 10), (299_990, 50), (400_000, 5), (7, None)])
def test_a_part_is_what_lies_there(
    archive: ArchiveReader, path: str, start: int, count: int | None
) -> None:
    end = None if count is None else start + count

    assert b"".join(archive.read(path, start, count)) == DATA[start:end]


def test_a_copy_tells_what_it_wrote(archive: ArchiveReader, path: str, tmp_path: Path) -> None:
    with (tmp_path / "copy").open("w+b") as copy:
        told = 0
        for size in archive.copy(path, copy.fileno()):
            told += size
            assert os.pread(copy.fileno(), size, told - size) == DATA[told - size : told]

    assert told == len(DATA)


def test_an_original_that_is_not_there_breaks_integrity(archive: ArchiveReader) -> None:
    with pytest.raises(IntegrityError, match="missing"):
        list(archive.read("originals/2024/01/02/none.jpg"))


def test_the_bounded_one_says_when_the_marker_is_not_there(root: Path) -> None:
    files = FileReaders(patience=20)
    (root / ".picture-pipeline" / "archive.json").unlink()

    with pytest.raises(ArchiveUnavailable, match="mount the NAS"):
        list(BoundedReader(root, files, lambda: None).read("originals/none.jpg"))

    files.close()


def test_the_bounded_one_says_when_it_is_another_archive(root: Path) -> None:
    files = FileReaders(patience=20)

    with pytest.raises(ArchiveUnavailable, match="belongs to archive"):
        list(BoundedReader(root, files, lambda: "f" * 32).read("originals/none.jpg"))

    files.close()
