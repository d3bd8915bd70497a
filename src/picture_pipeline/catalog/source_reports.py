"""What the catalog says of each source, in a few passes whatever their number."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, select

from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.looked_figures import LookedFigures, looked_figures
from picture_pipeline.catalog.tables import folders, originals, refusals, sightings, sources
from picture_pipeline.model.source_figures import SourceFigures

Figures = Iterator[tuple[int, Mapping[str, object]]]
"""By a source's row: some attributes of its SourceFigures."""

_SEEN = sightings.join(folders, folders.c.id == sightings.c.folder_id)


def figures_of_sources(engine: Engine, weeks: Sequence[str]) -> dict[str, SourceFigures]:
    """Give the figures of all sources by name.

    ``weeks`` are the beginnings of the weeks to be told, UTC, the oldest first.
    """
    found: defaultdict[int, dict[str, object]] = defaultdict(
        lambda: {"new_by_week": (0,) * len(weeks)}
    )
    with reading(engine) as connection:
        rows = connection.execute(select(sources.c.id, sources.c.name, sources.c.last_new)).all()
        for ask in (_files, _archived, _only_here, _incomplete, _errors):
            for row_id, figures in ask(connection):
                found[row_id].update(figures)
        for row_id, figures in _news(connection, weeks):
            found[row_id].update(figures)
        looked = looked_figures(connection)
    booked = {
        row.id: SourceFigures(last_new=row.last_new, **found[row.id])  # type: ignore[arg-type]  # a row for each attribute
        for row in rows
    }
    return {row.name: _with_looked(booked[row.id], looked, row.id) for row in rows}


def _with_looked(figures: SourceFigures, looked: LookedFigures, row_id: int) -> SourceFigures:
    return replace(
        figures,
        files=figures.files + looked.files[row_id],
        size=figures.size + looked.size[row_id],
        archived=figures.archived + looked.archived[row_id],
        only_here=figures.only_here + looked.only_here[row_id],
    )


def _files(connection: Connection) -> Figures:
    query = (
        select(folders.c.source_id, func.count(), func.sum(sightings.c.size))
        .select_from(_SEEN)
        .where(sightings.c.current, sightings.c.last_seen.is_(None))
        .group_by(folders.c.source_id)
    )
    for source, files, size in connection.execute(query):
        yield source, {"files": files, "size": int(size)}


def _archived(connection: Connection) -> Figures:
    query = (
        select(folders.c.source_id, func.count(sightings.c.original_id.distinct()))
        .select_from(_SEEN)
        .where(sightings.c.current)
        .group_by(folders.c.source_id)
    )
    for source, archived in connection.execute(query):
        yield source, {"archived": archived}


def _only_here(connection: Connection) -> Figures:
    """Ask the index alone: an original is only here when its first source is its last."""
    removed = list(
        connection.execute(select(sources.c.id).where(sources.c.removed_at.is_not(None))).scalars()
    )
    seen = (
        select(
            func.min(folders.c.source_id).label("first"),
            func.max(folders.c.source_id).label("last"),
        )
        .select_from(_SEEN)
        .where(sightings.c.current, *([folders.c.source_id.not_in(removed)] if removed else []))
        .group_by(sightings.c.original_id)
        .subquery()
    )
    query = (
        select(seen.c.first, func.count()).where(seen.c.first == seen.c.last).group_by(seen.c.first)
    )
    for source, count in connection.execute(query):
        yield source, {"only_here": count}


def _incomplete(connection: Connection) -> Figures:
    cut_short = select(originals.c.id).where(
        originals.c.incomplete, originals.c.superseded_by.is_(None)
    )
    query = (
        select(folders.c.source_id, func.count(sightings.c.original_id.distinct()))
        .select_from(_SEEN)
        .where(sightings.c.original_id.in_(cut_short), sightings.c.current)
        .group_by(folders.c.source_id)
    )
    for source, count in connection.execute(query):
        yield source, {"incomplete": count}


def _errors(connection: Connection) -> Figures:
    query = (
        select(folders.c.source_id, refusals.c.reason, func.count())
        .join(folders, folders.c.id == refusals.c.folder_id)
        .where(refusals.c.outcome == "failed")
        .group_by(folders.c.source_id, refusals.c.reason)
        .order_by(folders.c.source_id, refusals.c.reason)
    )
    by_source: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for source, reason, count in connection.execute(query):
        by_source[source].append((reason, count))
    for source, errors in by_source.items():
        yield source, {"errors": tuple(errors)}


def _news(connection: Connection, weeks: Sequence[str]) -> Figures:
    if not weeks:
        return
    columns = [
        func.sum(case((_between(begin, end), 1), else_=0))
        for begin, end in zip(weeks, [*weeks[1:], None], strict=True)
    ]
    query = (
        select(folders.c.source_id, *columns)
        .select_from(_SEEN)
        .where(sightings.c.first_seen >= weeks[0])
        .group_by(folders.c.source_id)
    )
    for source, *counts in connection.execute(query):
        yield source, {"new_by_week": tuple(map(int, counts))}


def _between(begin: str, end: str | None) -> ColumnElement[bool]:
    since = sightings.c.first_seen >= begin
    return since if end is None else and_(since, sightings.c.first_seen < end)
