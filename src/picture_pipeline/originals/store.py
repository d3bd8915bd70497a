"""Write-once store of originals and sidecars."""

import hashlib
import os
from collections.abc import Iterator, Sequence

from picture_pipeline.durable.files import (
    exchange,
    fsync_folder,
    is_regular,
    make_folders,
    open_file,
    open_folder,
    publish,
    read,
    remove,
    replace,
    write_new,
)
from picture_pipeline.errors import IntegrityError
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.trashed import Trashed
from picture_pipeline.originals.faults import archive_faults, unavailable
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.layout import sidecar_path, split
from picture_pipeline.originals.marker import FOLDER_MODE
from picture_pipeline.originals.moving import move_away, move_back
from picture_pipeline.originals.staging import (
    SIDECAR_MODE,
    StagingArea,
    original_temp,
    sidecar_temp,
)

_CHUNK = 1 << 20


class OriginalStore:
    """Publishes staged originals under their digests; nothing is ever overwritten.

    Not safe for two processes at once: callers hold the publishing lock.
    """

    def __init__(self, archive: ArchiveHandle, incoming: Incoming) -> None:
        self._archive = archive
        self._incoming = incoming
        self._place = str(archive.root)
        self._touched: dict[str, int] = {}

    def check(self) -> None:
        """Make sure the archive is still mounted; raises ArchiveUnavailable."""
        self._archive.check()

    def publish(self, staging: str, token: str, digest: Digest, path: str) -> str:
        """Give the staged sidecar, then the staged original, their final names.

        May be called again after a crash at any point. Returns the SHA-256 of
        the sidecar that lies there now: one that was there before is kept.
        Raises IntegrityError when other bytes lie at the original's place.
        """
        area = self._incoming.area(staging)
        with archive_faults(self._place):
            folder, name = split(path)
            target = self._folder(folder)
            sidecar = split(sidecar_path(path))[1]
            self._link(area, sidecar_temp(token), sidecar, target)
            if not self._link(area, original_temp(token), name, target):
                self._must_hold(digest, name, target, path)
            area.drop(token)
            return hashlib.sha256(read(sidecar, target)).hexdigest()

    def amend(self, staging: str, token: str, sidecar: bytes) -> None:
        """Replace a staged sidecar, durable when this returns; raises ArchiveUnavailable."""
        with archive_faults(self._place):
            replace(sidecar_temp(token), sidecar, self._incoming.area(staging).fd, SIDECAR_MODE)

    def read_sidecar(self, path: str) -> bytes | None:
        """Give the sidecar of the original at ``path``; None when there is none."""
        with archive_faults(self._place):
            try:
                return read(sidecar_path(path), self._archive.fd)
            except FileNotFoundError:
                return None

    def replace_sidecar(self, staging: str, path: str, before: str, data: bytes) -> bool:
        """Replace a sidecar whose SHA-256 is still ``before``; durable when this returns.

        True also when it was replaced already, False when it is another
        program's by now: then it is left alone.
        """
        folder, name = split(sidecar_path(path))
        with archive_faults(self._place):
            there = self.read_sidecar(path)
            if there == data:
                return True
            if there is None or hashlib.sha256(there).hexdigest() != before:
                return False
            area = self._incoming.area(staging)
            remove(name, area.fd)
            write_new(name, data, area.fd, SIDECAR_MODE)
            handle = open_folder(folder, self._archive.fd)
            try:
                exchange(name, area.fd, name, handle)
            finally:
                os.close(handle)
            return True

    def put_away(self, batch: str, record: bytes, removed: Sequence[Trashed]) -> None:
        """Move originals and sidecars into the trash, with what was booked of them."""
        with archive_faults(self._place):
            for folder in sorted({one.folder for one in removed}):
                make_folders(folder.split("/"), self._archive.fd, FOLDER_MODE)
                _note(f"{batch}.json", record, folder, self._archive.fd)
            moves = [(o.original.path, f"{o.folder}/{o.original.path}") for o in removed]
            move_away(moves, self._archive.fd)

    def bring_back(self, restored: Sequence[Trashed]) -> None:
        """Move originals and sidecars back from the trash."""
        with archive_faults(self._place):
            moves = [(f"{o.folder}/{o.original.path}", o.original.path) for o in restored]
            move_back(moves, self._archive.fd)

    def can_finish(self, staging: str, token: str, path: str) -> bool:
        """Tell whether a batch cut short can still be finished for this original."""
        area = self._incoming.area(staging)
        with archive_faults(self._place):
            wanted = (
                (original_temp(token), path),
                (sidecar_temp(token), sidecar_path(path)),
            )
            return all(is_regular(temp, area.fd) or self._lies_at(final) for temp, final in wanted)

    def _lies_at(self, path: str) -> bool:
        try:
            return is_regular(path, self._archive.fd)
        except NotADirectoryError:
            return False

    @staticmethod
    def _link(area: StagingArea, temp: str, name: str, target: int) -> bool:
        try:
            return publish(temp, area.fd, name, target)
        except FileNotFoundError:
            # The temp file went to its place before a crash: nothing left to do here.
            return False

    def _folder(self, folder: str) -> int:
        if folder not in self._touched:
            make_folders(folder.split("/"), self._archive.fd, FOLDER_MODE)
            self._touched[folder] = open_folder(folder, self._archive.fd)
        return self._touched[folder]

    def _must_hold(self, digest: Digest, name: str, folder: int, path: str) -> None:
        if not is_regular(name, folder) or _digest_of(name, folder) != digest:
            raise IntegrityError(
                f"{self._archive.root / path}: other bytes lie here than the name says. Nothing "
                "was overwritten. Move this file aside and look at it, then run the command again"
            )

    def discard(self, staging: str, token: str) -> None:
        """Remove what was staged for a candidate; twice does no harm."""
        self._incoming.area(staging).drop(token)

    def sync(self) -> None:
        """Make all names published since the last call durable."""
        with archive_faults(self._place):
            for folder in self._touched.values():
                fsync_folder(folder)
        self.release()

    def release(self) -> None:
        """Close the folders that publishing opened."""
        for folder in self._touched.values():
            os.close(folder)
        self._touched.clear()

    def open_original(self, path: str) -> int:
        """Give a descriptor for reading an original; the caller closes it.

        Raises ArchiveUnavailable; IntegrityError when it is missing.
        """
        try:
            return open_file(path, self._archive.fd)
        except FileNotFoundError as error:
            self.check()
            raise IntegrityError(
                f"{self._archive.root / path}: the original is missing from the archive"
            ) from error
        except OSError as error:
            raise unavailable(self._place, error) from error

    def chunks(self, path: str) -> Iterator[bytes]:
        """Read an original in pieces; raises ArchiveUnavailable or IntegrityError."""
        with archive_faults(self._place), open(self.open_original(path), "rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def _note(name: str, data: bytes, folder: str, root: int) -> None:
    handle = open_folder(folder, root)
    try:
        replace(name, data, handle)
    finally:
        os.close(handle)


def _digest_of(name: str, folder: int) -> str:
    fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=folder)
    with open(fd, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
