"""Sources in the catalog: made known, added, removed, found.

A source that was removed keeps its row, and what was seen there stays on
record; only its name means nothing any more, until it is taken up again.
"""

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    delete,
    insert,
    select,
    update,
)

from picture_pipeline.catalog.engine import reading, writing
from picture_pipeline.catalog.tables import folders, refusals, sightings, sources
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceName, SourceSpec, printable

_AUTO, _PLAIN = "auto", "folder"
_TELLING = frozenset(("photosync", "takeout", "icloud_takeout"))
"""Kinds whose folders tell of what lies in them; others' files need not be read again."""
_NO_INODE = -1
"""No file has it: the file is read once more."""


def book_source(connection: Connection, spec: SourceSpec) -> None:
    """Make a source known that something is taken in from, or whose settings changed.

    One that was removed is taken up again. Raises UsageError when the name
    means another path.
    """
    insert_missing(connection, sources, [_columns(spec)], key=("name",))
    row = _row(connection, spec.name)
    if bytes(row["path"]) != spec.path and row["removed_at"] is None:
        raise UsageError(
            f"source {spec.name} is known at another path ({bytes(row['path'])!r}); "
            "give this folder another name"
        )
    _take_up(connection, row, spec, None)


def added_source(engine: Engine, name: str) -> SourceSpec | None:
    """Find a source by its name."""
    return _find(engine, sources.c.name == name)


def source_at(engine: Engine, path: bytes) -> SourceSpec | None:
    """Find the source that a person added for a path."""
    return _find(engine, sources.c.path == path, sources.c.added_at.is_not(None))


def all_sources(engine: Engine) -> list[SourceSpec]:
    """Give all sources that were not removed, by name."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(sources).where(sources.c.removed_at.is_(None)).order_by(sources.c.name)
        ).mappings()
        return [_spec(row) for row in rows]


def added_sources(engine: Engine) -> list[SourceSpec]:
    """Give the sources that a person added and did not remove, by name."""
    with reading(engine) as connection:
        rows = connection.execute(
            select(sources)
            .where(sources.c.removed_at.is_(None), sources.c.added_at.is_not(None))
            .order_by(sources.c.name)
        ).mappings()
        return [_spec(row) for row in rows]


def add_source(engine: Engine, spec: SourceSpec, time: str) -> None:
    """Add a source for a person, or change the settings of one at the same path.

    Raises UsageError when the name means another path.
    """
    with writing(engine) as connection:
        insert_missing(connection, sources, [_columns(spec)], key=("name",))
        row = _row(connection, spec.name)
        if bytes(row["path"]) != spec.path and row["removed_at"] is None:
            raise UsageError(
                f"source {spec.name} is known at {printable(bytes(row['path']))}; give this "
                f"folder another name, or forget that one: sources remove {spec.name}"
            )
        _take_up(connection, row, spec, time)
        _forget_unnamed(connection, spec, time)


def remove_source(engine: Engine, name: str, time: str) -> bool:
    """Forget a source; gives whether there was one."""
    with writing(engine) as connection:
        done = connection.execute(
            update(sources)
            .where(sources.c.name == name, sources.c.removed_at.is_(None))
            .values(removed_at=time)
        )
        return bool(done.rowcount)


def _find(engine: Engine, *conditions: ColumnElement[bool]) -> SourceSpec | None:
    with reading(engine) as connection:
        row = (
            connection.execute(select(sources).where(sources.c.removed_at.is_(None), *conditions))
            .mappings()
            .first()
        )
        return _spec(row) if row else None


def _row(connection: Connection, name: str) -> RowMapping:
    return connection.execute(select(sources).where(sources.c.name == name)).mappings().one()


def _take_up(connection: Connection, row: RowMapping, spec: SourceSpec, added: str | None) -> None:
    if bytes(row["path"]) != spec.path:
        _make_room(connection, row)
        connection.execute(insert(sources), {**_columns(spec), "added_at": added})
        return
    values = _columns(spec) | {"removed_at": None, "added_at": added or row["added_at"]}
    if added is None and row["kind"] == _AUTO and spec.kind == _PLAIN:
        # Nothing was recognised: there may be something to recognise next time.
        values["kind"] = _AUTO
    if any(row[column] != value for column, value in values.items()):
        connection.execute(update(sources).where(sources.c.id == row["id"]).values(values))
    if {row["kind"], values["kind"]} - {_AUTO, _PLAIN} and row["kind"] != values["kind"]:
        _look_again(connection, row["id"], tells=values["kind"] in _TELLING)


def _forget_unnamed(connection: Connection, spec: SourceSpec, time: str) -> None:
    """Let a folder that has a name now no longer be called by its path."""
    connection.execute(
        update(sources)
        .where(
            sources.c.name == printable(spec.path),
            sources.c.path == spec.path,
            sources.c.removed_at.is_(None),
            sources.c.name != spec.name,
        )
        .values(removed_at=time)
    )


def _make_room(connection: Connection, row: RowMapping) -> None:
    """Give a removed source another name, which tells until when it had its own."""
    until = f"{row['name']} (until {row['removed_at'][:10]})"
    names = (until, *(f"{until} {number}" for number in range(2, 1000)))
    taken = set(connection.scalars(select(sources.c.name).where(sources.c.name.in_(names))))
    name = next(name for name in names if name not in taken)
    connection.execute(update(sources).where(sources.c.id == row["id"]).values(name=name))


def _look_again(connection: Connection, source_id: int, *, tells: bool) -> None:
    """Look again at what another kind's rules left out, and at all that this kind tells of."""
    of_source = select(folders.c.id).where(folders.c.source_id == source_id)
    connection.execute(
        delete(refusals).where(refusals.c.folder_id.in_(of_source), refusals.c.reason == "ignored")
    )
    connection.execute(
        update(folders).where(folders.c.source_id == source_id).values(fingerprint=None)
    )
    if tells:
        connection.execute(
            update(sightings).where(sightings.c.folder_id.in_(of_source)).values(inode=_NO_INODE)
        )


def _columns(spec: SourceSpec) -> dict[str, object]:
    return {
        "name": spec.name,
        "path": spec.path,
        "kind": spec.kind,
        "owner": spec.owner,
        "policy": spec.policy,
    }


def _spec(row: RowMapping) -> SourceSpec:
    return SourceSpec(
        SourceName(row["name"]), bytes(row["path"]), row["kind"], row["owner"], row["policy"]
    )
