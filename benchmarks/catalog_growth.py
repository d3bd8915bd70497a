"""What the catalog costs as it grows: 1,000, 100,000 and 1,000,000 originals side by side.

The three catalogs take turns, so that a busy machine is unfair to none. Figures are medians; the
ratios say what matters: "the cost of importing file N+1 does not grow with N".

    python benchmarks/catalog_growth.py [--sizes 1000,100000,1000000] [--rounds 40] [--folder DIR]
                                        [--keep] [--database postgresql://...]

With ``--database`` the originals go into that (empty) database, one size only.
"""

import argparse
import hashlib
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

from sqlalchemy import select

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.catalog.queries import page_through, totals
from picture_pipeline.catalog.tables import originals
from picture_pipeline.model.asset import AssetKind, Group, Membership, Role
from picture_pipeline.model.candidate import (
    Entry,
    EntryKind,
    FileStamp,
    FolderListing,
    SourceName,
    SourceSpec,
)
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import Event, EventType, LedgerLine
from picture_pipeline.model.original import Original, Sighting
from picture_pipeline.model.query import Filter
from picture_pipeline.model.rendition import RenditionEntry
from picture_pipeline.model.run import Batch, Publication, RunId
from picture_pipeline.model.stems import take_apart

SOURCE = SourceSpec(SourceName("camera"), b"/srv/camera")
NOW = "2024-05-01T10:00:00Z"
BATCH = 64
CHUNK = 5000
"""Entries that an import looks up together."""
IN_FOLDER = 1000
FILL = 2000
NEVER_THERE = 1 << 40
NAMES = ("tiny", "small", "medium")


@dataclass(frozen=True)
class Grown:
    """A catalog with a number of originals."""

    size: int
    catalog: SqlCatalog
    fresh: Iterator[int]
    """Numbers of originals that it does not hold yet."""


def digest_of(number: int) -> Digest:
    return Digest(hashlib.sha256(b"%d" % number).hexdigest())


def stamp_of(number: int) -> FileStamp:
    return FileStamp(3_000_000 + number * 7919 % 5_000_011, number, number, number)


