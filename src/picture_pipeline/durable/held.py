"""A file of a source, held by its folder's handle and an open descriptor.

What is done to it is done to this very file: no part of its path is followed
anew, no link is followed at all. Errors are plain OSError.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from picture_pipeline.durable.files import fsync_folder
from picture_pipeline.model.candidate import FileStamp

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY


@dataclass(frozen=True, slots=True)
class HeldFile:
    """An open file, and its status when it was opened; ``close`` lets go of it."""

    folder: int
    name: bytes
    fd: int
    status: os.stat_result

    @classmethod
    def open(cls, folder: int, name: bytes) -> "HeldFile":
        """Open a file of an open folder; the folder stays the caller's."""
        fd = os.open(name, _FILE, dir_fd=folder)
        return cls(folder, name, fd, os.fstat(fd))

    def close(self) -> None:
        """Let go of it."""
        os.close(self.fd)

    @property
    def stamp(self) -> FileStamp:
        """What it was known by when it was opened."""
        return FileStamp.of(self.status)

    @property
    def is_regular(self) -> bool:
        """Whether it is a file at all."""
        return stat.S_ISREG(self.status.st_mode)

    def lies_there(self) -> bool:
        """Tell whether it is unchanged since it was opened, and still has its name."""
        try:
            named = os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return (
            os.path.samestat(named, self.status)
            and FileStamp.of(os.fstat(self.fd)) == self.stamp
            and FileStamp.of(named) == self.stamp
        )

    def sha256(self) -> str:
        """Read it whole."""
        with open(os.dup(self.fd), "rb") as file:
            file.seek(0)
            return hashlib.file_digest(file, "sha256").hexdigest()

    def remove(self) -> None:
        """Take its name away; durable when this returns."""
        os.unlink(self.name, dir_fd=self.folder)
        fsync_folder(self.folder)

    def status_now(self) -> os.stat_result:
        """Give the status of what has its name now."""
        return os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)


def open_below(root: bytes, folder: bytes) -> int:
    """Open a folder below a root, following no link below it; the caller closes it."""
    fd = os.open(root, _FOLDER)
    for part in folder.split(b"/") if folder else ():
        try:
            below = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=fd)
        finally:
            os.close(fd)
        fd = below
    return fd


class Folders:
    """Open folders of one source, each opened once; ``close`` closes them."""

    def __init__(self, root: bytes) -> None:
        self._root = root
        self._open: dict[bytes, int] = {}

    def at(self, folder: bytes) -> int:
        """Give a folder's handle."""
        if folder not in self._open:
            self._open[folder] = open_below(self._root, folder)
        return self._open[folder]

    def close(self) -> None:
        """Close all of them."""
        for fd in self._open.values():
            os.close(fd)
        self._open.clear()


@contextmanager
def folders_of(root: bytes) -> Iterator[Folders]:
    """Give a source's folders for a while."""
    folders = Folders(root)
    try:
        yield folders
    finally:
        folders.close()
