"""The cache's books in ``local.db``.

On the bare driver, without SQLAlchemy: a cache hit may cost less than a third
of reading the file, 0.1 ms for 3 MB, and ``get`` starts 0.2 s sooner. Sums are
kept by triggers, so that nothing here depends on how much the cache holds.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from picture_pipeline.catalog.local_state import begin
from picture_pipeline.errors import LocalDiskUnavailable
from picture_pipeline.model.cached import CachedFile, CacheTotals
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.digest import Digest

_BUSY_SECONDS = 60
_BUSY_PAUSE = 0.02
_NOTING_WAITS = 0.25
"""Seconds; uses are booked now or with the next ones."""
_PAGE = 1000
_TABLES = """
CREATE TABLE IF NOT EXISTS cached (
    digest BLOB PRIMARY KEY,
    extension TEXT NOT NULL,
    size INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    mtime_ns INTEGER,
    ctime_ns INTEGER,
    inode INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS ix_cached_used ON cached (pinned, used_at);
CREATE TABLE IF NOT EXISTS cache_totals (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    count INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL DEFAULT 0,
    pinned INTEGER NOT NULL DEFAULT 0,
    pinned_size INTEGER NOT NULL DEFAULT 0,
    hits INTEGER NOT NULL DEFAULT 0,
    misses INTEGER NOT NULL DEFAULT 0
);
INSERT OR IGNORE INTO cache_totals (id) VALUES (1);
CREATE TRIGGER IF NOT EXISTS cached_comes AFTER INSERT ON cached BEGIN
    UPDATE cache_totals SET count = count + 1, size = size + NEW.size,
        pinned = pinned + NEW.pinned, pinned_size = pinned_size + NEW.pinned * NEW.size;
END;
CREATE TRIGGER IF NOT EXISTS cached_goes AFTER DELETE ON cached BEGIN
    UPDATE cache_totals SET count = count - 1, size = size - OLD.size,
        pinned = pinned - OLD.pinned, pinned_size = pinned_size - OLD.pinned * OLD.size;
END;
"""
_COLUMNS = "digest, extension, size, used_at, pinned, mtime_ns, ctime_ns, inode"
_FIND = f"SELECT {_COLUMNS} FROM cached WHERE digest = ?"  # noqa: S608 - constants
_UNUSED = f"SELECT {_COLUMNS} FROM cached WHERE pinned = 0 ORDER BY used_at LIMIT ?"  # noqa: S608 - likewise
_BEHIND = f"SELECT {_COLUMNS} FROM cached WHERE digest > ? ORDER BY digest LIMIT {_PAGE}"  # noqa: S608 - likewise
_PUT = f"INSERT INTO cached ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - likewise
_DROP = "DELETE FROM cached WHERE digest = ?"
_USE = "UPDATE cached SET used_at = max(used_at, ?) WHERE digest = ?"
_STAMP = """UPDATE cached SET mtime_ns = ?, ctime_ns = ?, inode = ?
    WHERE digest = ? AND size = ?"""
_TOTALS = "SELECT count, size, pinned, pinned_size, hits, misses FROM cache_totals"
_COUNT = "UPDATE cache_totals SET hits = hits + ?, misses = misses + ?"

_Row = tuple[bytes, str, int, int, int, int | None, int | None, int | None]


class SqlCacheBooks:
    """The books as the cache room sees them; see ``ports.CacheBooks``.

    The file may be deleted while this is open: the next call makes a new one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: _Open | None = None
        self._opening = threading.Lock()
        self._inherited: list[_Open] = []

    def close(self) -> None:
        """Let go of the file; the next call opens it again."""
        opened, self._open = self._open, None
        if opened is not None and opened.owner == os.getpid():
            opened.connection.close()

    def find(self, digest: Digest) -> CachedFile | None:
        """Give one entry; never waits for a writer."""
        with self._using() as connection:
            return _found(connection, digest)

    def totals(self) -> CacheTotals:
        """Give what is booked."""
        with self._using() as connection:
            return _totals(connection)

    def all(self) -> Iterator[CachedFile]:
        """Give every entry, in the order of the digests, in constant memory."""
        last = b""
        while True:
            with self._using() as connection:
                rows: list[_Row] = connection.execute(_BEHIND, (last,)).fetchall()
            yield from map(_file_of, rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1][0]

    @contextmanager
    def changing(self) -> Iterator["SqlCacheChange"]:
        """Open a transaction: all or nothing, one at a time."""
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield SqlCacheChange(connection)
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def note(
        self,
        used: Mapping[Digest, int],
        stamps: Mapping[Digest, FileStamp],
        hits: int,
        misses: int,
    ) -> None:
        """Book uses, and files that were checked and made durable.

        Raises TimeoutError when another process writes all the while.
        """
        with self._using() as connection:
            _begin_soon(connection)
            connection.executemany(_USE, [(at, bytes.fromhex(d)) for d, at in used.items()])
            rows = [
                (s.mtime_ns, s.ctime_ns, s.inode, bytes.fromhex(d), s.size)
                for d, s in stamps.items()
            ]
            connection.executemany(_STAMP, rows)
            connection.execute(_COUNT, (hits, misses))
            connection.execute("COMMIT")

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        opened = self._here()
        with opened.lock:
            try:
                yield opened.connection
            except sqlite3.Error as error:
                self._mend(opened, error)
                raise LocalDiskUnavailable(
                    f"{self._path}: the local books cannot be used ({error}); free space, or "
                    "delete the file, which is made again, then run the command again"
                ) from error

    def _here(self) -> "_Open":
        opened = self._open
        if opened is not None and opened.is_good():
            return opened
        if opened is not None and opened.owner != os.getpid():
            # After a fork: locks may be held by threads that are not here, and closing the
            # parent's connection is not for us.
            self._inherited.append(opened)
            self._opening, self._open = threading.Lock(), None
        with self._opening:
            if self._open is None or not self._open.is_good():
                self._open = _opened(self._path)
            return self._open

    def _mend(self, opened: "_Open", error: sqlite3.Error) -> None:
        """Throw a damaged file away, as it may be at any time."""
        with suppress(sqlite3.Error):
            if opened.connection.in_transaction:
                opened.connection.execute("ROLLBACK")
        if _is_damage(error):
            _remove(self._path)


class SqlCacheChange:
    """A transaction on the books; see ``ports.CacheChange``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def totals(self) -> CacheTotals:
        """Give what is booked."""
        return _totals(self._connection)

    def find(self, digest: Digest) -> CachedFile | None:
        """Give one entry."""
        return _found(self._connection, digest)

    def longest_unused(self, count: int) -> list[CachedFile]:
        """Give those that are not pinned, longest unused first."""
        return [_file_of(row) for row in self._connection.execute(_UNUSED, (count,))]

    def put(self, file: CachedFile) -> None:
        """Book a file, in place of what was booked for this original."""
        key = bytes.fromhex(file.digest)
        # Not INSERT OR REPLACE: that passes by the trigger that counts what goes.
        self._connection.execute(_DROP, (key,))
        stamp = file.stamp
        marks = (stamp.mtime_ns, stamp.ctime_ns, stamp.inode) if stamp else (None, None, None)
        row = (key, file.extension, file.size, file.used_at, int(file.pinned), *marks)
        self._connection.execute(_PUT, row)

    def drop(self, digest: Digest) -> None:
        """Strike one out; nothing happens when it is not booked."""
        self._connection.execute(_DROP, (bytes.fromhex(digest),))

    def use(self, digest: Digest, used_at: int) -> None:
        """Book a use."""
        self._connection.execute(_USE, (used_at, bytes.fromhex(digest)))


class _Open:
    """One open file of books, and whose it is."""

    __slots__ = ("connection", "inode", "lock", "name", "owner")

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.connection = connection
        self.name = str(path)
        self.inode = path.stat().st_ino
        self.owner = os.getpid()
        self.lock = threading.RLock()

    def is_good(self) -> bool:
        """Tell whether it is this process's, and still the file that lies there."""
        try:
            return self.owner == os.getpid() and os.stat(self.name).st_ino == self.inode  # noqa: PTH116 - for each cache hit
        except FileNotFoundError:
            return False


def _opened(path: Path) -> _Open:
    for attempt in range(2):
        try:
            return _connected(path)
        except sqlite3.Error as error:
            if attempt or not _is_damage(error):
                raise LocalDiskUnavailable(
                    f"{path}: the local books cannot be opened ({error}); look at this "
                    "computer's disk, then run the command again"
                ) from error
            _remove(path)
    raise AssertionError


def _connected(path: Path) -> _Open:
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        # NORMAL: a power cut may take the last uses, which nobody misses; nothing is torn.
        _turn_to_wal(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'cached_goes'")
        if known.fetchone() is None:
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
                begin(connection.execute, path)
            for statement in _statements(_TABLES):
                connection.execute(statement)
            connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return _Open(connection, path)


def _turn_to_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; with two first starts at once SQLite will not wait itself."""
    give_up = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or time.monotonic() > give_up:
                raise
            time.sleep(_BUSY_PAUSE)
        else:
            return


def _statements(script: str) -> Iterator[str]:
    """Split a script; ``executescript`` would commit on the way."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _begin_soon(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {int(_NOTING_WAITS * 1000)}")
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if not _is_busy(error):
            raise
        raise TimeoutError("another process writes the local books") from error
    finally:
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")


def _found(connection: sqlite3.Connection, digest: Digest) -> CachedFile | None:
    row: _Row | None = connection.execute(_FIND, (bytes.fromhex(digest),)).fetchone()
    return None if row is None else _file_of(row)


def _totals(connection: sqlite3.Connection) -> CacheTotals:
    return CacheTotals(*connection.execute(_TOTALS).fetchone())


def _file_of(row: _Row) -> CachedFile:
    digest, extension, size, used_at, pinned, mtime_ns, ctime_ns, inode = row
    stamp = None
    if mtime_ns is not None and ctime_ns is not None and inode is not None:
        stamp = FileStamp(size, mtime_ns, ctime_ns, inode)
    return CachedFile(Digest(digest.hex()), extension, size, used_at, bool(pinned), stamp)


def _is_busy(error: sqlite3.Error) -> bool:
    return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)
