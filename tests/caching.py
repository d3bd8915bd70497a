"""A cache in a folder of its own, and an archive that counts how often it is read."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from picture_pipeline.cache.full import OriginalCache, Surroundings
from picture_pipeline.cache.place import CachePlace
from picture_pipeline.catalog.cache_books import SqlCacheBooks
from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.model.cached import CacheLimits, Wanted
from picture_pipeline.model.digest import Digest

DAY = 86_400 * 10**9
PLENTY = 1 << 50
NOON = 1_800_000_000 * 10**9


def bytes_of(number: int, size: int = 1000) -> bytes:
    """Make bytes of their own for each number."""
    return (b"%d " % number * size)[:size]


def wanted_of(data: bytes, extension: str = "jpg") -> Wanted:
    """Describe an original with these bytes."""
    digest = Digest(hashlib.sha256(data).hexdigest())
    return Wanted(digest, f"originals/2024/01/02/{digest}.{extension}", len(data))


@dataclass
class FolderArchive:
    """An archive reader over a folder, in this process; a line in ``reads`` for each read."""

    root: Path
    away: bool = False

    def put(self, data: bytes, claimed: bytes | None = None) -> Wanted:
        """Archive bytes; under another digest when they are only claimed to be others."""
        wanted = wanted_of(data if claimed is None else claimed)
        path = self.root / wanted.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return wanted

    @property
    def reads(self) -> list[str]:
        """The paths that were read, in order, by whichever process."""
        log = self.root / "reads"
        return log.read_text().splitlines() if log.exists() else []

    def read(self, path: str, start: int = 0, count: int | None = None) -> Iterator[bytes]:
        """Give the bytes; see ``ports.ArchiveReader``."""
        if self.away:
            raise ArchiveUnavailable(f"{self.root}: away; mount the NAS")
        try:
            data = (self.root / path).read_bytes()
        except FileNotFoundError as error:
            raise IntegrityError(f"{path}: the original is missing from the archive") from error
        with (self.root / "reads").open("a") as log:
            log.write(path + "\n")
        end = len(data) if count is None else start + count
        yield from (data[at : min(at + 400, end)] for at in range(start, min(end, len(data)), 400))

    def copy(self, path: str, target: int) -> Iterator[int]:
        """Copy the bytes; see ``ports.ArchiveReader``."""
        for chunk in self.read(path):
            yield os.write(target, chunk)


@dataclass
class Clock:
    """A clock that stands until it is moved, a nanosecond further at each look."""

    now: int = NOON

    def __call__(self) -> int:
        self.now += 1
        return self.now


@dataclass
class Shelf:
    """A cache with all that is around it."""

    base: Path
    limit: int = 10_000
    days: float = 30
    min_free: int = 0
    free: int = PLENTY
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.base.mkdir(parents=True, exist_ok=True)
        self.archive = FolderArchive(self.base / "archive")
        self.archive.root.mkdir(exist_ok=True)
        self.place = CachePlace(self.base / "cache")
        self.books = SqlCacheBooks(self.base / "local.db")
        self.cache = self.another()

    def another(self) -> OriginalCache:
        """Give a further cache over the same folder, as another process has it."""
        limits = CacheLimits(self.limit, int(self.days * DAY), self.min_free)
        world = Surroundings(self.clock, lambda: self.free, patience=1.0)
        return OriginalCache(self.place, SqlCacheBooks(self.base / "local.db"), limits, world)

    def fill(self, count: int, size: int = 1000) -> list[Wanted]:
        """Archive originals and fetch them one after the other."""
        found = [self.archive.put(bytes_of(number, size)) for number in range(count)]
        for wanted in found:
            self.get(wanted)
        return found

    def get(self, wanted: Wanted) -> bytes | None:
        """Fetch one and read it; None when it cannot be kept."""
        file = self.cache.fetch(wanted, self.archive)
        if file is None:
            return None
        with file:
            return file.read()

    def holds(self, wanted: Wanted) -> bool:
        """Tell whether an original's file lies in the cache."""
        return self.file(wanted).exists()

    def file(self, wanted: Wanted) -> Path:
        """Give the place of an original in the cache."""
        return self.place.file(wanted.digest, wanted.extension)

    def files(self) -> list[Path]:
        """List all files of the cache's folder, temp files too."""
        found = (*self.place.full.rglob("*"), *self.place.incoming.glob("*"))
        return sorted(path for path in found if path.is_file())

    def size(self) -> int:
        """Add up the bytes of the originals that lie there."""
        return sum(path.stat().st_size for path in self.place.full.rglob("*") if path.is_file())
