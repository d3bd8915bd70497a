"""Plan a batch: what came out of the workers becomes publications, rows, events. Pure."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from picture_pipeline.model.candidate import FileStamp, is_utf8, printable
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import Event, EventType
from picture_pipeline.model.inspected import Failed, Inspected, InspectJob, Known, Rejected, Staged
from picture_pipeline.model.original import Original, Refusal, Sighting
from picture_pipeline.model.run import Batch, Publication, RunId
from picture_pipeline.model.times import format_time, format_utc
from picture_pipeline.ports import OriginalPath


@dataclass(frozen=True, slots=True)
class Finished:
    """A job and what came of it."""

    job: InspectJob
    inspected: Inspected


@dataclass(frozen=True, slots=True)
class BatchFrame:
    """What all rows of a batch share."""

    id: str
    run: RunId
    writer: str
    staging: str
    time: str
    recogniser: int


def plan_batch(
    frame: BatchFrame,
    finished: Sequence[Finished],
    known: Mapping[Digest, str],
    path_of: OriginalPath,
) -> Batch:
    """Decide for each finished job what is to be written.

    ``known`` are the digests the catalog holds already. The first of several
    candidates with the same new bytes is published, the others are sightings.
    """
    publications: dict[Digest, Publication] = {}
    sightings: list[Sighting] = []
    refusals: list[Refusal] = []
    events: list[Event] = []
    for one in finished:
        job = one.job
        match one.inspected:
            case Staged() as staged if _is_new(staged, known, publications):
                publication = _publication(frame, job, staged, path_of)
                publications[staged.checksums.sha256] = publication
                events.append(_archived(frame, publication))
            case Staged(checksums=checksums, stamp=stamp):
                sightings.append(_sighting(frame, job, checksums.sha256, stamp))
            case Known(digest=digest, stamp=stamp):
                sightings.append(_sighting(frame, job, digest, stamp))
            case Rejected(reason, detail, stamp):
                refusals.append(_refusal(frame, job, "rejected", (reason, detail), stamp))
            case Failed(reason, detail, FileStamp() as stamp):
                refusals.append(_refusal(frame, job, "failed", (reason, detail), stamp))
            case Failed():
                pass  # in the report only: the next run looks again
    events.extend(_seen_again(frame, sighting) for sighting in sightings)
    return Batch(
        id=frame.id,
        run=frame.run,
        writer=frame.writer,
        staging=frame.staging,
        time=frame.time,
        publications=tuple(publications.values()),
        sightings=tuple(sightings),
        refusals=tuple(refusals),
        events=tuple(events),
    )


def found_first(found: Mapping[Digest, str], path_of: OriginalPath) -> OriginalPath:
    """Give the rule for paths: an original that lies in the archive already stays where it is."""

    def path(digest: Digest, extension: str, day: date) -> str:
        return found.get(digest) or path_of(digest, extension, day)

    return path


def _is_new(
    staged: Staged, known: Mapping[Digest, str], planned: Mapping[Digest, Publication]
) -> bool:
    return staged.checksums.sha256 not in known and staged.checksums.sha256 not in planned


def _publication(
    frame: BatchFrame, job: InspectJob, staged: Staged, path_of: OriginalPath
) -> Publication:
    digest = staged.checksums.sha256
    path = path_of(digest, staged.media_type.extension, staged.metadata.capture.day)
    return Publication(
        token=job.token,
        original=_original(job, staged, path),
        sighting=_sighting(frame, job, digest, staged.stamp),
        renditions=staged.renditions,
        unrenderable=staged.unrenderable,
    )


def _original(job: InspectJob, staged: Staged, path: str) -> Original:
    metadata, capture = staged.metadata, staged.metadata.capture
    moment, gps, exposure = capture.taken_at, metadata.gps, metadata.exposure
    return Original(
        digest=staged.checksums.sha256,
        sha1=staged.checksums.sha1,
        md5=staged.checksums.md5,
        size=staged.stamp.size,
        media_type=staged.media_type.name,
        path=path,
        sidecar_sha256="",
        original_name=job.candidate.name,
        ingested_at=job.time,
        asset=staged.checksums.sha256,
        role="primary",
        taken_at=format_time(moment),
        taken_from=capture.taken_from.value,
        taken_at_utc=format_utc(moment) if moment.tzinfo else None,
        offset=format_time(moment)[-6:] if moment.tzinfo else None,
        subsecond=capture.subsecond,
        make=metadata.make,
        model=metadata.model,
        software=metadata.software,
        lens=metadata.lens,
        exposure_time=exposure.exposure_time,
        f_number=exposure.f_number,
        iso=exposure.iso,
        focal_length=exposure.focal_length,
        focal_length_35mm=exposure.focal_length_35mm,
        orientation=metadata.orientation,
        width=metadata.width,
        height=metadata.height,
        latitude=gps.latitude if gps else None,
        longitude=gps.longitude if gps else None,
        altitude=gps.altitude if gps else None,
        accuracy=gps.accuracy if gps else None,
        gps_time_utc=format_utc(gps.time_utc) if gps and gps.time_utc else None,
        rating=metadata.rating,
        keywords=metadata.keywords,
        tags=metadata.tags,
        title=metadata.title,
        caption=metadata.caption,
        content_identifier=metadata.content_identifier,
        burst=metadata.burst,
        notes=metadata.notes,
    )


def _sighting(frame: BatchFrame, job: InspectJob, digest: Digest, stamp: FileStamp) -> Sighting:
    candidate = job.candidate
    return Sighting(job.source, candidate.folder, candidate.name, stamp, digest, frame.time)


def _refusal(
    frame: BatchFrame, job: InspectJob, outcome: str, why: tuple[str, str], stamp: FileStamp
) -> Refusal:
    candidate = job.candidate
    return Refusal(
        source=job.source,
        folder=candidate.folder,
        name=candidate.name,
        stamp=stamp,
        outcome=outcome,
        reason=why[0],
        detail=why[1],
        recogniser=frame.recogniser,
    )


def _archived(frame: BatchFrame, publication: Publication) -> Event:
    original = publication.original
    detail = {
        "sha1": original.sha1,
        "md5": original.md5,
        "size": original.size,
        "media_type": original.media_type,
        "path": original.path,
        "asset": original.asset,
        "role": original.role,
        **_where(publication.sighting),
    }
    return Event(EventType.INGESTION, frame.time, "archived", original.digest, detail)


def _seen_again(frame: BatchFrame, sighting: Sighting) -> Event:
    return Event(EventType.INGESTION, frame.time, "duplicate", sighting.digest, _where(sighting))


def _where(sighting: Sighting) -> dict[str, object]:
    path = sighting.folder + b"/" + sighting.name if sighting.folder else sighting.name
    where: dict[str, object] = {
        "source": sighting.source,
        "source_path": printable(path),
        "stamp": list(sighting.stamp),
    }
    if not is_utf8(path):
        where["source_path_b64"] = base64.b64encode(path).decode("ascii")
    return where
