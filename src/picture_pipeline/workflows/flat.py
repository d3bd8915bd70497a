"""From what a worker found to the flat original that is stored, and back to metadata."""

from dataclasses import fields
from datetime import datetime

from picture_pipeline.model.candidate import Candidate
from picture_pipeline.model.inspected import InspectJob, Staged
from picture_pipeline.model.metadata import (
    Capture,
    Exposure,
    Gps,
    Metadata,
    OffsetFrom,
    Recording,
    TakenFrom,
)
from picture_pipeline.model.original import Original
from picture_pipeline.model.times import format_offset, format_time, format_utc

_SAME = (
    *("make", "model", "software", "lens", "orientation", "width", "height", "rating"),
    *("keywords", "tags", "title", "caption", "content_identifier", "burst", "duration"),
    *("motion_photo", "favourite", "hidden", "albums", "people", "stack", "notes"),
)
"""Attributes that Metadata and Original share under one name."""
INCOMPLETE = "incomplete: "
"""What the note begins with that says in what way a container is cut short."""
_EXPOSURE = tuple(field.name for field in fields(Exposure))


def flatten(job: InspectJob, staged: Staged, path: str) -> Original:
    """Give the original as it is stored; an asset of its own for now."""
    metadata, digest = staged.metadata, staged.checksums.sha256
    capture, gps, recording = metadata.capture, metadata.gps, metadata.recording
    moment = capture.taken_at
    missing = (INCOMPLETE + staged.incomplete,) if staged.incomplete else ()
    values = {name: getattr(metadata, name) for name in _SAME}
    return Original(
        digest=digest,
        sha1=staged.checksums.sha1,
        md5=staged.checksums.md5,
        size=staged.stamp.size,
        media_type=staged.media_type.name,
        family=staged.media_type.family.value,
        path=path,
        sidecar_sha256="",
        original_name=name_of(job.candidate),
        ingested_at=job.time,
        asset=digest,
        role="primary",
        incomplete=staged.incomplete is not None,
        taken_at=format_time(moment),
        taken_from=capture.taken_from.value,
        taken_at_utc=format_utc(moment) if moment.tzinfo else None,
        offset=format_offset(moment),
        offset_from=capture.offset_from.value if capture.offset_from else None,
        subsecond=capture.subsecond,
        **{name: getattr(metadata.exposure, name) for name in _EXPOSURE},
        latitude=gps.latitude if gps else None,
        longitude=gps.longitude if gps else None,
        altitude=gps.altitude if gps else None,
        accuracy=gps.accuracy if gps else None,
        gps_time_utc=format_utc(gps.time_utc) if gps and gps.time_utc else None,
        video_codec=recording.codec if recording else None,
        frame_rate=recording.frame_rate if recording else None,
        audio_codec=recording.audio if recording else None,
        **values | {"notes": metadata.notes + missing},
    )


def name_of(candidate: Candidate) -> bytes:
    """Give a candidate's own name: as its source tells it, else the one that its file has there."""
    told = (candidate.told.original_name or "").rpartition("/")[2].replace("\0", "")
    return told.encode("utf-8", "replace") or candidate.name


def metadata_of(original: Original) -> Metadata:
    """Give an original's metadata as its sidecar tells it."""
    return Metadata(
        capture=Capture(
            datetime.fromisoformat(original.taken_at),
            TakenFrom(original.taken_from),
            original.subsecond,
            OffsetFrom(original.offset_from) if original.offset_from else None,
        ),
        exposure=Exposure(**{name: getattr(original, name) for name in _EXPOSURE}),
        gps=_gps_of(original),
        recording=_recording_of(original),
        **{name: getattr(original, name) for name in _SAME},
    )


def _gps_of(original: Original) -> Gps | None:
    if original.latitude is None or original.longitude is None:
        return None
    time = original.gps_time_utc
    return Gps(
        original.latitude,
        original.longitude,
        original.altitude,
        original.accuracy,
        datetime.fromisoformat(time) if time else None,
    )


def _recording_of(original: Original) -> Recording | None:
    told = (original.video_codec, original.frame_rate, original.audio_codec)
    return Recording(*told) if any(told) else None
