"""The archive's originals as proof that they are there, unchanged, whole on the disk."""

import os

from picture_pipeline.durable.files import is_regular, open_file
from picture_pipeline.durable.fresh import fresh_sha256
from picture_pipeline.errors import IntegrityError
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.digest import Digest
from picture_pipeline.originals.faults import archive_faults, unavailable
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.layout import sidecar_path


class FreshCopies:
    """See ``ports.ArchiveCopies``; all through the archive's folder handle."""

    def __init__(self, archive: ArchiveHandle) -> None:
        self._archive = archive
        self._place = str(archive.root)

    def check(self) -> None:
        """Make sure the archive is still mounted; raises ArchiveUnavailable."""
        self._archive.check()

    def status(self, path: str) -> tuple[int, int, FileStamp] | None:
        """Give device, inode and stamp of an original; None when there is none."""
        with archive_faults(self._place):
            try:
                status = os.stat(path, dir_fd=self._archive.fd, follow_symlinks=False)
            except (FileNotFoundError, NotADirectoryError):
                return None
        return status.st_dev, status.st_ino, FileStamp.of(status)

    def has_sidecar(self, path: str) -> bool:
        """Tell whether the original at ``path`` has a sidecar."""
        with archive_faults(self._place):
            try:
                return is_regular(sidecar_path(path), self._archive.fd)
            except NotADirectoryError:
                return False

    def fresh_digest(self, path: str) -> Digest | None:
        """Read an original from the disk, the page cache dropped; None when it is missing."""
        with archive_faults(self._place):
            try:
                return Digest(fresh_sha256(path, self._archive.fd))
            except (FileNotFoundError, NotADirectoryError):
                return None

    def open_original(self, path: str) -> int:
        """Give a descriptor for reading an original; the caller closes it."""
        try:
            return open_file(path, self._archive.fd)
        except FileNotFoundError as error:
            self.check()
            raise IntegrityError(
                f"{self._archive.root / path}: the original is missing from the archive"
            ) from error
        except OSError as error:
            raise unavailable(self._place, error) from error
