"""What brings full-size originals to a person: the archive behind a bound, the cache's books."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from picture_pipeline.model.cached import CachedFile, CacheTotals
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.digest import Digest


class ArchiveReader(Protocol):
    """The only way by which originals are read for a person who waits.

    It never waits longer than its bound for the next byte, whatever the mount
    does. Safe for many threads at once.
    """

    def read(self, path: str, start: int = 0, count: int | None = None) -> Iterator[bytes]:
        """Give the bytes of an original from ``start`` on, at most ``count``, in pieces.

        ``path`` is relative to the archive's root. The bytes are not checked.
        Raises ArchiveUnavailable when the archive is away or does not answer
        within the bound, IntegrityError when it is there and the original is
        not. Ends early, without error, where the file does.
        """
        ...

    def copy(self, path: str, target: int) -> Iterator[int]:
        """Copy an original into an open file, and tell after each step how many bytes it wrote.

        What was told can be read from ``target``. Not checked, not durable.
        Raises like ``read``; OSError when ``target`` cannot be written.
        """
        ...


class CacheChange(Protocol):
    """The cache's books inside a transaction that one process at a time gets."""

    def totals(self) -> CacheTotals:
        """Give what is booked; costs the same however much that is."""
        ...

    def find(self, digest: Digest) -> CachedFile | None:
        """Give one entry."""
        ...

    def longest_unused(self, count: int) -> Sequence[CachedFile]:
        """Give those that are not pinned, longest unused first; by an index."""
        ...

    def put(self, file: CachedFile) -> None:
        """Book a file, in place of what was booked for this original."""
        ...

    def drop(self, digest: Digest) -> None:
        """Strike one out; nothing happens when it is not booked."""
        ...

    def use(self, digest: Digest, used_at: int) -> None:
        """Book a use."""
        ...


class CacheBooks(Protocol):
    """What the cache keeps, booked on this computer; may be thrown away at any time.

    For many threads and processes at once. Raises LocalDiskUnavailable.
    """

    def find(self, digest: Digest) -> CachedFile | None:
        """Give one entry; never waits for a writer."""
        ...

    def totals(self) -> CacheTotals:
        """Give what is booked; costs the same however much that is."""
        ...

    def all(self) -> Iterator[CachedFile]:
        """Give every entry, in the order of the digests, in constant memory."""
        ...

    def changing(self) -> AbstractContextManager[CacheChange]:
        """Open a transaction: all or nothing, one at a time."""
        ...

    def note(
        self,
        used: Mapping[Digest, int],
        stamps: Mapping[Digest, FileStamp],
        hits: int,
        misses: int,
    ) -> None:
        """Book uses, and files that were checked and made durable.

        Entries that are gone are passed over, a use never moves back.
        """
        ...
