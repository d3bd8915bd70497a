"""Connections to the two databases, and what their errors mean."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from picture_pipeline.errors import CatalogUnavailable

_BUSY_SECONDS = 120
"""How long a writer waits for another one; a batch is published in about one second."""
_PUBLISHING_LOCK = 0x7069_6374_7572
"""Key of PostgreSQL's advisory lock that publishers of one catalog take in turn."""


def open_engine(url: str) -> Engine:
    """Make an engine for a plain database URL; nothing is connected yet."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction control begins too late for IMMEDIATE; see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only one publisher at a time gets.

    Waits for the others. Commits at the end, rolls back on an exception.
    """
    with catalog_faults(engine), engine.connect() as plain:
        connection = plain.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_PUBLISHING_LOCK})")
            yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that reads one consistent state."""
    with catalog_faults(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def catalog_faults(engine: Engine) -> Iterator[None]:
    """Turn a database that does not answer into CatalogUnavailable with a remedy."""
    try:
        yield
    except (OperationalError, DBAPIError) as error:
        if not (isinstance(error, OperationalError) or error.connection_invalidated):
            raise
        address = engine.url.render_as_string(hide_password=True)
        reason = str(error.orig).strip().splitlines()[0] if error.orig else str(error)
        raise CatalogUnavailable(
            f"{address}: the catalog's database does not answer ({reason}). Nothing was lost; "
            "start the database, or correct storage.database.url, then run the command again"
        ) from error
