"""Faults that pass: a read goes on where it stood, and what does not pass ends clean."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from caching import FolderArchive, bytes_of
from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.originals.marker import create_marker
from picture_pipeline.originals.reader import BoundedReader
from picture_pipeline.workers.reading import FileReaders

DATA = bytes_of(1, 400_000)


class Flickering(FileReaders):
    """Readers over which some calls fail, after a part of the bytes was given."""

    def __init__(self, *faults: int) -> None:
        super().__init__(patience=20)
        self.faults = list(faults)

    def read(
        self, root: Path, path: str, start: int = 0, count: int | None = None
    ) -> Iterator[bytes]:
        """Fail as long as there are faults left."""
        chunks = super().read(root, path, start, count)
        yield next(chunks)
        if self.faults:
            number = self.faults.pop()
            raise OSError(number, os.strerror(number))
        yield from chunks


@pytest.fixture
def root(tmp_path: Path) -> Path:
    create_marker(tmp_path / "nas", random_bytes=os.urandom)
    return tmp_path / "nas"


def reading(root: Path, files: FileReaders, pauses: list[float]) -> bytes:
    wanted = FolderArchive(root).put(DATA)
    try:
        archive = BoundedReader(root, files, lambda: None, pauses.append)
        return b"".join(archive.read(wanted.path))
    finally:
        files.close()


@pytest.mark.parametrize("fault", [errno.ESTALE, errno.EIO])
def test_what_passes_is_not_noticed(root: Path, fault: int) -> None:
    pauses: list[float] = []

    assert reading(root, Flickering(fault, fault), pauses) == DATA
    assert len(pauses) == 2


@pytest.mark.parametrize(
    ("fault", "told"), [(errno.ESTALE, "stale handle"), (errno.EIO, "disk or network failed")]
)
def test_what_stays_makes_the_archive_unavailable(root: Path, fault: int, told: str) -> None:
    with pytest.raises(ArchiveUnavailable, match=told):
        reading(root, Flickering(*[fault] * 9), [])


def test_what_will_not_pass_is_not_tried_again(root: Path) -> None:
    pauses: list[float] = []
    with pytest.raises(ArchiveUnavailable):
        reading(root, Flickering(errno.EACCES), pauses)

    assert pauses == []
