"""Reading: find, list, show, add up."""

from collections.abc import Callable, Iterator

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    tuple_,
)

from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.records import original_of
from picture_pipeline.catalog.tables import (
    assets,
    folders,
    keywords,
    originals,
    sightings,
    sources,
)
from picture_pipeline.errors import UnknownOriginal
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.original import Original
from picture_pipeline.model.query import (
    CatalogTotals,
    Filter,
    SourceTotal,
    Total,
)

_PAGE = 1000
_LAST = "\x7f"
"""Sorts after every character of a time."""


def resolve(engine: Engine, prefix: str) -> Digest:
    """Find the one digest that begins with ``prefix``.

    Raises UnknownOriginal when there is none, or more than one.
    """
    if not prefix or any(character not in "0123456789abcdef" for character in prefix.lower()):
        raise UnknownOriginal(f"{prefix!r} is no SHA-256 digest, nor the beginning of one")
    low = prefix.lower()
    with reading(engine) as connection:
        found = connection.execute(
            select(originals.c.digest)
            .where(originals.c.digest >= low, originals.c.digest < low + "g")
            .limit(2)
        ).scalars()
        digests = list(found)
    if not digests:
        raise UnknownOriginal(
            f"no original begins with {prefix}; see them with: picture-pipeline list"
        )
    if len(digests) > 1:
        raise UnknownOriginal(f"several originals begin with {prefix}; give more digits")
    return Digest(digests[0])


def page_through(engine: Engine, wanted: Filter, after: Digest | None = None) -> Iterator[Original]:
    """Give all originals that fit, oldest first by local wall time; constant memory.

    ``after`` begins behind this original. Keywords are left out.
    """
    last = place_of(engine, after) if after else ("", 0)
    key = tuple_(originals.c.taken_sort, originals.c.id)
    query = select(originals).where(*conditions_of(wanted)).order_by(*key.clauses).limit(_PAGE)
    while True:
        with reading(engine) as connection:
            rows = connection.execute(query.where(key > last)).mappings().all()
        for row in rows:
            yield original_of(row)
        if len(rows) < _PAGE:
            return
        last = (rows[-1]["taken_sort"], rows[-1]["id"])


def place_of(engine: Engine, digest: Digest) -> tuple[str, int]:
    """Give what pages go on behind: sort key and row id of an original."""
    with reading(engine) as connection:
        row = connection.execute(
            select(originals.c.taken_sort, originals.c.id).where(originals.c.digest == digest)
        ).one()
    return row.taken_sort, row.id


def conditions_of(wanted: Filter) -> tuple[ColumnElement[bool], ...]:
    """Give what the table of originals has to fulfil."""
    given = ((condition, getattr(wanted, name)) for name, condition in _CONDITIONS.items())
    return tuple(condition(value) for condition, value in given if value is not None)


def _has_gps(wanted: bool) -> ColumnElement[bool]:  # noqa: FBT001 - a value from the table
    known = originals.c.latitude.is_not(None)
    return known if wanted else ~known


def _is_incomplete() -> ColumnElement[bool]:
    return and_(originals.c.incomplete, originals.c.superseded_by.is_(None))


def _of_type(wanted: str) -> ColumnElement[bool]:
    kind = originals.c.media_type
    return or_(
        kind == wanted,
        originals.c.family == wanted,
        kind.startswith(f"{wanted}/", autoescape=True),
        kind.endswith(f"/{wanted}", autoescape=True),
    )


def _of_camera(wanted: str) -> ColumnElement[bool]:
    name = func.coalesce(originals.c.make, "") + " " + func.coalesce(originals.c.model, "")
    return func.lower(name).contains(wanted.lower(), autoescape=True)


def _from_source(wanted: str) -> ColumnElement[bool]:
    return exists().where(
        sightings.c.original_id == originals.c.id,
        sightings.c.folder_id == folders.c.id,
        folders.c.source_id == sources.c.id,
        sources.c.name == wanted,
    )


def _tagged(wanted: str) -> ColumnElement[bool]:
    return exists().where(
        keywords.c.original_id == originals.c.id,
        or_(
            and_(keywords.c.kind.in_(("keyword", "tag")), keywords.c.word == wanted),
            and_(
                keywords.c.kind == "tag",
                keywords.c.word.startswith(f"{wanted}/", autoescape=True),
            ),
        ),
    )


def _named(kind: str) -> Callable[[str], ColumnElement[bool]]:
    """Give the condition that a word of one kind stands with an original."""

    def condition(wanted: str) -> ColumnElement[bool]:
        return exists().where(
            keywords.c.original_id == originals.c.id,
            keywords.c.kind == kind,
            keywords.c.word == wanted,
        )

    return condition


def _is_favourite(wanted: bool) -> ColumnElement[bool]:  # noqa: FBT001 - a value from the table
    known = func.coalesce(originals.c.favourite, false())
    return known if wanted else ~known


_CONDITIONS: dict[str, Callable[..., ColumnElement[bool]]] = {
    "taken_from": lambda time: originals.c.taken_sort >= time,
    "taken_to": lambda time: originals.c.taken_sort <= time + _LAST,
    "media_type": _of_type,
    "camera": _of_camera,
    "rating": lambda stars: originals.c.rating >= stars,
    "has_gps": _has_gps,
    "incomplete": lambda wanted: _is_incomplete() if wanted else ~_is_incomplete(),
    "source": _from_source,
    "tag": _tagged,
    "album": _named("album"),
    "person": _named("person"),
    "favourite": _is_favourite,
}


def totals(engine: Engine) -> CatalogTotals:
    """Add up assets, originals, types and sources."""
    with reading(engine) as connection:
        count = connection.execute(select(func.count()).select_from(assets)).scalar_one()
        types = connection.execute(
            select(originals.c.media_type, func.count(), func.sum(originals.c.size))
            .group_by(originals.c.media_type)
            .order_by(originals.c.media_type)
        ).all()
        by_source = connection.execute(_source_totals()).all()
        incomplete = connection.execute(
            select(func.count()).select_from(originals).where(_is_incomplete())
        ).scalar_one()
    by_type = tuple((name, Total(number, int(size))) for name, number, size in types)
    return CatalogTotals(
        assets=count,
        incomplete=incomplete,
        originals=Total(sum(t.count for _, t in by_type), sum(t.size for _, t in by_type)),
        types=by_type,
        sources=tuple(
            SourceTotal(
                row.name,
                shown_kind(row.kind, row.files),
                row.files,
                int(row.size),
                row.archived,
                row.last_new,
            )
            for row in by_source
        ),
    )


def shown_kind(kind: str, files: int) -> str:
    """Give a source's kind for people: what was looked at and looks like nothing is a folder."""
    return "folder" if kind == "auto" and files else kind


def _source_totals() -> Select[tuple[object, ...]]:
    return (
        select(
            sources.c.name,
            sources.c.kind,
            func.count(sightings.c.original_id).label("files"),
            func.coalesce(func.sum(sightings.c.size), 0).label("size"),
            func.count(sightings.c.original_id.distinct()).label("archived"),
            sources.c.last_new,
        )
        .select_from(sources)
        .outerjoin(folders, folders.c.source_id == sources.c.id)
        .outerjoin(sightings, and_(sightings.c.folder_id == folders.c.id, sightings.c.current))
        .group_by(sources.c.id, sources.c.name, sources.c.kind, sources.c.last_new)
        .order_by(sources.c.name)
    )
