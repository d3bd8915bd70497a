"""The archive's trash: originals whose import was taken back, until a person empties it.

``.picture-pipeline/trash/<day>-run<N>/originals/YYYY/MM/DD/`` holds originals
and sidecars as they lay in the archive; ``<batch>.json`` beside that
``originals`` says what was booked of them (docs/format.md).
"""

import hashlib
import os
import re
from collections.abc import Iterator
from itertools import count

from picture_pipeline.durable.files import (
    fsync_folder_at,
    is_regular,
    make_folder,
    make_folders,
    open_file,
    read,
    remove,
)
from picture_pipeline.durable.moving import remove_empty_folders, remove_tree
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.run import RunId
from picture_pipeline.model.undoing import OnDisk, TrashFolder
from picture_pipeline.originals.faults import archive_faults
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.layout import CONTROL, sidecar_path
from picture_pipeline.originals.marker import FOLDER_MODE

TRASH = f"{CONTROL}/trash"
RECORD = ".json"
_FOLDER = re.compile(r"(\d{4}-\d{2}-\d{2})-run(\d+)(?:-\d+)?")
_INGESTED = re.compile(rb"<pp:ingestedAt>([^<]*)</pp:ingestedAt>")


class Trash:
    """Looks at the trash, begins and empties its folders; the store moves originals there."""

    def __init__(self, archive: ArchiveHandle) -> None:
        self._fd = archive.fd
        self._place = str(archive.root)

    def state(self, path: str) -> OnDisk:
        """Tell what lies in the archive of the original at ``path``."""
        with archive_faults(self._place):
            sidecar = self._read(sidecar_path(path))
            found = _INGESTED.search(sidecar or b"")
            return OnDisk(
                present=self._lies_at(path),
                sidecar_sha256=hashlib.sha256(sidecar).hexdigest() if sidecar else None,
                ingested_at=found[1].decode(errors="replace") if found else None,
            )

    def begin(self, day: str, run: RunId) -> str:
        """Make a folder for what leaves now; gives its path relative to the archive's root."""
        with archive_faults(self._place):
            make_folders(TRASH.split("/"), self._fd, FOLDER_MODE)
            for number in count(1):
                again = f"-{number}" if number > 1 else ""
                path = f"{TRASH}/{day}-run{run}{again}"
                if make_folder(path, self._fd, FOLDER_MODE):
                    fsync_folder_at(TRASH, self._fd)
                    return path
            raise AssertionError  # count() does not end

    def records(self, run: RunId) -> Iterator[tuple[str, str, bytes]]:
        """Give what was booked of a run's originals, as (folder, batch, data)."""
        with archive_faults(self._place):
            for path, _, number in self._paths():
                if number != run:
                    continue
                for name in sorted(self._names(path)):
                    if name.endswith(RECORD):
                        batch = name.removesuffix(RECORD)
                        yield path, batch, read(f"{path}/{name}", self._fd)

    def holds(self, folder: str, path: str, digest: Digest) -> bool:
        """Tell whether an original lies in the trash with the bytes that its digest names."""
        with archive_faults(self._place):
            try:
                fd = open_file(f"{folder}/{path}", self._fd)
            except (FileNotFoundError, NotADirectoryError):
                return False
            with open(fd, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest

    def settle(self, folder: str, batch: str) -> None:
        """Remove the record of originals that are all back, and folders that are empty now."""
        with archive_faults(self._place):
            remove(f"{folder}/{batch}{RECORD}", self._fd)
            remove_empty_folders(folder, self._fd)

    def tidy(self, folder: str) -> None:
        """Remove a folder when nothing is in it."""
        with archive_faults(self._place):
            remove_empty_folders(folder, self._fd)

    def folders(self) -> Iterator[TrashFolder]:
        """Give all folders of the trash, oldest first, with what they hold."""
        with archive_faults(self._place):
            for path, day, run in self._paths():
                sizes = dict(self._sizes(path))
                originals = (name for name in sizes if not name.endswith((".xmp", RECORD)))
                yield TrashFolder(path, run, day, sum(1 for _ in originals), sum(sizes.values()))

    def digests(self, folder: str) -> Iterator[Digest]:
        """Give the digests of the originals in a folder."""
        with archive_faults(self._place):
            for path, _ in self._sizes(folder):
                name = path.rpartition("/")[2]
                if not name.endswith((".xmp", RECORD)):
                    yield Digest(name.partition(".")[0])

    def empty(self, folder: str) -> None:
        """Remove a folder for good; originals first, records last."""
        with archive_faults(self._place):
            remove_tree(folder, self._fd)
            fsync_folder_at(TRASH, self._fd)

    def _paths(self) -> Iterator[tuple[str, str, RunId]]:
        for name in sorted(self._names(TRASH)):
            named = _FOLDER.fullmatch(name)
            if named:
                yield f"{TRASH}/{name}", named[1], RunId(int(named[2]))

    def _names(self, path: str) -> list[str]:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=self._fd)
        except FileNotFoundError:
            return []
        try:
            return os.listdir(fd)
        finally:
            os.close(fd)

    def _sizes(self, path: str) -> Iterator[tuple[str, int]]:
        for root, _, names, folder in os.fwalk(path, dir_fd=self._fd):
            for name in names:
                yield f"{root}/{name}", os.stat(name, dir_fd=folder, follow_symlinks=False).st_size

    def _read(self, path: str) -> bytes | None:
        try:
            return read(path, self._fd)
        except FileNotFoundError:
            return None

    def _lies_at(self, path: str) -> bool:
        try:
            return is_regular(path, self._fd)
        except NotADirectoryError:
            return False
