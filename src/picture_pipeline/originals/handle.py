"""An open archive: one folder handle that all reading and writing goes through."""

import os
from dataclasses import dataclass
from pathlib import Path

from picture_pipeline.durable.files import open_folder
from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.originals.faults import archive_faults
from picture_pipeline.originals.marker import ArchiveIdentity, read_marker


@dataclass(frozen=True, slots=True)
class ArchiveHandle:
    """An archive that was there, with its marker, when it was opened.

    All work goes through ``fd``. A NAS that drops out leaves an empty mount
    point behind; ``check`` finds that, and no write follows the path there.
    """

    root: Path
    fd: int
    identity: ArchiveIdentity
    device: int
    inode: int

    @classmethod
    def open(cls, root: Path, expected_id: str | None = None) -> "ArchiveHandle":
        """Open the archive; raises ArchiveUnavailable when it is not there.

        ``expected_id`` is the archive the catalog belongs to, when known.
        """
        try:
            fd = open_folder(root)
        except OSError as error:
            raise ArchiveUnavailable(
                f"{root}: there is no archive ({error.strerror}); mount the NAS, or make one "
                "with: picture-pipeline setup-storage"
            ) from error
        try:
            identity = read_marker(fd)
            _must_be(expected_id, identity, root)
            status = os.fstat(fd)
        except BaseException:
            os.close(fd)
            raise
        return cls(root, fd, identity, status.st_dev, status.st_ino)

    def close(self) -> None:
        """Let go of the handle."""
        os.close(self.fd)

    def check(self) -> None:
        """Make sure that the path still leads to this very archive.

        Called before each batch. Raises ArchiveUnavailable.
        """
        with archive_faults(str(self.root)):
            fd = open_folder(self.root)
            try:
                status = os.fstat(fd)
                identity = read_marker(fd)
            finally:
                os.close(fd)
        if (status.st_dev, status.st_ino, identity.id) != (
            self.device,
            self.inode,
            self.identity.id,
        ):
            raise ArchiveUnavailable(
                f"{self.root}: another volume lies here than when the run began; "
                "mount the archive again, then run the command again"
            )


def _must_be(expected_id: str | None, found: ArchiveIdentity, root: Path) -> None:
    if expected_id is not None and found.id != expected_id:
        raise ArchiveUnavailable(
            f"{root}: this is archive {found.id}, but the catalog belongs to archive "
            f"{expected_id}; mount the right one, or name another catalog in storage.yaml"
        )
