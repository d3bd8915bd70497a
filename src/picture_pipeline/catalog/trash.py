"""Originals on their way out of the catalog, and back in, as they were."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, exists, select, tuple_, update

from picture_pipeline.catalog.assets import ids_of, originals_of
from picture_pipeline.catalog.records import folder_key, stamp_columns, told_of, told_text
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import (
    assets,
    folders,
    memberships,
    metadata,
    originals,
    sightings,
    sources,
)
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.model.asset import AssetKind, Membership, Role
from picture_pipeline.model.candidate import FileStamp, SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.original import Sighting
from picture_pipeline.model.trashed import SeenAt, Trashed

_PLACES = 300
"""At once: a place takes two of a statement's values."""


def trashed_of(
    connection: Connection, digests: Collection[Digest], folder: str
) -> tuple[Trashed, ...]:
    """Give all that is booked of some originals; those that are not booked are left out."""
    found = originals_of(connection, digests)
    ids = {row_id: digest for digest, row_id in ids_of(connection, list(found)).items()}
    seen, serves = _seen(connection, ids), _serves(connection, ids)
    kinds = _kinds(connection, {original.asset for original in found.values()})
    return tuple(
        Trashed(original, kinds[original.asset], seen[digest], folder, serves[digest])
        for digest, original in found.items()
    )


def _kinds(connection: Connection, ids: Iterable[str]) -> dict[str, AssetKind]:
    return {
        row.id: AssetKind(row.kind)
        for part in sliced(ids)
        for row in connection.execute(select(assets).where(assets.c.id.in_(part)))
    }


