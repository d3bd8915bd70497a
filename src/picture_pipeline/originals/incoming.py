"""``incoming/``: one folder for each run, with its staged files and redo records."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from picture_pipeline.durable.files import (
    fsync_folder,
    make_folder,
    open_folder,
    publish,
    read,
    remove,
    remove_folder_of_files,
    write_new,
)
from picture_pipeline.originals.faults import archive_faults
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.layout import INCOMING
from picture_pipeline.originals.staging import StagingArea

_REDO = ".redo"


class Incoming:
    """Folders of runs below ``incoming/``, relative to the archive's handle."""

    def __init__(self, archive: ArchiveHandle) -> None:
        self._place = str(archive.root)
        self._archive_fd = archive.fd
        self._areas: dict[str, StagingArea] = {}

    def begin(self, staging: str) -> None:
        """Make the folder of a run."""
        with self._parent() as parent:
            make_folder(staging, parent)
            fsync_folder(parent)

    def area(self, staging: str) -> StagingArea:
        """Give the open folder of a run; it stays open until ``end`` or ``close``."""
        if staging not in self._areas:
            with archive_faults(self._place):
                fd = open_folder(f"{INCOMING}/{staging}", self._archive_fd)
            self._areas[staging] = StagingArea(self._place, fd)
        return self._areas[staging]

    def end(self, staging: str) -> None:
        """Remove the folder of a run with all that is left in it; twice does no harm.

        One that holds a redo record stays: its batch is announced, so it must
        be finished, also when the run that announced it gave up.
        """
        if staging in self._areas:
            self._areas.pop(staging).close()
        with self._parent() as parent:
            if not self._redo_names(staging, parent):
                remove_folder_of_files(staging, parent)

    def close(self) -> None:
        """Let go of all folders."""
        for area in self._areas.values():
            area.close()
        self._areas.clear()

    def stagings(self) -> list[tuple[str, float]]:
        """List the runs' folders with their modification times (seconds since 1970)."""
        with self._parent() as parent:
            found = [(name, _status(name, parent)) for name in sorted(os.listdir(parent))]
        return [
            (name, status.st_mtime)
            for name, status in found
            if status is not None and stat.S_ISDIR(status.st_mode)
        ]

    def write_redo(self, staging: str, batch: str, data: bytes) -> None:
        """Write what is about to be published, durable before this returns."""
        area = self.area(staging)
        with archive_faults(self._place):
            temp = f"{batch}.tmp"
            write_new(temp, data, area.fd)
            publish(temp, area.fd, batch + _REDO, area.fd)
            fsync_folder(area.fd)

    def remove_redo(self, staging: str, batch: str) -> None:
        """Remove a redo record whose batch is booked; twice does no harm."""
        with self._parent() as parent:
            remove(f"{staging}/{batch}{_REDO}", parent)

    def redos(self) -> Iterator[tuple[str, str, bytes]]:
        """Give all redo records as (staging, batch, data).

        Runs may end, and remove theirs, while this goes on: theirs are done.
        """
        for staging, _ in self.stagings():
            with self._parent() as parent:
                names = self._redo_names(staging, parent)
                records = [(name, _read(f"{staging}/{name}", parent)) for name in names]
            for name, data in records:
                if data is not None:
                    yield staging, name.removesuffix(_REDO), data

    @staticmethod
    def _redo_names(staging: str, parent: int) -> list[str]:
        try:
            folder = open_folder(staging, parent)
        except FileNotFoundError:
            return []
        try:
            return sorted(name for name in os.listdir(folder) if name.endswith(_REDO))
        finally:
            os.close(folder)

    @contextmanager
    def _parent(self) -> Iterator[int]:
        with archive_faults(self._place):
            parent = open_folder(INCOMING, self._archive_fd)
            try:
                yield parent
            finally:
                os.close(parent)


def _status(name: str, parent: int) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _read(path: str, parent: int) -> bytes | None:
    try:
        return read(path, parent)
    except FileNotFoundError:
        return None
