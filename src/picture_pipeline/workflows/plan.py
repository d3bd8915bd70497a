"""Plan a batch: what came out of the workers becomes publications, rows, events. Pure."""

import base64
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from picture_pipeline.model.asset import Group
from picture_pipeline.model.candidate import FileStamp, is_utf8, printable
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import Event, EventType
from picture_pipeline.model.inspected import (
    Failed,
    Inspected,
    InspectJob,
    Known,
    Postponed,
    Rejected,
    Staged,
    Tie,
    Tied,
)
from picture_pipeline.model.original import Original, Refusal, Sighting
from picture_pipeline.model.run import Batch, Change, Publication, RunId
from picture_pipeline.model.stems import take_apart
from picture_pipeline.model.told import NOTHING
from picture_pipeline.ports import OriginalPath
from picture_pipeline.workflows.flat import flatten


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
    for one in finished:
        job = one.job
        match one.inspected:
            case Staged() as staged if _is_new(staged, known, publications):
                publication = _publication(frame, job, staged, path_of)
                publications[staged.checksums.sha256] = publication
            case Staged(checksums=checksums, stamp=stamp):
                sightings.append(_sighting(frame, job, checksums.sha256, stamp))
            case Known(digest=digest, stamp=stamp):
                sightings.append(_sighting(frame, job, digest, stamp))
            case Rejected(reason, detail, stamp):
                refusals.append(_refusal(frame, job, "rejected", (reason, detail), stamp))
            case Failed(reason, detail, FileStamp() as stamp):
                refusals.append(_refusal(frame, job, "failed", (reason, detail), stamp))
            case Failed() | Postponed():
                pass  # in the report only: the next run looks again
    return Batch(
        id=frame.id,
        run=frame.run,
        writer=frame.writer,
        staging=frame.staging,
        time=frame.time,
        publications=tuple(publications.values()),
        sightings=tuple(sightings),
        refusals=tuple(refusals),
    )


def with_events(batch: Batch) -> Batch:
    """Give the batch with an event for each thing in it, in the order of the ledger."""
    further = _further_assets(batch.groups)
    archived = (_archived(batch.time, p, further) for p in batch.publications)
    again = (_seen_again(batch.time, sighting) for sighting in batch.sightings)
    changed = (_changed(batch.time, change, further) for change in batch.changes)
    return replace(batch, events=(*archived, *again, *changed))


def _further_assets(groups: Iterable[Group]) -> dict[Digest, list[str]]:
    found: defaultdict[Digest, list[str]] = defaultdict(list)
    for group in groups:
        for member in group.members:
            if not member.home:
                found[member.digest].append(group.id)
    return found


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
        original=_tied(flatten(job, staged, path), staged.tied),
        sighting=_sighting(frame, job, digest, staged.stamp),
        renditions=staged.renditions,
        unrenderable=staged.unrenderable,
        picture_hash=staged.picture_hash,
    )


def _tied(original: Original, tied: Tied | None) -> Original:
    revises = tied is not None and tied.tie is Tie.REVISES
    return replace(original, revises=tied.earlier) if tied and revises else original


def _sighting(frame: BatchFrame, job: InspectJob, digest: Digest, stamp: FileStamp) -> Sighting:
    candidate = job.candidate
    return Sighting(
        source=job.source,
        folder=candidate.folder,
        name=candidate.name,
        stamp=stamp,
        digest=digest,
        seen_at=frame.time,
        stem=take_apart(candidate.name, stamp.size).stem,
        told=candidate.told,
    )


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


def _archived(
    time: str, publication: Publication, further: Mapping[Digest, Sequence[str]]
) -> Event:
    original = publication.original
    detail = {
        "sha1": original.sha1,
        "md5": original.md5,
        "size": original.size,
        "media_type": original.media_type,
        "path": original.path,
        **_place_in_asset(original, further),
        **_where(publication.sighting),
    }
    return Event(EventType.INGESTION, time, "archived", original.digest, detail)


def _place_in_asset(
    original: Original, further: Mapping[Digest, Sequence[str]]
) -> dict[str, object]:
    told = {
        "also_in": list(further.get(original.digest, ())),
        "incomplete": original.incomplete,
        "superseded_by": original.superseded_by,
        "revises": original.revises,
    }
    known = {key: value for key, value in told.items() if value}
    return {"asset": original.asset, "role": original.role, **known}


def _changed(time: str, change: Change, further: Mapping[Digest, Sequence[str]]) -> Event:
    original = change.original
    detail = {
        **_place_in_asset(original, further),
        "sidecar": "kept" if change.sidecar is None else "rewritten",
    }
    return Event(EventType.METADATA_MODIFICATION, time, "regrouped", original.digest, detail)


def _seen_again(time: str, sighting: Sighting) -> Event:
    return Event(EventType.INGESTION, time, "duplicate", sighting.digest, _where(sighting))


def _where(sighting: Sighting) -> dict[str, object]:
    path = sighting.folder + b"/" + sighting.name if sighting.folder else sighting.name
    where: dict[str, object] = {
        "source": sighting.source,
        "source_path": printable(path),
        "stamp": list(sighting.stamp),
    }
    if sighting.told != NOTHING:
        where["told"] = sighting.told.said()
    if not is_utf8(path):
        where["source_path_b64"] = base64.b64encode(path).decode("ascii")
    return where