def _seen(
    connection: Connection, ids: Mapping[int, Digest]
) -> defaultdict[Digest, tuple[SeenAt, ...]]:
    found: defaultdict[Digest, tuple[SeenAt, ...]] = defaultdict(tuple)
    query = (
        select(sightings, folders.c.path, sources.c.name.label("source"))
        .join(folders, folders.c.id == sightings.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
        .order_by(sightings.c.folder_id, sightings.c.name)
    )
    for part in sliced(ids):
        for row in connection.execute(query.where(sightings.c.original_id.in_(part))):
            digest = ids[row.original_id]
            sighting = Sighting(
                source=SourceName(row.source),
                folder=bytes(row.path),
                name=bytes(row.name),
                stamp=FileStamp(row.size, row.mtime_ns, row.ctime_ns, row.inode),
                digest=digest,
                seen_at=row.first_seen,
                stem=bytes(row.stem or b""),
                told=told_of(row.told),
            )
            found[digest] += (SeenAt(sighting, row.current, row.last_seen),)
    return found


def _serves(
    connection: Connection, ids: Mapping[int, Digest]
) -> defaultdict[Digest, tuple[Membership, ...]]:
    found: defaultdict[Digest, tuple[Membership, ...]] = defaultdict(tuple)
    for part in sliced(ids):
        for row in connection.execute(
            select(memberships).where(memberships.c.original_id.in_(part))
        ):
            digest = ids[row.original_id]
            membership = Membership(Digest(row.asset), digest, Role(row.role), home=False)
            found[digest] += (membership,)
    return found


def remove_originals(connection: Connection, removed: Sequence[Trashed]) -> None:
    """Strike originals out, and whatever is booked of them; the ledger keeps its events.

    The folders in which they were seen are looked at again by the next run.
    """
    if not removed:
        return
    ids = list(ids_of(connection, [one.original.digest for one in removed]).values())
    for part in sliced(ids):
        seen_in = select(sightings.c.folder_id).where(sightings.c.original_id.in_(part))
        connection.execute(
            update(folders).where(folders.c.id.in_(seen_in)).values(fingerprint=None)
        )
        for table in metadata.tables.values():
            if any(key.column is originals.c.id for key in table.foreign_keys):
                connection.execute(delete(table).where(table.c.original_id.in_(part)))
        connection.execute(delete(originals).where(originals.c.id.in_(part)))
    empty = ~exists().where(originals.c.asset == assets.c.id)
    for named in sliced({one.original.asset for one in removed}):
        connection.execute(delete(assets).where(assets.c.id.in_(named), empty))


def bring_assets(connection: Connection, restored: Sequence[Trashed]) -> None:
    """Book the assets of originals that come back, before the originals that name them."""
    rows = [{"id": one.original.asset, "kind": one.kind.value} for one in restored]
    insert_missing(connection, assets, rows)


def restore_sightings(connection: Connection, restored: Sequence[Trashed], time: str) -> None:
    """Book the assets' further members and the sightings of originals that are booked again.

    Where other bytes were seen at a place meanwhile, the sighting is a past one.
    """
    if not restored:
        return
    ids = ids_of(connection, [one.original.digest for one in restored])
    guests = [
        {"asset": m.asset, "original_id": ids[m.digest], "role": m.role.value}
        for one in restored
        for m in one.serves
    ]
    insert_missing(connection, memberships, guests)
    seen = [each for one in restored for each in one.seen]
    places = _folder_ids(connection, {(s.sighting.source, s.sighting.folder) for s in seen}, time)
    keys = {(places[s.sighting.source, s.sighting.folder], s.sighting.name) for s in seen}
    taken = _taken(connection, keys)
    rows = [_row(one, places, ids, taken, time) for one in seen]
    insert_missing(connection, sightings, rows)
    connection.execute(
        update(folders).where(folders.c.id == bindparam("b_id")).values(fingerprint=None),
        [{"b_id": folder} for folder in places.values()],
    )


def _row(
    seen: SeenAt,
    places: Mapping[tuple[SourceName, bytes], int],
    ids: Mapping[Digest, int],
    taken: Collection[tuple[int, bytes]],
    time: str,
) -> dict[str, object]:
    sighting = seen.sighting
    folder = places[sighting.source, sighting.folder]
    current = seen.current and (folder, sighting.name) not in taken
    return {
        "folder_id": folder,
        "name": sighting.name,
        "original_id": ids[sighting.digest],
        "current": current,
        **stamp_columns(sighting.stamp),
        "first_seen": sighting.seen_at,
        "last_seen": seen.last_seen if current == seen.current else time,
        "stem": sighting.stem,
        "told": told_text(sighting.told),
    }


def _taken(connection: Connection, keys: Collection[tuple[int, bytes]]) -> set[tuple[int, bytes]]:
    """Give the places at which other bytes lie now."""
    found: set[tuple[int, bytes]] = set()
    key = tuple_(sightings.c.folder_id, sightings.c.name)
    for part in sliced(keys, _PLACES):
        rows = connection.execute(
            select(sightings.c.folder_id, sightings.c.name).where(
                key.in_(list(part)), sightings.c.current
            )
        )
        found.update((row.folder_id, bytes(row.name)) for row in rows)
    return found


def _folder_ids(
    connection: Connection, wanted: Collection[tuple[SourceName, bytes]], time: str
) -> dict[tuple[SourceName, bytes], int]:
    """Give the rows of folders; they, and their sources, stay when a sighting goes."""
    ids = {
        row.name: row.id
        for row in connection.execute(
            select(sources.c.id, sources.c.name).where(sources.c.name.in_({s for s, _ in wanted}))
        )
    }
    rows = [
        {"source_id": ids[source], "key": folder_key(path), "path": path, "scanned_at": time}
        for source, path in sorted(wanted)
    ]
    insert_missing(connection, folders, rows, key=("source_id", "key"))
    found: dict[tuple[SourceName, bytes], int] = {}
    for source, row_id in ids.items():
        paths = [path for name, path in wanted if name == source]
        for part in sliced(paths):
            keys = [folder_key(path) for path in part]
            for row in connection.execute(
                select(folders.c.id, folders.c.path).where(
                    folders.c.source_id == row_id, folders.c.key.in_(keys)
                )
            ):
                found[SourceName(source), bytes(row.path)] = row.id
    return found
