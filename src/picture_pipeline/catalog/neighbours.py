"""Finding the originals that new ones may belong with, and the assets they are in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from sqlalchemy import ColumnElement, Connection, Row, select, tuple_

from picture_pipeline.catalog.records import folder_key, told_of
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import (
    assets,
    folders,
    memberships,
    originals,
    sightings,
    sources,
)
from picture_pipeline.model.asset import (
    AssetKind,
    Group,
    Member,
    Membership,
    Neighbourhood,
    Place,
    Role,
    Spot,
)
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.media import Family

_SPOTS = 300
"""At once: a spot takes three of a statement's values."""


def neighbourhood(
    connection: Connection,
    spots: Collection[Spot],
    identifiers: Collection[str],
    bursts: Collection[str],
    digests: Collection[Digest],
) -> Neighbourhood:
    """Give all members of the assets that any of these hints leads to."""
    found: set[int] = set()
    for part in sliced(spots, _SPOTS):
        found.update(_at_spots(connection, part))
    found.update(_where_in(connection, originals.c.content_identifier, identifiers))
    found.update(_where_in(connection, originals.c.burst, bursts))
    found.update(_where_in(connection, originals.c.digest, digests))
    if not found:
        return Neighbourhood()
    ids, asset_ids = _whole_assets(connection, found)
    return Neighbourhood(
        tuple(_members(connection, ids)), tuple(_groups(connection, asset_ids, ids))
    )


def _at_spots(connection: Connection, spots: Collection[Spot]) -> Iterator[int]:
    keys: dict[tuple[str, bytes], set[bytes]] = defaultdict(set)
    for source, folder, stem in spots:
        keys[source, folder_key(folder)].add(stem)
    places = connection.execute(
        select(folders.c.id, sources.c.name, folders.c.key)
        .join(sources, sources.c.id == folders.c.source_id)
        .where(
            sources.c.name.in_({source for source, _ in keys}),
            folders.c.key.in_({key for _, key in keys}),
        )
    ).all()
    wanted = [
        (place.id, stem)
        for place in places
        for stem in keys.get((place.name, bytes(place.key)), ())
    ]
    if wanted:
        yield from connection.execute(
            select(sightings.c.original_id).where(
                tuple_(sightings.c.folder_id, sightings.c.stem).in_(wanted)
            )
        ).scalars()


def _where_in(
    connection: Connection, column: ColumnElement[str | None], values: Iterable[str]
) -> Iterator[int]:
    for part in sliced(values):
        yield from connection.execute(select(originals.c.id).where(column.in_(part))).scalars()


def _whole_assets(connection: Connection, ids: set[int]) -> tuple[set[int], set[str]]:
    """Add the members of their assets, and of the assets that those serve, and so on."""
    asset_ids: set[str] = set()
    new = ids
    while new:
        near = set(_assets_of(connection, new)) - asset_ids
        asset_ids |= near
        new = set(_members_of(connection, near)) - ids
        ids = ids | new
    return ids, asset_ids


def _assets_of(connection: Connection, ids: Iterable[int]) -> Iterator[str]:
    for part in sliced(ids):
        yield from connection.execute(
            select(originals.c.asset)
            .where(originals.c.id.in_(part))
            .union(select(memberships.c.asset).where(memberships.c.original_id.in_(part)))
        ).scalars()


def _members_of(connection: Connection, asset_ids: Iterable[str]) -> Iterator[int]:
    for part in sliced(asset_ids):
        yield from connection.execute(
            select(originals.c.id)
            .where(originals.c.asset.in_(part))
            .union(select(memberships.c.original_id).where(memberships.c.asset.in_(part)))
        ).scalars()


_COLUMNS = (
    *(originals.c.id, originals.c.digest, originals.c.family, originals.c.media_type),
    *(originals.c.taken_at, originals.c.taken_from, originals.c.asset),
    *(originals.c.content_identifier, originals.c.burst, originals.c.incomplete),
    *(originals.c.revises, originals.c.superseded_by),
)


def _members(connection: Connection, ids: Iterable[int]) -> Iterator[Member]:
    for part in sliced(ids):
        places = _places(connection, part)
        for row in connection.execute(select(*_COLUMNS).where(originals.c.id.in_(part))):
            yield Member(
                digest=Digest(row.digest),
                family=Family(row.family),
                media_type=row.media_type,
                taken_at=row.taken_at,
                taken_from=row.taken_from,
                places=tuple(places[row.id]),
                arrived=row.id,
                asset=Digest(row.asset),
                content_identifier=row.content_identifier,
                burst=row.burst,
                incomplete=row.incomplete,
                revises=row.revises,
                superseded_by=row.superseded_by,
            )


def _places(connection: Connection, ids: Collection[int]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = defaultdict(list)
    rows = connection.execute(
        select(
            sightings.c.original_id,
            sources.c.name.label("source"),
            folders.c.path,
            sightings.c.name,
            sightings.c.size,
            sightings.c.current,
            sightings.c.told,
        )
        .join(folders, folders.c.id == sightings.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
        .where(sightings.c.original_id.in_(ids))
    )
    for row in rows:
        source, folder, name = SourceName(row.source), bytes(row.path), bytes(row.name)
        place = Place(source, folder, name, row.size, row.current, told_of(row.told))
        found[row.original_id].append(place)
    return found


def _groups(
    connection: Connection, asset_ids: Collection[str], ids: Collection[int]
) -> Iterator[Group]:
    kinds: dict[str, str] = {}
    members: dict[str, list[Membership]] = defaultdict(list)
    for part in sliced(asset_ids):
        rows = connection.execute(select(assets).where(assets.c.id.in_(part)))
        kinds.update({row.id: row.kind for row in rows})
    for row, home in _booked(connection, ids):
        members[row.asset].append(
            Membership(Digest(row.asset), Digest(row.digest), Role(row.role), home)
        )
    for asset, kind in kinds.items():
        yield Group(Digest(asset), AssetKind(kind), tuple(members[asset]))


def _booked(
    connection: Connection, ids: Iterable[int]
) -> Iterator[tuple[Row[str, str, str], bool]]:
    own = select(originals.c.asset, originals.c.digest, originals.c.role)
    guest = select(memberships.c.asset, originals.c.digest, memberships.c.role).join(
        originals, originals.c.id == memberships.c.original_id
    )
    for part in sliced(ids):
        for row in connection.execute(own.where(originals.c.id.in_(part))):
            yield row, True
        for row in connection.execute(guest.where(originals.c.id.in_(part))):
            yield row, False
