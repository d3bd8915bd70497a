"""Full-size originals: the cache, its surroundings, and where the catalog says they lie."""

import os
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from picture_pipeline.bootstrap.local import LocalBase
from picture_pipeline.cache.full import OriginalCache, Surroundings
from picture_pipeline.cache.place import CachePlace
from picture_pipeline.cache.room import Room
from picture_pipeline.catalog.cache_books import SqlCacheBooks
from picture_pipeline.config import Config
from picture_pipeline.durable.mounts import read_mounts
from picture_pipeline.model.cached import CacheLimits, Wanted
from picture_pipeline.workflows.setup import refuse_sqlite_on_network

if TYPE_CHECKING:
    from picture_pipeline.catalog.catalog import SqlCatalog

BOOKS = "local.db"
_DAY_NS = 86_400 * 1_000_000_000
_GIB = 1 << 30
_PATIENCE_WITH_OTHERS = 1.5
"""Times the bound on the archive: the process that fetches gives up before those that wait."""


def open_books(config: Config) -> SqlCacheBooks:
    """Give the cache's books.

    Raises UsageError when they would lie on a network disk, LocalDiskUnavailable.
    """
    base = config.storage.local.base_path
    refuse_sqlite_on_network((base,), read_mounts())
    return SqlCacheBooks(LocalBase.open(base).path / BOOKS)


def open_cache(config: Config, books: SqlCacheBooks) -> OriginalCache:
    """Give the cache; nothing is opened or made before it is used."""
    place = CachePlace(config.storage.local.base_path / "cache")
    patience = config.storage.nas.answer_within_seconds * _PATIENCE_WITH_OTHERS
    world = Surroundings(time.time_ns, lambda: free_bytes(place.root), patience)
    return OriginalCache(place, books, limits_of_cache(config), world)


def limits_of_cache(config: Config) -> CacheLimits:
    """Give what the cache may take."""
    cache = config.storage.local.cache
    if cache.min_free_bytes is None:
        min_free = default_floor(disk_size(config.storage.local.base_path))
    else:
        min_free = cache.min_free_bytes
    return CacheLimits(cache.max_size_bytes, int(cache.ttl_days * _DAY_NS), min_free)


def default_floor(disk: int) -> int:
    """Give the bytes to leave free: 1 % of the disk, at least 1 GiB, at most a tenth."""
    return min(max(disk // 100, _GIB), disk // 10)


def room_now(cache: OriginalCache) -> Room:
    """Give the room there is, with nothing to come."""
    return Room(0, free_bytes(cache.place.root), time.time_ns())


def free_bytes(folder: Path) -> int:
    """Give the bytes that are free for this user on a folder's disk."""
    status = os.statvfs(_existing(folder))
    return status.f_bavail * status.f_frsize


def disk_size(folder: Path) -> int:
    """Give the size of a folder's disk in bytes."""
    status = os.statvfs(_existing(folder))
    return status.f_blocks * status.f_frsize


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


class Catalogued:
    """Asks the catalog where originals lie, and keeps it open between two questions."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._begin()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._open: tuple[SqlCatalog, int] | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the next question is answered at once."""
        return self._open is not None

    def locate(self, sha256: str) -> Wanted:
        """Find an original; raises UnknownOriginal, CatalogUnavailable."""
        from picture_pipeline.catalog.locate import locate  # noqa: PLC0415 - 0.2 s that hits need not pay

        return locate(self._catalog().engine, sha256)

    def archive_id(self) -> str | None:
        """Give the archive that the catalog belongs to."""
        return self._catalog().bound_archive()

    def close(self) -> None:
        """Let go of the catalog; the next question opens it again."""
        if self._owner == os.getpid():
            with self._lock:
                self._open = None
                self._stack.close()

    def _catalog(self) -> "SqlCatalog":
        from picture_pipeline.bootstrap.archive import open_catalog  # noqa: PLC0415 - as above

        if self._owner != os.getpid():
            # After a fork: connections and locks are the parent's; they are left alone.
            self._parents = (self._stack, self._open)
            self._begin()
        with self._lock:
            # A catalog that was made anew meanwhile is another file.
            if self._open is None or self._open[1] != self._inode():
                self._stack.close()
                _, catalog = self._stack.enter_context(open_catalog(self._config))
                self._open = catalog, self._inode()
            return self._open[0]

    def _inode(self) -> int:
        file = self._config.storage.database.sqlite_file
        try:
            return file.stat().st_ino if file else 0
        except FileNotFoundError:
            return -1
