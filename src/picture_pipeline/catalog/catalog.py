"""The catalog as the workflows see it."""

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
from picture_pipeline.catalog.tables import binding, found, originals, runs, sources
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.errors import ArchiveUnavailable, UsageError
from picture_pipeline.model.candidate import FileStamp, FolderListing, SourceName, SourceSpec
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Earlier
from picture_pipeline.model.run import Counts, RunId

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

    def start_run(self, command: str, writer: str, time: str) -> RunId:
        """Book the start of a run."""
        with writing(self.engine) as connection:
            result = connection.execute(
                insert(runs).returning(runs.c.id),
                {"command": command, "writer": writer, "started_at": time, "status": "running"},
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
            insert_missing(
                connection,
                sources,
                [
                    {
                        "name": spec.name,
                        "path": spec.path,
                        "kind": spec.kind,
                        "owner": spec.owner,
                        "policy": spec.policy,
                    }
                ],
                key=("name",),
            )
            path = connection.execute(
                select(sources.c.path).where(sources.c.name == spec.name)
            ).scalar_one()
        if bytes(path) != spec.path:
            raise UsageError(
                f"source {spec.name} is known at another path ({bytes(path)!r}); "
                "give this folder another name"
            )

    def named_source(self, name: str) -> SourceSpec | None:
        """Find a source by its name."""
        with reading(self.engine) as connection:
            row = connection.execute(select(sources).where(sources.c.name == name)).first()
        if row is None:
            return None
        return SourceSpec(SourceName(row.name), bytes(row.path), row.kind, row.owner, row.policy)

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
