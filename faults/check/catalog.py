"""Read the catalog through its documented views, without touching its files."""

import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

ORIGINALS = "SELECT digest, path, size FROM v_originals"
SIGHTINGS = "SELECT digest, source, {path} FROM v_sightings"
EVENTS = "SELECT writer, seq FROM events"
CHECKS = ("PRAGMA integrity_check", "PRAGMA foreign_key_check")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of ``v_originals``."""

    digest: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that the check asks a catalog."""

    faults: list[str]
    originals: list[Row]
    sightings: set[tuple[str, bytes]]
    """Digest and absolute path."""
    events: list[tuple[str, int]]


EMPTY = Catalog([], [], set(), [])


def read(where: str) -> Catalog:
    """Read a SQLite file or a ``postgresql://`` URL; what is not there is empty."""
    if where.startswith("postgresql://"):
        return _from_postgresql(where)
    return _from_sqlite(Path(where)) if Path(where).exists() else EMPTY


def faults_of(file: Path) -> list[str]:
    """Say what SQLite itself finds wrong with a file."""
    with tempfile.TemporaryDirectory() as folder:
        return _sqlite_faults(_copy(file, Path(folder))) if file.exists() else []


def _copy(file: Path, folder: Path) -> Path:
    """Copy a database with its log: opening the real one would change what a crash left."""
    for part in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-journal")):
        if part.exists():
            shutil.copyfile(part, folder / part.name)
    return folder / file.name


def _from_sqlite(file: Path) -> Catalog:
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy(file, Path(folder))
        faults = _sqlite_faults(copy)
        if faults:
            return Catalog(faults, [], set(), [])
        with closing(sqlite3.connect(copy)) as database:
            return _from_rows(
                *(
                    _rows(database, query)
                    for query in (ORIGINALS, SIGHTINGS.format(path="path"), EVENTS)
                )
            )


def _sqlite_faults(file: Path) -> list[str]:
    try:
        with closing(sqlite3.connect(file)) as database:
            answers = [row for check in CHECKS for row in database.execute(check)]
    except sqlite3.DatabaseError as error:
        return [f"{file.name}: {error}"]
    return [f"{file.name}: {row}" for row in answers if row != ("ok",)]


def _rows(database: sqlite3.Connection, query: str) -> list[tuple[object, ...]]:
    """Ask; a catalog whose making was cut short has no tables yet."""
    try:
        return database.execute(query).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return []
        raise


def _from_rows(
    originals: list[tuple[object, ...]],
    sightings: list[tuple[object, ...]],
    events: list[tuple[object, ...]],
) -> Catalog:
    return Catalog(
        [],
        [Row(str(digest), str(path), int(str(size))) for digest, path, size in originals],
        {(str(digest), _absolute(source, path)) for digest, source, path in sightings},
        [(str(writer), int(str(seq))) for writer, seq in events],
    )


def _absolute(source: object, path: object) -> bytes:
    name = path if isinstance(path, bytes) else str(path).encode()
    return str(source).encode() + b"/" + name


def _from_postgresql(url: str) -> Catalog:
    originals, sightings, events = (
        _psql(url, query)
        for query in (ORIGINALS, SIGHTINGS.format(path="encode(path, 'hex')"), EVENTS)
    )
    sightings = [(digest, source, bytes.fromhex(str(raw))) for digest, source, raw in sightings]
    return _from_rows(originals, sightings, events)


def _psql(url: str, query: str) -> list[tuple[object, ...]]:
    """Ask by psql: field separator 0x1f, which no field of ours holds."""
    command = ["psql", "-X", "-A", "-t", "-F", "\x1f", "-c", query, url]
    answer = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    return [tuple(line.split("\x1f")) for line in answer.stdout.splitlines()]
