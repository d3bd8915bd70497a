"""What the cache costs, beside reading and copying the same files, in one run.

Wall-clock times: processes work side by side here, and a person waits. Contenders take turns on
the same pictures, from a warm page cache; ratios are taken pair by pair, and are medians. The
plain copy reads, hashes (SHA-256) and writes in steps of one MiB, in one process, and like the
cache does not wait for the disk.
"""

import argparse
import hashlib
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import simplejpeg

from picture_pipeline import PhotoStorage
from picture_pipeline.cache.full import OriginalCache, Surroundings
from picture_pipeline.cache.place import CachePlace
from picture_pipeline.catalog.cache_books import SqlCacheBooks
from picture_pipeline.model.cached import CacheLimits, Wanted
from picture_pipeline.model.digest import Digest

COMMAND = Path(sys.executable).with_name("picture-pipeline")
STEP = 1 << 20
SMALL = 1000
"""Bytes of an entry where the number of entries is what counts."""
TURNS = 400
AGES = 10**18
ROW = "INSERT INTO cached (digest, extension, size, used_at, pinned) VALUES (?, 'jpg', ?, ?, 0)"


class Folder:
    """An archive reader that only the cache's own work is left of."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def read(self, path: str, start: int = 0, count: int | None = None) -> Iterator[bytes]:
        """Give the bytes."""
        data = (self.root / path).read_bytes()
        yield data[start : None if count is None else start + count]

    def copy(self, path: str, target: int) -> Iterator[int]:
        """Copy the bytes."""
        for data in self.read(path):
            yield os.write(target, data)


def timed(work: Callable[[], object]) -> float:
    """Give the milliseconds that something takes."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def plain_copy(source: Path, target: Path) -> str:
    """Copy with SHA-256."""
    whole = hashlib.sha256()
    with source.open("rb") as file, target.open("wb", buffering=0) as out:
        while chunk := file.read(STEP):
            whole.update(chunk)
            out.write(chunk)
    return whole.hexdigest()


def read_whole(path: Path) -> bytes:
    """Read a file as cheaply as Python can."""
    with path.open("rb", buffering=0) as file:
        return file.read()


def pairs(times: Sequence[tuple[float, float]], name: str, base: str) -> dict[str, float]:
    """Tell medians in ms, and the median of the ratios."""
    return {
        f"{base}_ms": round(statistics.median(theirs for _, theirs in times), 3),
        f"{name}_ms": round(statistics.median(mine for mine, _ in times), 3),
        "ratio": round(statistics.median(mine / theirs for mine, theirs in times), 3),
    }


def in_turn(
    number: int, mine: Callable[[], object], theirs: Callable[[], object]
) -> tuple[float, float]:
    """Measure two contenders, the other one first each second time."""
    if number % 2:
        second = timed(theirs)
        return timed(mine), second
    return timed(mine), timed(theirs)


def measure_storage(scratch: Path, size: int, count: int) -> dict[str, dict[str, float]]:
    """Measure misses and hits of originals of one size, as ``PhotoStorage`` gives them."""
    source, copies, home = scratch / "source", scratch / "copies", scratch / "home"
    for folder in (source, copies):
        folder.mkdir()
    picture = simplejpeg.encode_jpeg(np.zeros((64, 64, 3), np.uint8))
    for number in range(count):
        (source / f"{number}.jpg").write_bytes(picture + os.urandom(size - len(picture)))
    environ = {**os.environ, "PICTURE_PIPELINE_HOME": str(home)}
    subprocess.run(
        [COMMAND, "import", "--quiet", source], env=environ, check=True, capture_output=True
    )
    originals = {path.stem: path for path in home.rglob("originals/*/*/*/*.jpg")}
    for path in originals.values():
        path.read_bytes()
    with PhotoStorage.open(environ=environ) as storage:
        first, *digests = originals
        storage.get_photo(first, "full")  # opens books and catalog
        misses = [
            in_turn(
                number,
                lambda digest=digest: storage.keep(digest),
                lambda digest=digest: plain_copy(originals[digest], copies / digest),
            )
            for number, digest in enumerate(digests)
        ]
        cached = {path.stem: path for path in (home / "cache" / "full").rglob("*.jpg")}
        hits = [
            in_turn(
                number,
                lambda digest=digest: storage.get_photo(digest, "full"),
                lambda digest=digest: read_whole(cached[digest]),
            )
            for number, digest in enumerate(digests * 10)
        ]
    return {"miss": pairs(misses, "miss", "copy"), "hit": pairs(hits, "hit", "read")}


