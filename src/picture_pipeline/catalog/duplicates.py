"""Originals that lie in several places of the sources."""

from sqlalchemy import Engine, func, select

from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import folders, originals, sightings, sources
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.duplicates import ExactGroup, Spotted


def exact_duplicates(engine: Engine) -> tuple[ExactGroup, ...]:
    """Give each original that lay in two or more places when its sources were last looked at."""
    several = (
        select(sightings.c.original_id)
        .where(sightings.c.current, sightings.c.last_seen.is_(None))
        .group_by(sightings.c.original_id)
        .having(func.count() > 1)
        .order_by(sightings.c.original_id)
    )
    rows = (
        select(
            *(originals.c.id, originals.c.digest, originals.c.size),
            sources.c.name.label("source"),
            folders.c.path,
            sightings.c.name,
        )
        .join(sightings, sightings.c.original_id == originals.c.id)
        .join(folders, folders.c.id == sightings.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
        .where(sightings.c.current, sightings.c.last_seen.is_(None))
        .order_by(originals.c.id, sources.c.name, folders.c.path, sightings.c.name)
    )
    groups: dict[int, ExactGroup] = {}
    with reading(engine) as connection:
        for part in sliced(connection.execute(several).scalars().all()):
            for row in connection.execute(rows.where(originals.c.id.in_(part))):
                folder, name = bytes(row.path), bytes(row.name)
                path = folder + b"/" + name if folder else name
                place = Spotted(SourceName(row.source), path)
                before = groups[row.id].places if row.id in groups else ()
                groups[row.id] = ExactGroup(Digest(row.digest), row.size, (*before, place))
    return tuple(groups.values())
