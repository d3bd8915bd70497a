"""Connections to the two databases, and what their errors mean."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine, event, exc
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from picture_pipeline.errors import CatalogUnavailable, IntegrityError, PipelineError

_BUSY_SECONDS = 120
"""How long a writer waits for another one; a batch is published in about one second."""
_BUSY_PAUSE = 0.02
_CONNECT_SECONDS = "10"
_PUBLISHING_LOCK = 0x7069_6374_7572
"""Key of PostgreSQL's advisory lock that publishers of one catalog take in turn."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def open_engine(url: str) -> Engine:
    """Make an engine for a plain database URL; nothing is connected yet."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(url)
    patience = {"connect_timeout": _CONNECT_SECONDS, **address.query}
    address = address.set(drivername="postgresql+psycopg", query=patience)
    return create_engine(address, pool_pre_ping=True)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction control begins too late for IMMEDIATE; see _begin_sqlite.
    connection.isolation_level = None
    cursor = connection.cursor()
    _turn_to_wal(cursor)
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _turn_to_wal(cursor: DBAPICursor) -> None:
    """Switch to write-ahead logging; with two first starts at once SQLite will not wait itself."""
    give_up = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            return


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
    with catalog_faults(engine), engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def catalog_faults(engine: Engine) -> Iterator[None]:
    """Say what a database's error means, and what to do.

    Raises CatalogUnavailable when it does not answer, IntegrityError when it
    is damaged or contradicts what is to be booked.
    """
    try:
        yield
    except exc.DBAPIError as error:
        meaning = _meaning(error, _shown(engine.url))
        if meaning is None:
            raise
        raise meaning from error


def _meaning(error: exc.DBAPIError, address: str) -> PipelineError | None:
    reason = (str(error.orig).strip().splitlines() or [type(error).__name__])[0]
    if isinstance(error, exc.OperationalError) or error.connection_invalidated:
        return CatalogUnavailable(
            f"{address}: the catalog's database does not answer ({reason}). Nothing was lost; "
            "start the database, or correct storage.database.url, then run the command again"
        )
    if isinstance(error, exc.IntegrityError):
        return IntegrityError(
            f"{address}: the catalog contradicts the archive ({reason}). Was one of them brought "
            "back from an older copy? Bring back both from the same time, then run again"
        )
    if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
        return IntegrityError(
            f"{address}: the catalog's file is damaged ({reason}). The archive is not touched by "
            "that; bring the file back from a backup, then run the command again"
        )
    return None


def _shown(url: URL) -> str:
    secret = [name for name in url.query if "password" in name]
    return url.difference_update_query(secret).render_as_string(hide_password=True)