def measure_growth(scratch: Path, entries: int) -> dict[str, float]:
    """Measure accesses, and fetches that each move one out, beside so many entries."""
    place = CachePlace(scratch / "cache")
    place.make()
    books = SqlCacheBooks(scratch / "local.db")
    books.totals()
    archive = Folder(scratch / "archive")
    wanted = [archived(archive.root, number) for number in range(3 * TURNS)]
    leaving, used, coming = wanted[:TURNS], wanted[TURNS : 2 * TURNS], wanted[2 * TURNS :]
    cache = cache_of(place, books, limit=1 << 60)
    for each in (*leaving, *used):
        cache.keep(each, archive)
    cache.close()
    with closing(sqlite3.connect(scratch / "local.db")) as connection:
        rows = ((os.urandom(32), SMALL, AGES * 2) for _ in range(entries - 2 * TURNS))
        connection.executemany(ROW, rows)
        connection.commit()
    full = cache_of(place, books, limit=books.totals().size)
    accesses = [timed(lambda each=each: read_and_close(full, each)) for each in used * 2]
    evictions = [timed(lambda each=each: full.keep(each, archive)) for each in coming]
    full.close()
    kept = sum(place.file(each.digest, "jpg").exists() for each in leaving)
    if kept:
        raise SystemExit(f"{kept} of {TURNS} that should have left are still there")
    books.close()
    return {
        "access_ms": round(statistics.median(accesses), 4),
        "eviction_ms": round(statistics.median(evictions), 4),
    }


def cache_of(place: CachePlace, books: SqlCacheBooks, limit: int) -> OriginalCache:
    """Give a cache whose disk never fills up."""
    world = Surroundings(time.time_ns, lambda: 1 << 60, patience=5)
    return OriginalCache(place, books, CacheLimits(limit, 10 * AGES, 0), world)


def archived(root: Path, number: int) -> Wanted:
    """Put a small original into an archive."""
    data = number.to_bytes(8, "little") * (SMALL // 8)
    digest = Digest(hashlib.sha256(data).hexdigest())
    root.mkdir(exist_ok=True)
    (root / f"{digest}.jpg").write_bytes(data)
    return Wanted(digest, f"{digest}.jpg", len(data))


def read_and_close(cache: OriginalCache, wanted: Wanted) -> None:
    """Access one that is cached."""
    file = cache.open(wanted.digest)
    if file is None:
        raise SystemExit(f"{wanted.digest} left the cache")
    with file:
        file.read()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=60, help="originals of each size")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000_000, 12_000_000])
    parser.add_argument("--entries", type=int, nargs="+", default=[1_000, 1_000_000])
    arguments = parser.parse_args()
    figures: dict[str, object] = {}
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as scratch:
            figures[f"{size / 1e6:g} MB"] = measure_storage(Path(scratch), size, arguments.count)
        print(f"{size} bytes: {figures[f'{size / 1e6:g} MB']}", file=sys.stderr)
    for entries in arguments.entries:
        with tempfile.TemporaryDirectory() as scratch:
            figures[f"{entries:,} entries"] = measure_growth(Path(scratch), entries)
        print(f"{entries} entries: {figures[f'{entries:,} entries']}", file=sys.stderr)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
