"""What letting go of a source's files asks of the archive and the catalog."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from picture_pipeline.model.candidate import FileStamp, SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import LedgerLine
from picture_pipeline.model.release import BookedFile, BookedFolder, Hollow
from picture_pipeline.model.run import Batch

CopyStatus = tuple[int, int, FileStamp]
"""Device, inode and stamp of an archive's copy: equal while nobody touched it."""


class ArchiveCopies(Protocol):
    """The archive's originals, looked at to prove that they are there and whole."""

    def check(self) -> None:
        """Make sure the archive is still this one; raises ArchiveUnavailable."""
        ...

    def status(self, path: str) -> CopyStatus | None:
        """Give the status of an original; None when there is none. Raises ArchiveUnavailable."""
        ...

    def has_sidecar(self, path: str) -> bool:
        """Tell whether the original at ``path`` has one; raises ArchiveUnavailable."""
        ...

    def fresh_digest(self, path: str) -> Digest | None:
        """Read an original from the disk, the page cache dropped; None when it is missing.

        Raises ArchiveUnavailable.
        """
        ...

    def open_original(self, path: str) -> int:
        """Give a descriptor for reading; the caller closes it.

        Raises ArchiveUnavailable; IntegrityError when it is missing.
        """
        ...


class ReleaseBooks(Protocol):
    """The catalog inside the transaction in which files are let go."""

    def paths_of(self, digests: Sequence[Digest]) -> Mapping[Digest, str]:
        """Give the paths of those digests that the catalog knows."""
        ...

    def check(self) -> None:
        """Make sure that the transaction, and so the lock, still stands."""
        ...

    def note_removed(self, files: Sequence[BookedFile], time: str) -> None:
        """Book that these places are empty now."""
        ...

    def announce_hollow(self, files: Sequence[tuple[BookedFile, int]]) -> None:
        """Book that these files (with their permissions) are about to become placeholders."""
        ...

    def note_hollow(
        self, place: BookedFile | Hollow, digest: Digest, stamp: FileStamp, time: str
    ) -> None:
        """Book that a placeholder lies here, known by this stamp."""
        ...

    def forget_hollow(self, hollow: BookedFile | Hollow, stamp: FileStamp | None) -> None:
        """Book that no placeholder lies here; with a stamp: its original does again."""
        ...

    def record(self, batch: Batch, lines: Sequence[LedgerLine]) -> None:
        """Book the events of a batch."""
        ...


class ReleaseCatalog(Protocol):
    """The catalog, asked what may be let go. Raises CatalogUnavailable."""

    def booked(
        self, source: SourceName, root: bytes, folders: Sequence[bytes]
    ) -> Mapping[bytes, BookedFolder]:
        """Give what is booked of the files in some folders of a source."""
        ...

    def hollows(self, source: SourceName | None = None) -> Iterator[Hollow]:
        """Give the placeholders, of one source or of all."""
        ...

    def releasing(self) -> AbstractContextManager[ReleaseBooks]:
        """Open a transaction that one publisher at a time gets; all or nothing."""
        ...
