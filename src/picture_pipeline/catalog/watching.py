"""The watch's own books in ``local.db``: how each source stands, and what waits.

On the bare driver: the health check of a container asks every minute. The file
may be deleted at any time; the next call makes a new one.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from picture_pipeline.catalog.local_state import begin
from picture_pipeline.errors import LocalDiskUnavailable
from picture_pipeline.model.candidate import FileStamp, SourceName
from picture_pipeline.model.watched import (
    Baseline,
    Place,
    SourceState,
    SourceStatus,
    StandingStill,
)

_BUSY_SECONDS = 60
_HAS_TABLES = "SELECT 1 FROM sqlite_master LIMIT 1"
_TABLES = """
CREATE TABLE IF NOT EXISTS watch (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    heartbeat REAL NOT NULL,
    trouble TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS watched (
    source TEXT PRIMARY KEY,
    path BLOB NOT NULL,
    status TEXT NOT NULL,
    detail TEXT NOT NULL,
    noted_at REAL NOT NULL,
    last_pass REAL,
    last_new REAL,
    waiting INTEGER NOT NULL,
    device INTEGER,
    files INTEGER,
    markers BLOB,
    shrunken_since REAL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS standing_still (
    source TEXT NOT NULL,
    folder BLOB NOT NULL,
    name BLOB NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    since REAL NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (source, folder, name)
) WITHOUT ROWID;
"""
_STATES = """SELECT source, path, status, detail, noted_at, last_pass, last_new, waiting,
    device, files, markers, shrunken_since FROM watched ORDER BY source"""
_NOTE_STATE = "INSERT OR REPLACE INTO watched VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FORGET_STATE = "DELETE FROM watched WHERE source = ?"
_BEAT = "INSERT OR REPLACE INTO watch VALUES (1, ?, ?)"
_HEARTBEAT = "SELECT heartbeat, trouble FROM watch"
_STANDING = """SELECT folder, name, size, mtime_ns, ctime_ns, inode, since, tries
    FROM standing_still WHERE source = ?"""
_CLEAR_STANDING = "DELETE FROM standing_still WHERE source = ?"
_NOTE_STANDING = "INSERT OR REPLACE INTO standing_still VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


class SqlWatchBooks:
    """What the watch keeps; see ``ports.WatchBooks``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def states(self) -> tuple[SourceState, ...]:
        """Give the last noted state of every source that was ever watched here."""
        with self._open() as connection:
            return tuple(_state(row) for row in connection.execute(_STATES))

    def heartbeat(self) -> tuple[float, str] | None:
        """Give when a watch last told of itself, and what it waited for as a whole."""
        with self._open() as connection:
            row = connection.execute(_HEARTBEAT).fetchone()
        return None if row is None else (row[0], row[1])

    def note(self, time: float, trouble: str, states: Iterable[SourceState]) -> None:
        """Note how the watch and these sources stand."""
        with self._open() as connection:
            connection.execute(_BEAT, (time, trouble))
            connection.executemany(_NOTE_STATE, [_row(state) for state in states])

    def forget(self, source: SourceName) -> None:
        """Strike out all that is noted of a source."""
        with self._open() as connection:
            connection.execute(_FORGET_STATE, (source,))
            connection.execute(_CLEAR_STANDING, (source,))

    def standing_still(self, source: SourceName) -> tuple[StandingStill, ...]:
        """Give what waited at this source when it was last noted."""
        with self._open() as connection:
            return tuple(_standing(row) for row in connection.execute(_STANDING, (source,)))

    def note_standing_still(self, source: SourceName, files: Iterable[StandingStill]) -> None:
        """Note what waits at this source, in place of what was noted before."""
        rows = [(source, *one.place, *one.stamp, one.since, one.tries) for one in files]
        with self._open() as connection:
            connection.execute(_CLEAR_STANDING, (source,))
            connection.executemany(_NOTE_STANDING, rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection:
                if connection.execute(_HAS_TABLES).fetchone() is None:
                    begin(connection.execute, self._path)
                connection.executescript(_TABLES)
                with connection:
                    yield connection
        except sqlite3.Error as error:
            raise LocalDiskUnavailable(
                f"{self._path}: the local books cannot be used ({error}); free space or look at "
                "this computer's disk. The file may be deleted: it is made anew"
            ) from error


def _state(row: tuple[object, ...]) -> SourceState:
    name, path, status, detail, noted_at, last_pass, last_new, waiting, *base = row
    return SourceState(
        name=SourceName(str(name)),
        path=_bytes(path),
        status=SourceStatus(str(status)),
        detail=str(detail),
        noted_at=_number(noted_at),
        last_pass=None if last_pass is None else _number(last_pass),
        last_new=None if last_new is None else _number(last_new),
        waiting=int(_number(waiting)),
        baseline=_baseline(*base),
    )


def _baseline(device: object, files: object, markers: object, since: object) -> Baseline | None:
    if device is None or files is None:
        return None
    return Baseline(
        device=int(_number(device)),
        files=int(_number(files)),
        markers=frozenset(_bytes(markers).split(b"/")) - {b""},
        shrunken_since=None if since is None else _number(since),
    )


def _row(state: SourceState) -> tuple[object, ...]:
    base = state.baseline
    return (
        *(state.name, state.path, state.status.value, state.detail, state.noted_at),
        *(state.last_pass, state.last_new, state.waiting),
        base and base.device,
        base and base.files,
        base and b"/".join(sorted(base.markers)),
        base and base.shrunken_since,
    )


def _standing(row: tuple[object, ...]) -> StandingStill:
    folder, name, *rest = row
    *stamp, since, tries = (_number(value) for value in rest)
    place = Place(_bytes(folder), _bytes(name))
    return StandingStill(place, FileStamp(*(int(part) for part in stamp)), since, int(tries))


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0
