"""The database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from typing import Protocol

from picture_pipeline.model.asset import Neighbourhood, Spot
from picture_pipeline.model.candidate import (
    FileStamp,
    FolderListing,
    SourceName,
    SourceSpec,
)
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import LedgerLine
from picture_pipeline.model.inspected import Earlier
from picture_pipeline.model.original import Original
from picture_pipeline.model.run import Batch, Counts, RunId
from picture_pipeline.model.source_scan import SourceScan
from picture_pipeline.model.trashed import Trashed
from picture_pipeline.model.undoing import News


class Books(Protocol):
    """The catalog inside a publishing transaction."""

    def paths_of(self, digests: Iterable[Digest]) -> Mapping[Digest, str]:
        """Give the paths of those digests that the catalog knows."""
        ...

    def found_paths(self, digests: Iterable[Digest]) -> Mapping[Digest, str]:
        """Give the paths of those that lay in the archive before the catalog was made.

        Only of originals that the catalog does not know yet.
        """
        ...

    def check(self) -> None:
        """Make sure that the transaction, and so the lock, still stands.

        Raises CatalogUnavailable.
        """
        ...

    def has_batch(self, batch: str) -> bool:
        """Tell whether a batch is booked already."""
        ...

    def neighbourhood(
        self,
        spots: Collection[Spot],
        identifiers: Collection[str],
        bursts: Collection[str],
        digests: Collection[Digest],
    ) -> Neighbourhood:
        """Give all members of the assets that any of these hints leads to.

        Originals seen at these spots, with these content identifiers, of these
        bursts, or with these digests; and whole assets of all of them.
        """
        ...

    def originals(self, digests: Collection[Digest]) -> Mapping[Digest, Original]:
        """Give all that is booked of those originals that are booked."""
        ...

    def news(self, since: Mapping[str, int]) -> News:
        """Give what was booked since each writer's events ended with that number."""
        ...

    def trashed(self, digests: Collection[Digest], folder: str) -> Sequence[Trashed]:
        """Give all that is booked of some originals that go into a folder of the trash."""
        ...

    def record(self, batch: Batch, lines: Sequence[LedgerLine]) -> None:
        """Book originals, changes, assets, sightings, refusals and events of a batch.

        What is removed is struck out, what is restored is booked as it was.

        Raises IntegrityError when the catalog holds one of them already.
        """
        ...


class Catalog(Protocol):
    """The database. Every method raises CatalogUnavailable when it does not answer."""

    def start_run(
        self, command: str, writer: str, time: str, names: Sequence[SourceName] = ()
    ) -> RunId:
        """Book the start of a run over sources with these names."""
        ...

    def finish_run(self, run: RunId, status: str, counts: Counts, time: str) -> None:
        """Book how a run ended."""
        ...

    def add_source(self, spec: SourceSpec) -> None:
        """Make a source known; raises UsageError when its name means another path."""
        ...

    def unchanged_folders(
        self, source: SourceName, fingerprints: Mapping[bytes, bytes]
    ) -> AbstractSet[bytes]:
        """Give those folders of which every entry is booked just as it is now."""
        ...

    def note_unchanged(
        self, source: SourceName, fingerprints: Mapping[bytes, bytes], time: str
    ) -> None:
        """Book what these folders look like when each of their entries is booked."""
        ...

    def known_stamps(
        self, source: SourceName, listings: Sequence[FolderListing], recogniser: int
    ) -> Mapping[bytes, Mapping[bytes, FileStamp]]:
        """Give, by folder and name, the stamps that need no second look.

        Archived files, and those refused by a recogniser at least this new.
        """
        ...

    def note_scan(
        self,
        source: SourceName,
        listings: Sequence[FolderListing],
        known: Mapping[bytes, Mapping[bytes, FileStamp]],
        time: str,
    ) -> None:
        """Book that folders were looked at; names that are gone keep their rows."""
        ...

    def note_source_scan(self, source: SourceName, files: int, size: int, time: str) -> None:
        """Book what a whole look at a source counted, in place of an earlier one of the day.

        Of a source that nobody knows nothing is booked.
        """
        ...

    def last_source_scans(self, source: SourceName, most: int) -> Sequence[SourceScan]:
        """Give what the last whole looks counted, the newest first, at most one a day."""
        ...

    def originals_at(
        self, source: SourceName, names: Sequence[tuple[bytes, bytes]]
    ) -> Mapping[tuple[bytes, bytes], Earlier]:
        """Give what lay at these places (folder, name) when they were last looked at."""
        ...

    def digests_of_size(self, sizes: Iterable[int]) -> Mapping[int, frozenset[Digest]]:
        """Give the digests of all originals of exactly these sizes."""
        ...

    def digests_of_sha1(
        self, wanted: Iterable[tuple[int, str]]
    ) -> Mapping[tuple[int, str], Digest]:
        """Give the digests of the originals with these sizes and SHA-1s; both must fit.

        None where two originals have both.
        """
        ...

    def publishing(self) -> AbstractContextManager[Books]:
        """Open a transaction that one publisher at a time gets; all or nothing.

        Waits for other publishers, in this and other processes and computers.
        """
        ...
