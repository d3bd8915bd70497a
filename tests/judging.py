"""Says where catalog, disk and ledger of a World disagree; read with no code that wrote them."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from computers import World
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.local import LocalBooks, RenditionTotals

_CAME = ("archived", "restored")


def faults(world: World, *computers: str) -> list[str]:
    """Say where catalog, disk and ledger disagree; read with no code that wrote them."""
    disk = _originals(world)
    catalog = SqlCatalog.open(world.url)
    with catalog.engine.connect() as connection:
        booked = {
            str(path): str(digest)
            for digest, path in connection.exec_driver_sql("SELECT digest, path FROM originals")
        }
        sidecars = [
            (str(path), str(asset), str(sha256))
            for path, asset, sha256 in connection.exec_driver_sql(
                "SELECT path, asset, sidecar_sha256 FROM originals"
            )
        ]
        events = Counter(
            (str(writer), int(seq))
            for writer, seq in connection.exec_driver_sql("SELECT writer, seq FROM events")
        )
    catalog.close()
    lines, found = _ledger(world)
    archived = Counter(str(e["digest"]) for e in lines if e["outcome"] in _CAME)
    archived.subtract(str(e["digest"]) for e in lines if e["outcome"] == "trashed")
    found += [f"{path}: {why}" for path, why in _bad(world, disk)]
    found += [f"{path}: {why}" for path, why in _bad_sidecars(world, sidecars)]
    found += [f"not on disk: {path}" for path in booked.keys() - disk.keys()]
    found += [f"not in the catalog: {path}" for path in disk.keys() - booked.keys()]
    found += [f"twice: {d}" for d, n in Counter(disk.values()).items() if n > 1]
    found += [f"archived {archived[d]} times: {d}" for d in disk.values() if archived[d] != 1]
    there = {digest for digest, times in archived.items() if times}
    found += [f"archived, not there: {d}" for d in there - set(disk.values())]
    told = Counter((str(e["writer"]), int(str(e["seq"]))) for e in lines)
    found += [f"catalog and ledger differ: {e}" for e in (told - events) + (events - told)]
    found += [f"left in incoming: {name}" for name in world.incoming]
    for computer in computers:
        found += _local_faults(world.folder / computer, set(disk.values()))
    return found


def _originals(world: World) -> dict[str, str]:
    below = (world.archive / "originals").rglob("*.*")
    return {
        str(file.relative_to(world.archive)): file.stem for file in below if file.suffix != ".xmp"
    }


def _bad(world: World, disk: dict[str, str]) -> Iterator[tuple[str, str]]:
    for path, digest in disk.items():
        file = world.archive / path
        if hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            yield path, "other bytes than its name says"
        if not file.with_suffix(".xmp").exists():
            yield path, "no sidecar"


def _bad_sidecars(
    world: World, booked: Sequence[tuple[str, str, str]]
) -> Iterator[tuple[str, str]]:
    for path, asset, sha256 in booked:
        sidecar = (world.archive / path).with_suffix(".xmp").read_bytes()
        if hashlib.sha256(sidecar).hexdigest() != sha256:
            yield path, "another sidecar than is booked"
        if b"<pp:asset>" in sidecar and f"<pp:asset>{asset}</pp:asset>".encode() not in sidecar:
            yield path, "its sidecar names another asset"


def _ledger(world: World) -> tuple[list[dict[str, object]], list[str]]:
    lines: list[dict[str, object]] = []
    broken: list[str] = []
    for chain in (world.archive / ".picture-pipeline" / "ledger").iterdir():
        before, number = "0" * 64, 0
        for month in sorted(chain.iterdir()):
            for line in month.read_bytes().splitlines():
                record = json.loads(line)
                number += 1
                if (record["seq"], record["prev"]) != (number, before):
                    broken.append(f"chain {chain.name} breaks at {number}")
                before = hashlib.sha256(line).hexdigest()
                lines.append({**record, "writer": chain.name})
    return lines, broken


def _local_faults(local: Path, digests: set[str]) -> list[str]:
    thumbs = {file.stem for file in (local / "thumbs" / "tiny").rglob("*.jpg")}
    books = LocalBooks.open(local / "local.db")
    booked = books.totals()
    books.close()
    left = [file.name for file in (local / "thumbs" / ".incoming").iterdir()]
    return [
        *(f"no thumbnail: {digest}" for digest in digests - thumbs),
        *(f"thumbnail left over: {name}" for name in left),
        *(["thumbnails not booked"] if _count(booked.get("tiny")) != len(thumbs) else []),
    ]


def _count(booked: RenditionTotals | None) -> int:
    return booked.count if booked else 0
