"""Temp files of one run on the archive's own file system."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from pathlib import Path

from picture_pipeline.durable.files import (
    create,
    open_file,
    open_folder,
    remove,
    seal,
    write_all,
    write_new,
)
from picture_pipeline.durable.reflink import clone
from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.originals.faults import archive_faults
from picture_pipeline.originals.layout import INCOMING

ORIGINAL_MODE = 0o444
SIDECAR_MODE = 0o664


class StagedCopy:
    """A copy being written; exactly one of ``keep`` and ``drop`` ends it."""

    def __init__(self, area: "StagingArea", token: str) -> None:
        self._area = area
        self._name = original_temp(token)
        with archive_faults(area.place):
            self._fd = create(self._name, area.fd)

    def write(self, chunk: bytes) -> None:
        """Append bytes."""
        with archive_faults(self._area.place):
            write_all(self._fd, chunk)

    def clone(self, source: int) -> bool:
        """Share a source's bytes where the file system can; False: nothing was written.

        It is not asked again for a device whose files could not be shared.
        """
        device = os.fstat(source).st_dev
        if device in self._area.unshared:
            return False
        if clone(source, self._fd):
            return True
        self._area.unshared.add(device)
        return False

    def keep(self, mtime_ns: int) -> None:
        """Make it read-only, with its source's modification time; durable after ``settle``."""
        with archive_faults(self._area.place), suppress(PermissionError, OverflowError):
            os.utime(self._fd, ns=(mtime_ns, mtime_ns))
        self._area.later(partial(seal, self._fd, ORIGINAL_MODE))

    def open(self) -> int:
        """Give a descriptor for reading what was written."""
        with archive_faults(self._area.place):
            return open_file(self._name, self._area.fd)

    def drop(self) -> None:
        """Forget it."""
        os.close(self._fd)
        with archive_faults(self._area.place):
            remove(self._name, self._area.fd)


class StagingArea:
    """The open folder ``incoming/<run>``, as a worker or the main process sees it."""

    def __init__(self, place: str, fd: int) -> None:
        self.place = place
        self.fd = fd
        self._disk = ThreadPoolExecutor(1, "staging")
        self._pending: list[Future[None]] = []
        self.unshared: set[int] = set()
        """Devices that share no bytes with this one (``StagedCopy.clone``)."""

    @classmethod
    def open(cls, root: Path, run: str) -> "StagingArea":
        """Open it by its path, for a worker; raises ArchiveUnavailable."""
        try:
            return cls(str(root), open_folder(root / INCOMING / run))
        except OSError as error:
            raise ArchiveUnavailable(
                f"{root}: the archive dropped out ({error.strerror}); "
                "mount it again, then run the command again"
            ) from error

    def copy(self, token: str) -> StagedCopy:
        """Begin the copy of one candidate."""
        return StagedCopy(self, token)

    def sidecar(self, token: str, data: bytes) -> None:
        """Stage a sidecar; durable after ``settle``."""
        self.later(partial(write_new, sidecar_temp(token), data, self.fd, SIDECAR_MODE))

    def later(self, work: Callable[[], None]) -> None:
        """Let the disk work while a picture is decoded."""
        self._pending.append(self._disk.submit(work))

    def settle(self) -> None:
        """Wait until everything staged is durable; raises ArchiveUnavailable."""
        pending, self._pending = self._pending, []
        with archive_faults(self.place):
            for each in pending:
                each.result()

    def rest(self) -> None:
        """Wait for what a candidate that failed left half-staged; what came of it is no matter.

        Else it might turn up after it was dropped, in the way of the next attempt.
        """
        pending, self._pending = self._pending, []
        wait(pending)

    def drop(self, token: str) -> None:
        """Remove what was staged for a candidate; twice does no harm."""
        with archive_faults(self.place):
            remove(sidecar_temp(token), self.fd)
            remove(original_temp(token), self.fd)

    def close(self) -> None:
        """Let go of the folder."""
        self._disk.shutdown()
        os.close(self.fd)


def original_temp(token: str) -> str:
    """Give the temp name of a staged original."""
    return f"{token}.original"


def sidecar_temp(token: str) -> str:
    """Give the temp name of a staged sidecar."""
    return f"{token}.xmp"