def folder_of(number: int) -> bytes:
    return b"DCIM/%dAPPLE" % (number // IN_FOLDER)


def name_of(number: int) -> bytes:
    return b"IMG_%07d.JPG" % number


def publication_of(number: int) -> Publication:
    """Make an original of which nothing tells when the ones around it were taken."""
    digest = digest_of(number)
    spread = int(digest[:8], 16)
    day = f"{2004 + spread % 20}/{1 + spread // 20 % 12:02}/{1 + spread // 240 % 28:02}"
    original = Original(
        digest=digest,
        sha1=digest[:40],
        md5=digest[:32],
        size=stamp_of(number).size,
        media_type="image/heic" if spread % 3 else "image/jpeg",
        path=f"originals/{day}/{digest}.jpg",
        sidecar_sha256=digest,
        original_name=name_of(number),
        ingested_at=NOW,
        asset=digest,
        role="primary",
        taken_at=f"{day.replace('/', '-')}T10:11:12.705+02:00",
        taken_from="exif_original",
        offset="+02:00",
        subsecond="705",
        make="Apple",
        model="iPhone 15 Pro",
        lens="iPhone 15 Pro back triple camera 6.765mm f/1.78",
        width=4032,
        height=3024,
        latitude=47.5,
        longitude=11.25,
        content_identifier=digest[:32] if spread % 3 else None,
    )
    stamp, name = stamp_of(number), name_of(number)
    stem = take_apart(name, stamp.size).stem
    seen = Sighting(SOURCE.name, folder_of(number), name, stamp, digest, NOW, stem)
    return Publication(f"token-{number}", original, seen)


def group_of(digest: Digest) -> Group:
    return Group(digest, AssetKind.PHOTO, (Membership(digest, digest, Role.PRIMARY),))


def batch_of(numbers: Sequence[int]) -> tuple[Batch, list[LedgerLine]]:
    published = tuple(map(publication_of, numbers))
    events = tuple(
        Event(EventType.INGESTION, NOW, "archived", p.original.digest, {}) for p in published
    )
    batch = Batch(f"{numbers[0]:016x}", RunId(1), "host-1", "staging", NOW, published)
    groups = tuple(group_of(p.original.digest) for p in published)
    lines = [LedgerLine("host-1", n + 1, e) for n, e in zip(numbers, events, strict=True)]
    return replace(batch, events=events, groups=groups), lines


def publish(catalog: SqlCatalog, numbers: Sequence[int]) -> None:
    """Do all that a batch asks of the catalog."""
    batch, lines = batch_of(numbers)
    digests = [p.original.digest for p in batch.publications]
    with catalog.publishing() as books:
        books.paths_of(digests)
        books.found_paths(digests)
        books.neighbourhood(
            [(p.sighting.source, p.sighting.folder, p.sighting.stem) for p in batch.publications],
            [i for p in batch.publications if (i := p.original.content_identifier)],
            [],
            [],
        )
        books.check()
        books.record(batch, lines)


def grow(url: str, size: int) -> Grown:
    catalog = SqlCatalog.open(url)
    catalog.add_source(SOURCE)
    numbers = count()
    began = time.monotonic()
    for first in range(0, size, FILL):
        publish(catalog, list(islice(numbers, min(FILL, size - first))))
    if catalog.engine.dialect.name == "postgresql":
        with catalog.engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")  # what autovacuum does within a minute
    print(f"{size:>9,} originals booked in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return Grown(size, catalog, numbers)


def known_chunk(grown: Grown) -> None:
    first = grown.size // 2 // IN_FOLDER * IN_FOLDER
    grown.catalog.known_stamps(SOURCE.name, [FolderListing(folder_of(first), ())], 1)


def unknown_chunk(grown: Grown) -> None:
    entries = (Entry(b"%d" % n, EntryKind.FILE, stamp_of(n)) for n in range(CHUNK))
    listing = FolderListing(b"new", tuple(entries))
    grown.catalog.known_stamps(SOURCE.name, [listing], 1)


def sizes_of_chunk(grown: Grown) -> None:
    grown.catalog.digests_of_size(NEVER_THERE + number for number in range(CHUNK))


def one_batch(grown: Grown) -> None:
    publish(grown.catalog, list(islice(grown.fresh, BATCH)))


def keyset_page(grown: Grown) -> None:
    middle = digest_of(grown.size // 2)
    for _ in islice(page_through(grown.catalog.engine, Filter(), middle), 1000):
        pass


def offset_page(grown: Grown) -> None:
    order = (originals.c.taken_sort, originals.c.id)
    query = select(originals).order_by(*order).limit(1000).offset(grown.size // 2)
    with reading(grown.catalog.engine) as connection:
        connection.execute(query).mappings().all()


STEPS: dict[str, Callable[[Grown], None]] = {
    f"stamps of new folders, {CHUNK:,} files": unknown_chunk,
    f"stamps of {IN_FOLDER:,} known files": known_chunk,
    f"originals of {CHUNK:,} new sizes": sizes_of_chunk,
    f"publish a batch of {BATCH}": one_batch,
    "a page of 1,000 by key": keyset_page,
    "a page of 1,000 by OFFSET": offset_page,
}


def medians(grown: Sequence[Grown], rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Give wall and CPU milliseconds of each step for each catalog, in turn."""
    found: dict[str, list[tuple[float, float]]] = {}
    for name, step in STEPS.items():
        times: list[list[tuple[float, float]]] = [[] for _ in grown]
        for turn in range(rounds + 1):
            for number, one in enumerate(grown):
                wall, cpu = time.perf_counter(), time.process_time()
                step(one)
                passed = (time.perf_counter() - wall, time.process_time() - cpu)
                if turn:  # the first turn warms up
                    times[number].append(passed)
        found[name] = [
            tuple(1000 * statistics.median(column) for column in zip(*each, strict=True))
            for each in times
        ]
    return found


def tell(grown: Sequence[Grown], found: dict[str, list[tuple[float, float]]]) -> None:
    heads = "".join(f"{one.size:>22,}" for one in grown)
    print(f"{'ms: wall (CPU)':<40}{heads}{'ratio':>8}")
    for name, columns in found.items():
        figures = "".join(f"{f'{wall:.2f} ({cpu:.2f})':>22}" for wall, cpu in columns)
        print(f"{name:<40}{figures}{columns[-1][0] / columns[0][0]:>8.2f}")


def whole(url: str, local: str) -> None:
    """In a process of its own: read everything once, tell seconds and peak memory."""
    catalog, told = SqlCatalog.open(url), {}
    steps: dict[str, Callable[[], object]] = {
        "storage-stats, catalog": lambda: totals(catalog.engine),
        "storage-stats, thumbnails": lambda: _thumbnails(local),
        "list": lambda: sum(1 for _ in page_through(catalog.engine, Filter())),
        "list --tag": lambda: list(page_through(catalog.engine, Filter(tag="none"))),
        "list --source --camera": lambda: list(
            page_through(catalog.engine, Filter(source="camera", camera="nikon"))
        ),
    }
    for name, step in steps.items():
        began = time.monotonic()
        step()
        told[f"{name}, s"] = round(time.monotonic() - began, 2)
    grown = Grown(1, catalog, count(1 << 32))
    for step in (known_chunk, unknown_chunk, sizes_of_chunk, one_batch):
        step(grown)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**told, "peak memory, MiB": round(peak)}))


def _thumbnails(local: str) -> None:
    books = LocalBooks.open(Path(local))
    books.totals()
    books.complete(NAMES)
    books.close()


def fill_local(file: Path, size: int) -> None:
    books = LocalBooks.open(file)
    entries = [RenditionEntry(name, 1, 1, 1000) for name in NAMES]
    for first in range(0, size, FILL):
        made = {digest_of(n): entries for n in range(first, min(first + FILL, size))}
        books.record(made, {}, 1)
    books.close()


def measure(options: argparse.Namespace, folder: Path) -> None:
    sizes = [int(size) for size in options.sizes.split(",")]
    urls = [options.database or f"sqlite:///{folder}/{size}.db" for size in sizes]
    if options.database:
        sizes = sizes[-1:]
    grown = [grow(url, size) for url, size in zip(urls, sizes, strict=False)]
    tell(grown, medians(grown, options.rounds))
    local = folder / "local.db"
    fill_local(local, sizes[-1])
    for one in grown:
        one.catalog.close()
    sys.stdout.flush()
    subprocess.run((sys.executable, __file__, "--whole", urls[-1], str(local)), check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--folder", type=Path, help="where the catalogs are made (a local disk)")
    parser.add_argument("--keep", action="store_true", help="leave the catalogs there")
    parser.add_argument("--database", help="an empty PostgreSQL database instead")
    parser.add_argument("--whole", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.whole:
        whole(*options.whole)
        return
    folder = Path(tempfile.mkdtemp(prefix="catalog-growth-", dir=options.folder))
    try:
        measure(options, folder)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
