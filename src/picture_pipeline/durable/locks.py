"""Locks between processes of one computer, released by the system when one dies."""

import errno
import fcntl
import os
import time
from pathlib import Path

_TRIES = 50
_PAUSE = 0.01
"""Seconds; whoever asks for a mark, or clears it, holds its lock for an instant."""


class LiveMark:
    """Tells other processes of this computer that a run is alive.

    ``LiveMark.hold`` keeps a lock until ``close`` (or the process's death);
    ``LiveMark.is_alive`` asks for it without waiting, ``LiveMark.clear``
    removes the mark of a run that died.
    """

    def __init__(self, fd: int, path: Path) -> None:
        self._fd = fd
        self._path = path

    @classmethod
    def hold(cls, path: Path) -> "LiveMark":
        """Make the mark and hold it; raises BlockingIOError when another run does."""
        for _ in range(_TRIES):
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            # The file may be cleared away between being made and being locked.
            if try_lock(fd) and lies_at(path, fd):
                return cls(fd, path)
            os.close(fd)
            time.sleep(_PAUSE)
        raise BlockingIOError(errno.EWOULDBLOCK, "another run holds the mark", str(path))

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
            return not try_lock(fd)
        finally:
            os.close(fd)

    @staticmethod
    def clear(path: Path) -> None:
        """Remove a mark that no process holds; nothing happens to one that is held."""
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            if try_lock(fd) and lies_at(path, fd):
                path.unlink(missing_ok=True)
        finally:
            os.close(fd)


def try_lock(fd: int) -> bool:
    """Get the lock of an open file at once, or not at all."""
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lies_at(path: Path, fd: int) -> bool:
    """Tell whether an open file still lies at its path; no link is followed."""
    try:
        return os.path.samestat(path.stat(follow_symlinks=False), os.fstat(fd))
    except FileNotFoundError:
        return False
