"""Reading all that the catalog knows of one original."""

from sqlalchemy import Connection, Engine, func, select

from picture_pipeline.catalog.asset_pages import kinds_of, members_of
from picture_pipeline.catalog.assets import words_by_id
from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.records import original_of
from picture_pipeline.catalog.tables import folders, originals, sightings, sources
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.query import OriginalShown, SightingShown


def show(engine: Engine, digest: Digest) -> OriginalShown:
    """Give all that the catalog knows of one original."""
    with reading(engine) as connection:
        row = (
            connection.execute(select(originals).where(originals.c.digest == digest))
            .mappings()
            .one()
        )
        original = original_of(row, words_by_id(connection, [row["id"]])[row["id"]])
        seen = _sightings(connection, row["id"])
        kind = kinds_of(connection, [original.asset])[original.asset]
        members = members_of(connection, [original.asset])[original.asset]
        owner = _owner(connection, row["id"])
    return OriginalShown(
        original=original,
        owner=owner,
        asset_kind=kind,
        members=members,
        sightings=seen,
    )


def _sightings(connection: Connection, original_id: int) -> tuple[SightingShown, ...]:
    rows = connection.execute(
        select(
            sources.c.name.label("source"),
            folders.c.path,
            sightings.c.name,
            sightings.c.first_seen,
            func.coalesce(sightings.c.last_seen, folders.c.scanned_at).label("last_seen"),
        )
        .join(folders, folders.c.id == sightings.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
        .where(sightings.c.original_id == original_id)
        .order_by(sightings.c.first_seen, sources.c.name, folders.c.path, sightings.c.name)
    )
    return tuple(
        SightingShown(
            row.source,
            bytes(row.path) + b"/" + bytes(row.name) if row.path else bytes(row.name),
            row.first_seen,
            row.last_seen,
        )
        for row in rows
    )


def _owner(connection: Connection, original_id: int) -> str | None:
    found: str | None = connection.execute(
        select(sources.c.owner)
        .join(folders, folders.c.source_id == sources.c.id)
        .join(sightings, sightings.c.folder_id == folders.c.id)
        .where(sightings.c.original_id == original_id, sources.c.owner.is_not(None))
        .order_by(sightings.c.first_seen)
        .limit(1)
    ).scalar()
    return found
