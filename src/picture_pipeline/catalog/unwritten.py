"""The catalog as a dry run sees it: everything is answered, nothing is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress

from sqlalchemy import Connection, select

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.engine import reading, writing
from picture_pipeline.catalog.scans import known_stamps, originals_at, unchanged_folders
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.source_rows import book_source
from picture_pipeline.catalog.tables import originals, sources
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import FileStamp, FolderListing, SourceName, SourceSpec
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Earlier
from picture_pipeline.model.run import Counts, RunId
from picture_pipeline.model.source_scan import SourceScan
from picture_pipeline.ports import Books

_NO_RUN = RunId(0)


class _NotKept(Exception):
    """Rolls a transaction back."""


class UnwrittenCatalog:
    """See ``ports.Catalog``; a source's row is made, asked about, and taken back each time.

    So a dry run learns exactly what an import would, also of a source that is
    new, or that has become another kind.
    """

    def __init__(self, catalog: SqlCatalog) -> None:
        self._catalog = catalog
        self._specs: dict[SourceName, SourceSpec] = {}

    @contextmanager
    def _with(self, source: SourceName) -> Iterator[tuple[Connection, int]]:
        with suppress(_NotKept), writing(self._catalog.engine) as connection:
            book_source(connection, self._specs[source])
            row_id = connection.execute(
                select(sources.c.id).where(sources.c.name == source)
            ).scalar_one()
            yield connection, row_id
            raise _NotKept

    def start_run(
        self, command: str, writer: str, time: str, names: Sequence[SourceName] = ()
    ) -> RunId:
        """Book nothing."""
        del command, writer, time, names
        return _NO_RUN

    def finish_run(self, run: RunId, status: str, counts: Counts, time: str) -> None:
        """Book nothing."""

    def add_source(self, spec: SourceSpec) -> None:
        """Make sure that an import could make it known; raises UsageError as that would."""
        self._specs[spec.name] = spec
        with self._with(spec.name):
            pass

    def unchanged_folders(
        self, source: SourceName, fingerprints: Mapping[bytes, bytes]
    ) -> set[bytes]:
        """Give those folders of which every entry is booked just as it is now."""
        with self._with(source) as (connection, row_id):
            return unchanged_folders(connection, row_id, fingerprints)

    def note_unchanged(
        self, source: SourceName, fingerprints: Mapping[bytes, bytes], time: str
    ) -> None:
        """Book nothing."""

    def known_stamps(
        self, source: SourceName, listings: Sequence[FolderListing], recogniser: int
    ) -> dict[bytes, dict[bytes, FileStamp]]:
        """Give the stamps under which these folders' names need no second look."""
        with self._with(source) as (connection, row_id):
            return known_stamps(connection, row_id, listings, recogniser)

    def note_scan(
        self,
        source: SourceName,
        listings: Sequence[FolderListing],
        known: Mapping[bytes, Mapping[bytes, FileStamp]],
        time: str,
    ) -> None:
        """Book nothing."""

    def originals_at(
        self, source: SourceName, names: Sequence[tuple[bytes, bytes]]
    ) -> dict[tuple[bytes, bytes], Earlier]:
        """Give what lay at these places when they were last looked at."""
        with self._with(source) as (connection, row_id):
            return originals_at(connection, row_id, names)

    def digests_of_size(self, sizes: Iterable[int]) -> dict[int, frozenset[Digest]]:
        """Give the digests of all originals that have exactly these sizes."""
        return self._catalog.digests_of_size(sizes)

    def digests_of_sha1(self, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Digest]:
        """Give the digests of the originals with these sizes and SHA-1s."""
        return self._catalog.digests_of_sha1(wanted)

    def note_source_scan(self, source: SourceName, files: int, size: int, time: str) -> None:
        """Book nothing."""

    def last_source_scans(self, source: SourceName, most: int) -> Sequence[SourceScan]:
        """Give what the last whole looks counted."""
        return self._catalog.last_source_scans(source, most)

    def publishing(self) -> AbstractContextManager[Books]:
        """Refuse: a dry run publishes nothing."""
        raise UsageError("a dry run publishes nothing; leave --dry-run away")

    def archived(self, digests: Iterable[Digest]) -> set[Digest]:
        """Give those of some digests that the catalog knows."""
        found: set[Digest] = set()
        with reading(self._catalog.engine) as connection:
            for part in sliced(digests):
                known = select(originals.c.digest).where(originals.c.digest.in_(part))
                found.update(map(Digest, connection.execute(known).scalars()))
        return found
