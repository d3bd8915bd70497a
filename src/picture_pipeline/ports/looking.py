"""What comparing sources with the archive asks of other rooms."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from picture_pipeline.model.asset import Group
from picture_pipeline.model.candidate import FolderListing, SourceName, SourceSpec
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.model.looked import Seen
from picture_pipeline.model.original import Original

NearPairs = Callable[[Sequence[bytes], Sequence[bytes] | None], Sequence[tuple[int, int, int]]]
"""Given hashes, and others or None: places of two, and how many bits they are apart.

All pairs of the first with the second sequence, or of the first within itself,
that are at most 31 bits apart.
"""


class LookBooks(Protocol):
    """The catalog's books of candidates that were looked at and are not archived."""

    def add_source(self, spec: SourceSpec) -> None:
        """Make a source known; raises UsageError when its name means another path."""
        ...

    def seen_before(
        self, source: SourceName, listings: Sequence[FolderListing]
    ) -> Mapping[tuple[bytes, bytes], Sequence[Seen]]:
        """Give what is known, by folder and name, each with the stamp that it is known under.

        Placeholders of what was reclaimed, originals that were sighted there,
        candidates, refusals by a recogniser of this version, in this order.
        """
        ...

    def record(self, source: SourceName, seen: Sequence[Seen], time: str) -> None:
        """Remember candidates, in place of what was known of the same names."""
        ...

    def forget_others(self, source: SourceName, seen: Sequence[Seen]) -> None:
        """Forget the candidates of a source that a whole look did not show."""
        ...

    def files_before(self, source: SourceName) -> int | None:
        """Count a source's entries at the last whole look; None when there was none."""
        ...

    def digests_of_size(self, sizes: Iterable[int]) -> Mapping[int, frozenset[Digest]]:
        """Give the digests of all originals of exactly these sizes."""
        ...


class ComparedArchive(Protocol):
    """What the archive holds, as comparing asks for it."""

    def held(self, digests: Iterable[Digest]) -> frozenset[Digest]:
        """Give those that are archived."""
        ...

    def originals(self, digests: Iterable[Digest]) -> Mapping[Digest, Original]:
        """Give all that is booked of those that are archived."""
        ...

    def hashes(self) -> Iterator[tuple[Digest, PictureHash, bool]]:
        """Give the hash of each original that has one, and whether it is a video's poster."""
        ...

    def hashes_of(self, digests: Iterable[Digest]) -> Mapping[Digest, PictureHash]:
        """Give the hashes of some originals."""
        ...

    def at_seconds(self, seconds: Iterable[str]) -> Mapping[str, Sequence[Digest]]:
        """Give by capture second, wall time to 19 characters, the originals taken then."""
        ...

    def named(self, stems: Iterable[bytes]) -> Mapping[bytes, Sequence[Digest]]:
        """Give by stem (``model.stems``) the originals that were ever seen under such a name."""
        ...

    def groups_of(self, digests: Iterable[Digest]) -> Sequence[Group]:
        """Give the whole assets that some originals are in."""
        ...

    def kinds_of(self, digests: Iterable[Digest]) -> Mapping[Digest, frozenset[str]]:
        """Give the kinds of the sources in which originals were seen."""
        ...

    def gray_of(self, digest: Digest) -> bytes:
        """Give an original's picture as 32 x 32 levels of gray; empty when it cannot be had."""
        ...
