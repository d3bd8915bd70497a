"""What the catalog says of files that were looked at and not taken in, source by source."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, Row, Select, and_, func, select

from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import (
    candidates,
    folders,
    originals,
    picture_hashes,
    sightings,
    sources,
)
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest

_Places = Mapping[int, Collection[int]]
"""By an original's row: rows of the sources in which it lies."""


@dataclass(slots=True)
class LookedFigures:
    """What looked-at files add to the figures of their sources; keys are rows of sources."""

    files: Counter[int] = field(default_factory=Counter)
    size: Counter[int] = field(default_factory=Counter)
    archived: Counter[int] = field(default_factory=Counter)
    """Originals that only a look, no import, found there."""
    only_here: Counter[int] = field(default_factory=Counter)
    """May be less than 0: what only one source had, as far as was imported, lies elsewhere too."""


def looked_figures(connection: Connection) -> LookedFigures:
    """Add up what was looked at in sources that are known, and is not taken in from there."""
    found = LookedFigures()
    new: defaultdict[str, set[int]] = defaultdict(set)
    held: defaultdict[int, set[int]] = defaultdict(set)
    for row in connection.execute(_looked_at()):
        found.files[row.source_id] += 1
        found.size[row.source_id] += row.size
        if row.id is None:
            new[row.digest].add(row.source_id)
        else:
            held[row.id].add(row.source_id)
    found.only_here.update(next(iter(its)) for its in new.values() if len(its) == 1)
    _add_held(found, held, _sighted(connection, held))
    return found


def _looked_at() -> Select[tuple[int, int, str, int]]:
    at_its_place = and_(
        sightings.c.folder_id == candidates.c.folder_id,
        sightings.c.name == candidates.c.name,
        sightings.c.current,
    )
    return (
        select(folders.c.source_id, candidates.c.size, candidates.c.digest, originals.c.id)
        .join(folders, folders.c.id == candidates.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
        .outerjoin(originals, originals.c.digest == candidates.c.digest)
        .outerjoin(sightings, at_its_place)
        .where(candidates.c.outcome == "looked", candidates.c.digest.is_not(None))
        .where(sightings.c.original_id.is_(None), sources.c.removed_at.is_(None))
    )


def _sighted(connection: Connection, ids: Iterable[int]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    query = (
        select(sightings.c.original_id, folders.c.source_id)
        .join(folders, folders.c.id == sightings.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
        .where(sightings.c.current, sources.c.removed_at.is_(None))
    )
    for part in sliced(ids):
        for original, source in connection.execute(query.where(sightings.c.original_id.in_(part))):
            found[original].add(source)
    return found


def _add_held(found: LookedFigures, held: _Places, sighted: _Places) -> None:
    for original, looked in held.items():
        known = set(sighted.get(original, ()))
        found.archived.update(set(looked) - known)
        all_of_them = known | set(looked)
        if len(known) == 1 < len(all_of_them):
            found.only_here.subtract(known)
        elif not known and len(all_of_them) == 1:
            found.only_here.update(all_of_them)


def count_hashes(engine: Engine) -> int:
    """Count the pictures that can be compared by their looks, archived or looked at."""
    with reading(engine) as connection:
        hashed = select(func.count()).select_from(picture_hashes)
        looked = select(func.count()).select_from(candidates).where(candidates.c.pdq.is_not(None))
        return sum(connection.execute(query).scalar_one() for query in (hashed, looked))


def looked_folders(engine: Engine) -> dict[SourceName, list[bytes]]:
    """Give for each known source the folders in which something was looked at."""
    query = (
        select(sources.c.name, folders.c.path)
        .join(folders, folders.c.source_id == sources.c.id)
        .where(sources.c.removed_at.is_(None))
        .where(folders.c.id.in_(select(candidates.c.folder_id)))
    )
    found: defaultdict[SourceName, list[bytes]] = defaultdict(list)
    with reading(engine) as connection:
        for row in connection.execute(query):
            found[SourceName(row.name)].append(bytes(row.path))
    return dict(found)


def seen_in(engine: Engine, digests: Iterable[Digest]) -> dict[SourceName, set[Digest]]:
    """Give for each source those of some originals that lie there."""
    query = (
        select(sources.c.name, originals.c.digest)
        .join(folders, folders.c.source_id == sources.c.id)
        .join(sightings, sightings.c.folder_id == folders.c.id)
        .join(originals, originals.c.id == sightings.c.original_id)
        .where(sightings.c.current)
    )
    found: defaultdict[SourceName, set[Digest]] = defaultdict(set)
    with reading(engine) as connection:
        for part in sliced(digests):
            row: Row[str, str]
            for row in connection.execute(query.where(originals.c.digest.in_(part))):
                found[SourceName(row.name)].add(Digest(row.digest))
    return dict(found)
