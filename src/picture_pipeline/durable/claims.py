"""Temp files that one process fills for all who wait for the same content.

Whoever locks the temp file writes it. The others wait for the lock, and
learn from the file itself what became of it: it got its final name, or it
was given up with a note that says why, or its writer died and it is theirs.
"""

import fcntl
import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from picture_pipeline.durable.files import write_all
from picture_pipeline.durable.locks import lies_at, try_lock

_PAUSES = (0.001, 0.002, 0.005, 0.01, 0.02)
"""Seconds between two looks at a lock; the last one again and again."""
_FINISHED = 0o444
"""The mode of a file that nobody writes any more."""


@dataclass(frozen=True, slots=True)
class GivenUpBy:
    """The writer before us gave up."""

    note: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """The writer before us finished: the content has its final name."""


@dataclass(frozen=True, slots=True)
class Stalled:
    """The writer before us made no progress within the patience."""


@dataclass(slots=True)
class Claim:
    """The right to write one temp file; ended by ``publish``, ``leave`` or ``give_up``."""

    fd: int
    path: Path

    def open_for_writing(self) -> int:
        """Open the file again, for another process; the caller closes it.

        It takes no part in the lock: a process that hangs does not keep it.
        """
        return os.open(self.path, os.O_WRONLY | os.O_CLOEXEC | os.O_NOFOLLOW)

    def publish(self, target: Path) -> None:
        """Give the file its final name, over whatever lies there. Not yet durable."""
        os.fchmod(self.fd, _FINISHED)
        try:
            self.path.replace(target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            self.path.replace(target)
        os.close(self.fd)

    def leave(self) -> None:
        """Remove the file's name; who has it open may read it to its end."""
        os.fchmod(self.fd, _FINISHED)
        self.path.unlink(missing_ok=True)
        os.close(self.fd)

    def give_up(self, note: bytes = b"") -> None:
        """Remove the file; those who wait for it get the note, if there is one."""
        try:
            with suppress(OSError):  # the disk is full: without a note they try themselves
                os.ftruncate(self.fd, 0)
                os.lseek(self.fd, 0, os.SEEK_SET)
                write_all(self.fd, note)
            self.path.unlink(missing_ok=True)
        finally:
            os.close(self.fd)


def take(path: Path, patience: float) -> Claim | GivenUpBy | Done | Stalled:
    """Get the claim on a temp file, empty, or hear what became of the one before.

    ``patience`` in seconds: a writer whose file does not grow for so long has
    stalled. Raises OSError.
    """
    while True:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            if not _wait_for_lock(fd, patience):
                os.close(fd)
                return Stalled()
            if lies_at(path, fd):
                if os.fstat(fd).st_size:  # its writer died
                    os.ftruncate(fd, 0)
                return Claim(fd, path)
            found = _what_became_of(fd)
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)
        if found:
            return found


def clear_leftovers(folder: Path) -> None:
    """Remove temp files whose writers died; those at work are left alone."""
    for path in folder.iterdir():
        try:
            fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            if try_lock(fd) and lies_at(path, fd):
                path.unlink(missing_ok=True)
        finally:
            os.close(fd)


def is_at_work(path: Path) -> bool:
    """Tell whether a process holds the claim on a temp file."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return not try_lock(fd)
    finally:
        os.close(fd)


def hold_in_use(fd: int) -> None:
    """Tell other processes that an open file is being used, until it is closed."""
    fcntl.flock(fd, fcntl.LOCK_SH)


def remove_unless_in_use(path: Path) -> bool:
    """Remove a file; False when somebody holds it in use. One that is gone counts as removed."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return True
    try:
        if not try_lock(fd):
            return False
        path.unlink(missing_ok=True)
    finally:
        os.close(fd)
    return True


def _wait_for_lock(fd: int, patience: float) -> bool:
    size, since, looks = -1, time.monotonic(), 0
    while not try_lock(fd):
        status = os.fstat(fd)
        if not status.st_nlink:
            return True  # given up; its lock may outlive it a little
        if status.st_size != size:
            size, since = status.st_size, time.monotonic()
        if time.monotonic() - since > patience:
            return False
        time.sleep(_PAUSES[min(looks, len(_PAUSES) - 1)])
        looks += 1
    return True


def _what_became_of(fd: int) -> GivenUpBy | Done | None:
    # The name may be gone again by now, so it is the mode that tells.
    if not os.fstat(fd).st_mode & stat.S_IWUSR:
        return Done()
    note = os.pread(fd, 1 << 16, 0)
    return GivenUpBy(note) if note else None
