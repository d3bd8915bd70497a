"""The local books: what lies on this computer's disk. May be thrown away at any time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from picture_pipeline.catalog.engine import open_engine, reading, writing
from picture_pipeline.catalog.local_state import begin
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.rendition import RenditionEntry, Unrenderable

_HAS_TABLES = "SELECT 1 FROM sqlite_master LIMIT 1"
_metadata = MetaData()

_renditions = Table(
    "renditions",
    _metadata,
    Column("digest", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Index("ix_renditions_name", "name", "size"),
    sqlite_with_rowid=False,
)

_unrenderable = Table(
    "unrenderable",
    _metadata,
    Column("digest", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("renderer", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class RenditionTotals:
    """What the renditions of one name add up to."""

    count: int
    size: int


class LocalBooks:
    """Which renditions lie on this computer, and which could not be made."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, path: Path) -> "LocalBooks":
        """Open or make the books at ``local.db``."""
        engine = open_engine(f"sqlite:///{path}")
        try:
            with writing(engine) as connection:
                if connection.exec_driver_sql(_HAS_TABLES).first() is None:
                    begin(connection.exec_driver_sql, path)
                _metadata.create_all(connection)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def record(
        self,
        made: Mapping[Digest, Sequence[RenditionEntry]],
        failed: Mapping[Digest, Unrenderable],
        renderer: int,
    ) -> None:
        """Book renditions that were made and originals that could not be rendered."""
        entries = [
            {"digest": d, "name": e.name, "width": e.width, "height": e.height, "size": e.size}
            for d, found in made.items()
            for e in found
        ]
        with writing(self._engine) as connection:
            insert_missing(connection, _renditions, entries, update=("width", "height", "size"))
            settled = [*made, *failed]
            connection.execute(delete(_unrenderable).where(_unrenderable.c.digest.in_(settled)))
            rows = [
                {"digest": d, "reason": u.reason, "detail": u.detail, "renderer": renderer}
                for d, u in failed.items()
            ]
            if rows:
                connection.execute(insert(_unrenderable), rows)

    def forget(self, digest: Digest, names: Iterable[str]) -> None:
        """Strike out renditions that are gone or damaged."""
        with writing(self._engine) as connection:
            connection.execute(
                delete(_renditions).where(
                    _renditions.c.digest == digest, _renditions.c.name.in_(list(names))
                )
            )

    def forget_all(self, digests: Iterable[Digest]) -> None:
        """Strike out all that is booked of originals that left the archive."""
        with writing(self._engine) as connection:
            for part in sliced(digests):
                for table in (_renditions, _unrenderable):
                    connection.execute(delete(table).where(table.c.digest.in_(part)))

    def entries(self, digests: Iterable[Digest]) -> dict[Digest, dict[str, RenditionEntry]]:
        """Give what is booked of these originals, by name."""
        found: dict[Digest, dict[str, RenditionEntry]] = {}
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(_renditions).where(_renditions.c.digest.in_(list(digests)))
            )
            for row in rows:
                entry = RenditionEntry(row.name, row.width, row.height, row.size)
                found.setdefault(Digest(row.digest), {})[row.name] = entry
        return found

    def given_up(self, digests: Iterable[Digest], renderer: int) -> frozenset[Digest]:
        """Give those that a renderer at least this new could not decode."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(_unrenderable.c.digest).where(
                    _unrenderable.c.digest.in_(list(digests)),
                    _unrenderable.c.renderer >= renderer,
                    _unrenderable.c.reason.in_(("undecodable", "unsupported_picture", "too_large")),
                )
            )
            return frozenset(Digest(row.digest) for row in rows)

    def totals(self) -> dict[str, RenditionTotals]:
        """Add up the renditions by name."""
        with reading(self._engine) as connection:
            rows = connection.execute(
                select(
                    _renditions.c.name, func.count(), func.coalesce(func.sum(_renditions.c.size), 0)
                ).group_by(_renditions.c.name)
            )
            return {name: RenditionTotals(count, int(size)) for name, count, size in rows}

    def complete(self, names: Sequence[str]) -> int:
        """Count the originals that have every rendition named."""
        whole = (
            select(_renditions.c.digest)
            .where(_renditions.c.name.in_(names))
            .group_by(_renditions.c.digest)
            .having(func.count() == len(names))
            .subquery()
        )
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(whole)).scalar_one()
