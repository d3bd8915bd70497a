"""Insert-unless-there, which SQL spells per database."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


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
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = make(table)
    target = [table.c[name] for name in key] if key else list(table.primary_key.columns)
    if update:
        statement = statement.on_conflict_do_update(
            index_elements=target, set_={name: statement.excluded[name] for name in update}
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=target)
    connection.execute(statement, list(rows))
