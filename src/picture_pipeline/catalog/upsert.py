"""Insert-unless-there, which SQL spells per database."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql


def insert_missing(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    key: Sequence[str] | None = None,
    update: Sequence[str] = (),
) -> None:
    """Insert rows; where the key is taken, update only the columns in ``update``.

    ``key`` defaults to the primary key.
    """
    if not rows:
        return
    statement = _insert(connection, table)
    target = [table.c[name] for name in key] if key else list(table.primary_key.columns)
    if update:
        statement = statement.on_conflict_do_update(
            index_elements=target, set_={name: statement.excluded[name] for name in update}
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=target)
    connection.execute(statement, list(rows))


def _insert(connection: Connection, table: Table) -> "sqlite.Insert | postgresql.Insert":
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - the embedded catalog needs none

    return postgresql.insert(table)
