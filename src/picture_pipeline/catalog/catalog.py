"""The catalog as the workflows see it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, insert, select, update

from picture_pipeline.catalog.books import SqlBooks
from picture_pipeline.catalog.engine import open_engine, reading, writing
from picture_pipeline.catalog.migrate import upgrade
from picture_pipeline.catalog.scans import (
    known_stamps,
    note_scan,
    note_unchanged,
    originals_at,
    unchanged_folders,
)
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.source_rows import added_source, book_source
from picture_pipeline.catalog.source_scans import last_source_scans, note_source_scan
from picture_pipeline.catalog.tables import binding, found, originals, runs, sources
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.model.candidate import FileStamp, FolderListing, SourceName, SourceSpec
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Earlier
from picture_pipeline.model.run import Counts, RunId
from picture_pipeline.model.source_scan import SourceScan

_FOUND_AT_ONCE = 5000


class SqlCatalog:
    """The catalog on SQLite or PostgreSQL; see ``ports.Catalog``."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> "SqlCatalog":
        """Connect and bring the tables up to date.

        Raises CatalogUnavailable, IntegrityError when the file is damaged,
        UsageError when a newer version made it.
        """
        engine = open_engine(url)
        try:
            upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()

    def bound_archive(self) -> str | None:
        """Give the id of the archive this catalog belongs to, if any yet."""
        with reading(self.engine) as connection:
            return connection.execute(select(binding.c.archive_id)).scalar()

    def bind(self, archive_id: str, time: str) -> None:
        """Tie the catalog to its archive; raises ArchiveUnavailable for another one."""
        with writing(self.engine) as connection:
            bound = connection.execute(select(binding.c.archive_id)).scalar()
            if bound is None:
                connection.execute(insert(binding), {"archive_id": archive_id, "bound_at": time})
            elif bound != archive_id:
                raise ArchiveUnavailable(
                    f"the catalog belongs to archive {bound}, but archive {archive_id} is mounted; "
                    "mount the right one, or name another catalog in storage.yaml"
                )

    def note_found(self, places: Iterable[tuple[Digest, str]]) -> None:
        """Remember originals that lie in the archive; books that know them are not asked.

        Takes any number, in constant memory; may be called again with the same.
        """
        for part in sliced(places, _FOUND_AT_ONCE):
            with writing(self.engine) as connection:
                rows = [{"digest": digest, "path": path} for digest, path in part]
                insert_missing(connection, found, rows)

    def start_run(
        self, command: str, writer: str, time: str, names: Sequence[SourceName] = ()
    ) -> RunId:
        """Book the start of a run over sources with these names."""
        with writing(self.engine) as connection:
            result = connection.execute(
                insert(runs).returning(runs.c.id),
                {
                    "command": command,
                    "writer": writer,
                    "started_at": time,
                    "status": "running",
                    "sources": json.dumps(names) if names else None,
                },
            )
            return RunId(result.scalar_one())

    def finish_run(self, run: RunId, status: str, counts: Counts, time: str) -> None:
        """Book how a run ended."""
        figures = {name: getattr(counts, name) for name in (*Counts.__slots__, "seen")}
        with writing(self.engine) as connection:
            connection.execute(
                update(runs).where(runs.c.id == run).values(status=status, ended_at=time, **figures)
            )

    def add_source(self, spec: SourceSpec) -> None:
        """Make a source known; raises UsageError when its name means another path."""
        with writing(self.engine) as connection:
            book_source(connection, spec)

    def named_source(self, name: str) -> SourceSpec | None:
        """Find a source by its name; one that was removed is not found."""
        return added_source(self.engine, name)

    def unchanged_folders(
        self, source: SourceName, fingerprints: Mapping[bytes, bytes]
    ) -> set[bytes]:
        """Give those folders of which every entry is booked just as it is now."""
        with reading(self.engine) as connection:
            return unchanged_folders(connection, _id_of(connection, source), fingerprints)

    def note_unchanged(
        self, source: SourceName, fingerprints: Mapping[bytes, bytes], time: str
    ) -> None:
        """Book what these folders look like when each of their entries is booked."""
        with writing(self.engine) as connection:
            note_unchanged(connection, _id_of(connection, source), fingerprints, time)

    def known_stamps(
        self, source: SourceName, listings: Sequence[FolderListing], recogniser: int
    ) -> dict[bytes, dict[bytes, FileStamp]]:
        """Give the stamps under which these folders' names need no second look."""
        with reading(self.engine) as connection:
            return known_stamps(connection, _id_of(connection, source), listings, recogniser)

    def note_scan(
        self,
        source: SourceName,
        listings: Sequence[FolderListing],
        known: Mapping[bytes, Mapping[bytes, FileStamp]],
        time: str,
    ) -> None:
        """Book that folders were looked at; names that are gone keep their rows."""
        with writing(self.engine) as connection:
            note_scan(connection, _id_of(connection, source), listings, known, time)

    def note_source_scan(self, source: SourceName, files: int, size: int, time: str) -> None:
        """Book what a whole look at a source counted, in place of an earlier one of the day."""
        with writing(self.engine) as connection:
            note_source_scan(connection, source, files, size, time)

    def last_source_scans(self, source: SourceName, most: int) -> tuple[SourceScan, ...]:
        """Give what the last whole looks counted, the newest first, at most one a day."""
        with reading(self.engine) as connection:
            return last_source_scans(connection, source, most)

    def originals_at(
        self, source: SourceName, names: Sequence[tuple[bytes, bytes]]
    ) -> dict[tuple[bytes, bytes], Earlier]:
        """Give what lay at these places (folder, name) when they were last looked at."""
        with reading(self.engine) as connection:
            return originals_at(connection, _id_of(connection, source), names)

    def digests_of_size(self, sizes: Iterable[int]) -> dict[int, frozenset[Digest]]:
        """Give the digests of all originals that have exactly these sizes."""
        digests: dict[int, set[Digest]] = {}
        columns = (originals.c.size, originals.c.digest)
        with reading(self.engine) as connection:
            for part in sliced(set(sizes)):
                for row in connection.execute(select(*columns).where(originals.c.size.in_(part))):
                    digests.setdefault(row.size, set()).add(Digest(row.digest))
        return {size: frozenset(of_size) for size, of_size in digests.items()}

    def digests_of_sha1(self, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Digest]:
        """Give the digests of the originals with these sizes and SHA-1s; both must fit.

        None where two originals have both.
        """
        asked = set(wanted)
        digests: dict[tuple[int, str], set[Digest]] = {}
        columns = (originals.c.size, originals.c.sha1, originals.c.digest)
        with reading(self.engine) as connection:
            for part in sliced({size for size, _ in asked}):
                for row in connection.execute(select(*columns).where(originals.c.size.in_(part))):
                    if (row.size, row.sha1) in asked:
                        digests.setdefault((row.size, row.sha1), set()).add(Digest(row.digest))
        return {key: min(found) for key, found in digests.items() if len(found) == 1}

    @contextmanager
    def publishing(self) -> Iterator[SqlBooks]:
        """Open the publishing transaction: one publisher at a time, all or nothing."""
        with writing(self.engine) as connection:
            yield SqlBooks(connection)


def _id_of(connection: Connection, source: SourceName) -> int:
    found: int = connection.execute(
        select(sources.c.id).where(sources.c.name == source)
    ).scalar_one()
    return found
