"""Database URLs: the two kinds that there are."""

from pathlib import Path
from urllib.parse import urlsplit

SQLITE = "sqlite:///"
_SCHEMES = ("postgresql://", SQLITE)


def check_database_url(url: str) -> str:
    """Let only plain PostgreSQL and SQLite URLs pass; raises ValueError with what to write.

    ``postgresql://user@host/name``, ``postgresql:///name?host=/socket/folder``,
    ``sqlite:////whole/path``.
    """
    if not url.startswith(_SCHEMES):
        message = (
            "must be postgresql://user@host/name, postgresql:///name?host=/socket/folder "
            "or sqlite:////whole/path"
        )
        raise ValueError(message)
    (_check_sqlite if url.startswith(SQLITE) else _check_postgresql)(url)
    return url


def sqlite_file(url: str) -> Path | None:
    """Give the file of a (filled-in) SQLite URL, None for PostgreSQL."""
    return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def sqlite_url(file: Path) -> str:
    """Give the URL of an SQLite file; an absolute path shows as four slashes."""
    return f"{SQLITE}{file}"


def _check_sqlite(url: str) -> None:
    name = url.removeprefix(SQLITE)
    if name in {"", "/", ":memory:"}:
        message = "must name a file: sqlite:////whole/path/catalog.db"
        raise ValueError(message)


def _check_postgresql(url: str) -> None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        message = f"cannot be understood: {error}"
        raise ValueError(message) from error
    if not parts.path.strip("/"):
        message = "names no database; write postgresql://user@host/name"
        raise ValueError(message)
