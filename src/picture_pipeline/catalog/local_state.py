"""Whether the local books know all that lies in the folders beside them.

Kept as SQLite's ``user_version``: 0 for a new file, 1 when they are whole.
New books beside filled folders are what is left after the books were lost.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

_WHOLE = 1
_FILES = ("thumbs/*/??/*", "cache/full/??/*")


def begin(execute: Callable[[str], object], path: Path) -> None:
    """Call when the file of books at ``path`` has no table yet, inside the transaction."""
    if not any(next(path.parent.glob(pattern), None) for pattern in _FILES):
        execute(f"PRAGMA user_version = {_WHOLE}")


def are_whole(path: Path) -> bool:
    """Tell whether the books know all; False also when there are none beside filled folders."""
    if not path.exists():
        return not any(next(path.parent.glob(pattern), None) for pattern in _FILES)
    try:
        with closing(sqlite3.connect(path)) as books:
            return bool(books.execute("PRAGMA user_version").fetchone()[0] >= _WHOLE)
    except sqlite3.Error:
        return False


def mark_whole(path: Path) -> None:
    """Note that the books know all that lies in the folders."""
    with closing(sqlite3.connect(path, isolation_level=None)) as books:
        books.execute(f"PRAGMA user_version = {_WHOLE}")
