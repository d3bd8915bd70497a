"""Locks between processes of one computer, released by the system when one dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file exclusively; waits for it. The file stays behind, empty."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


class LiveMark:
    """Tells other processes of this computer that a run is alive.

    ``LiveMark.hold`` keeps a lock until ``close`` (or the process's death);
    ``LiveMark.is_alive`` asks for it without waiting.
    """

    def __init__(self, fd: int, path: Path) -> None:
        self._fd = fd
        self._path = path

    @classmethod
    def hold(cls, path: Path) -> "LiveMark":
        """Make the mark and hold it."""
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return cls(fd, path)

    def close(self) -> None:
        """Let go of the mark and remove it."""
        self._path.unlink(missing_ok=True)
        os.close(self._fd)

    @staticmethod
    def is_alive(path: Path) -> bool:
        """Tell whether a process still holds the mark."""
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(fd)
        return False
