"""Values for tests: originals, sightings, batches, made from numbers."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

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
from picture_pipeline.model.original import Original, Refusal, Sighting
from picture_pipeline.model.run import Batch, Publication, RunId
from picture_pipeline.model.stems import take_apart
from picture_pipeline.model.told import NOTHING, Told

CAMERA = SourceSpec(SourceName("camera"), b"/srv/camera")
FIRST = "2024-05-01T10:00:00Z"
LATER = "2024-05-02T10:00:00Z"
LATEST = "2024-05-03T10:00:00Z"
RECOGNISER = 3
WRITER = "host-1"


def bytes_of(number: int) -> bytes:
    return b"original %d" % number


def digest_of(number: int) -> Digest:
    return Digest(hashlib.sha256(bytes_of(number)).hexdigest())


def stamp_of(number: int, **changed: int) -> FileStamp:
    size = len(bytes_of(number))
    return FileStamp(size, 1_700_000_000_000_000_000 + number, 1, number)._replace(**changed)


def original_of(number: int, **changed: object) -> Original:
    digest = digest_of(number)
    known = Original(
        digest=digest,
        sha1="1" * 40,
        md5="5" * 32,
        size=len(bytes_of(number)),
        media_type="image/jpeg",
        path=f"originals/2024/03/15/{digest}.jpg",
        sidecar_sha256="",
        original_name=b"IMG_%d.JPG" % number,
        ingested_at=FIRST,
        asset=digest,
        role="primary",
        taken_at="2024-03-15T10:11:12",
        taken_from="exif_original",
    )
    return replace(known, **changed)


def sighting_of(
    number: int,
    name: bytes | None = None,
    *,
    folder: bytes = b"DCIM",
    source: SourceName = CAMERA.name,
    stamp: FileStamp | None = None,
    seen_at: str = FIRST,
    told: Told = NOTHING,
) -> Sighting:
    named = name or b"IMG_%d.JPG" % number
    known = stamp or stamp_of(number)
    stem = take_apart(named, known.size).stem
    return Sighting(source, folder, named, known, digest_of(number), seen_at, stem, told)


def publication_of(number: int, token: str | None = None, **changed: object) -> Publication:
    original = original_of(number, **changed)
    return Publication(token or f"token-{number}", original, sighting_of(number))


def refusal_of(name: bytes, recogniser: int = RECOGNISER, **changed: object) -> Refusal:
    known = Refusal(
        CAMERA.name, b"DCIM", name, stamp_of(9), "rejected", "not_a_picture", "text", recogniser
    )
    return replace(known, **changed)


def event_of(digest: Digest, outcome: str = "archived", time: str = FIRST) -> Event:
    return Event(EventType.INGESTION, time, outcome, digest, {"source": CAMERA.name})


def batch_of(
    name: str,
    publications: Sequence[Publication] = (),
    sightings: Sequence[Sighting] = (),
    refusals: Sequence[Refusal] = (),
    time: str = FIRST,
) -> Batch:
    digests = [p.original.digest for p in publications]
    events = tuple(event_of(digest, time=time) for digest in digests)
    events += tuple(event_of(s.digest, "duplicate", time) for s in sightings)
    return Batch(
        name, RunId(1), WRITER, "staging", time, tuple(publications), tuple(sightings),
        tuple(refusals), events,
    )  # fmt: skip


def lines_of(batch: Batch, first: int = 1) -> list[LedgerLine]:
    return [
        LedgerLine(batch.writer, number, event) for number, event in enumerate(batch.events, first)
    ]


def listing_of(*names: bytes, folder: bytes = b"DCIM") -> FolderListing:
    entries = (Entry(name, EntryKind.FILE, stamp_of(0)) for name in names)
    return FolderListing(folder, tuple(entries))
