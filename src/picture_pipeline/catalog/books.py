"""What one publishing transaction reads and writes."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from picture_pipeline.catalog.assets import (
    add_assets,
    add_memberships,
    change_originals,
    ids_of,
    originals_of,
)
from picture_pipeline.catalog.hashes import add_picture_hashes
from picture_pipeline.catalog.neighbours import neighbourhood
from picture_pipeline.catalog.records import (
    clean,
    folder_key,
    keyword_rows,
    original_row,
    stamp_columns,
    told_text,
)
from picture_pipeline.catalog.tables import (
    assets,
    events,
    folders,
    found,
    keywords,
    originals,
    refusals,
    sightings,
    sources,
)
from picture_pipeline.catalog.trash import (
    bring_assets,
    remove_originals,
    restore_sightings,
    trashed_of,
)
from picture_pipeline.catalog.undo import news
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.model.asset import Neighbourhood, Spot
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import LedgerLine
from picture_pipeline.model.original import Original, Refusal, Sighting
from picture_pipeline.model.run import Batch
from picture_pipeline.model.trashed import Trashed
from picture_pipeline.model.undoing import News


class SqlBooks:
    """The catalog inside a publishing transaction; see ``ports.Books``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def paths_of(self, digests: Iterable[Digest]) -> dict[Digest, str]:
        """Give the paths of those digests that the catalog knows."""
        rows = self._connection.execute(
            select(originals.c.digest, originals.c.path).where(
                originals.c.digest.in_(list(digests))
            )
        )
        return {Digest(row.digest): row.path for row in rows}

    def found_paths(self, digests: Iterable[Digest]) -> dict[Digest, str]:
        """Give the paths of originals that lay in the archive before the catalog was made."""
        rows = self._connection.execute(select(found).where(found.c.digest.in_(list(digests))))
        return {Digest(row.digest): row.path for row in rows}

    def check(self) -> None:
        """Make sure that the transaction still stands; raises CatalogUnavailable.

        The publishing lock ends with the connection, which a database may cut.
        """
        self._connection.execute(select(1))

    def has_batch(self, batch: str) -> bool:
        """Tell whether a batch is booked already."""
        booked = select(events.c.seq).where(events.c.batch == batch).limit(1)
        return self._connection.execute(booked).first() is not None

    def neighbourhood(
        self,
        spots: Collection[Spot],
        identifiers: Collection[str],
        bursts: Collection[str],
        digests: Collection[Digest],
    ) -> Neighbourhood:
        """Give all members of the assets that any of these hints leads to."""
        return neighbourhood(self._connection, spots, identifiers, bursts, digests)

    def originals(self, digests: Collection[Digest]) -> dict[Digest, Original]:
        """Give all that is booked of some originals."""
        return originals_of(self._connection, digests)

    def news(self, since: Mapping[str, int]) -> News:
        """Give what was booked since the writers' events ended there."""
        return news(self._connection, since)

    def trashed(self, digests: Collection[Digest], folder: str) -> tuple[Trashed, ...]:
        """Give all that is booked of some originals that go into a folder of the trash."""
        return trashed_of(self._connection, digests, folder)

    def record(self, batch: Batch, lines: Sequence[LedgerLine]) -> None:
        """Book a batch: originals, sightings, refusals, events."""
        published = [publication.original for publication in batch.publications]
        published += [trashed.original for trashed in batch.restored]
        seen = [publication.sighting for publication in batch.publications]
        add_assets(self._connection, batch.groups)
        bring_assets(self._connection, batch.restored)
        self._add_originals(published)
        add_picture_hashes(self._connection, batch.publications)
        change_originals(self._connection, [change.original for change in batch.changes])
        add_memberships(self._connection, batch.groups)
        self._add_sightings([*seen, *batch.sightings], batch.time)
        restore_sightings(self._connection, batch.restored, batch.time)
        remove_originals(self._connection, batch.removed)
        self._add_refusals(batch.refusals, batch.time)
        self._add_events(batch, lines)
        self._note_news(seen, batch.time)

    def _add_originals(self, new: Sequence[Original]) -> None:
        if not new:
            return
        connection = self._connection
        insert_missing(connection, assets, [{"id": o.asset, "kind": "photo"} for o in new])
        connection.execute(insert(originals), [original_row(original) for original in new])
        connection.execute(delete(found).where(found.c.digest.in_([o.digest for o in new])))
        worded = [o for o in new if o.keywords or o.tags or o.albums or o.people]
        ids = ids_of(connection, [original.digest for original in worded])
        rows = [row for o in worded for row in keyword_rows(ids[o.digest], o)]
        if rows:
            connection.execute(insert(keywords), rows)

    def _add_sightings(self, seen: Sequence[Sighting], time: str) -> None:
        if not seen:
            return
        places = self._folder_ids({(s.source, s.folder) for s in seen}, time)
        ids = ids_of(self._connection, [sighting.digest for sighting in seen])
        keys = [(places[s.source, s.folder], s.name) for s in seen]
        self._retire(keys, time)
        last = {key: number for number, key in enumerate(keys)}
        rows = [
            {
                "folder_id": key[0],
                "name": key[1],
                "original_id": ids[s.digest],
                # Of two in one batch, the file's latest bytes count.
                "current": last[key] == number,
                **stamp_columns(s.stamp),
                "first_seen": s.seen_at,
                "last_seen": None if last[key] == number else time,
                "stem": s.stem,
                "told": told_text(s.told),
            }
            for number, (key, s) in enumerate(zip(keys, seen, strict=True))
        ]
        insert_missing(
            self._connection,
            sightings,
            rows,
            update=(
                *("current", "size", "mtime_ns", "ctime_ns", "inode", "last_seen", "stem"),
                "told",
            ),
        )

    def _retire(self, keys: Sequence[tuple[int, bytes]], time: str) -> None:
        """Retire what these paths showed before; it stays on record."""
        key = _by_key(sightings)
        named = [{"b_folder_id": folder_id, "b_name": name} for folder_id, name in keys]
        self._connection.execute(
            update(sightings).where(key, sightings.c.current).values(current=False, last_seen=time),
            named,
        )
        self._connection.execute(delete(refusals).where(_by_key(refusals)), named)

    def _folder_ids(
        self, wanted: set[tuple[SourceName, bytes]], time: str
    ) -> dict[tuple[SourceName, bytes], int]:
        names = {source for source, _ in wanted}
        rows = self._connection.execute(
            select(sources.c.id, sources.c.name).where(sources.c.name.in_(names))
        )
        ids = {SourceName(row.name): row.id for row in rows}
        insert_missing(
            self._connection,
            folders,
            [
                {"source_id": ids[s], "key": folder_key(path), "path": path, "scanned_at": time}
                for s, path in sorted(wanted)
            ],
            key=("source_id", "key"),
        )
        places: dict[tuple[SourceName, bytes], int] = {}
        for name in names:
            keys = [folder_key(path) for source, path in wanted if source == name]
            for row in self._connection.execute(
                select(folders.c.id, folders.c.path).where(
                    folders.c.source_id == ids[name], folders.c.key.in_(keys)
                )
            ):
                places[name, bytes(row.path)] = row.id
        return places

    def _add_refusals(self, refused: Sequence[Refusal], time: str) -> None:
        if not refused:
            return
        places = self._folder_ids({(r.source, r.folder) for r in refused}, time)
        # Of two in one batch, the later one counts.
        rows = {
            (places[r.source, r.folder], r.name): {
                "folder_id": places[r.source, r.folder],
                "name": r.name,
                **stamp_columns(r.stamp),
                "outcome": r.outcome,
                "reason": r.reason,
                "detail": clean(r.detail),
                "recogniser": r.recogniser,
            }
            for r in refused
        }
        self._retire(list(rows), time)
        self._connection.execute(insert(refusals), list(rows.values()))

    def _add_events(self, batch: Batch, lines: Sequence[LedgerLine]) -> None:
        if not lines:
            return
        self._connection.execute(
            insert(events),
            [
                {
                    "writer": line.writer,
                    "seq": line.seq,
                    "type": line.event.type.value,
                    "time": line.event.time,
                    "outcome": line.event.outcome,
                    "digest": line.event.digest,
                    "run_id": batch.run,
                    "batch": batch.id,
                }
                for line in lines
            ],
        )

    def _note_news(self, seen: Iterable[Sighting], time: str) -> None:
        names = {sighting.source for sighting in seen}
        if names:
            self._connection.execute(
                update(sources).where(sources.c.name.in_(names)).values(last_new=time)
            )


def _by_key(table: Table) -> ColumnElement[bool]:
    return and_(table.c.folder_id == bindparam("b_folder_id"), table.c.name == bindparam("b_name"))
