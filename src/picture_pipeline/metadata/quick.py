"""The quick metadata: what a gallery shows of an original without asking the NAS.

A small JSON file beside the thumbnails, ``thumbs/metadata/<aa>/<sha256>.json``;
documented in docs/reference/quick-metadata.md. It can always be made again.
"""

import base64
import json

from picture_pipeline.model.candidate import is_utf8, printable
from picture_pipeline.model.digest import Checksums
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Exposure, Gps, Metadata, Recording
from picture_pipeline.model.times import format_offset, format_time, format_utc

SCHEMA = 1
"""Rises when a key changes its meaning or goes; new keys come without."""


def quick_metadata(
    checksums: Checksums,
    size: int,
    media_type: MediaType,
    metadata: Metadata,
    original_name: bytes,
) -> bytes:
    """Write the quick metadata of one original: sorted keys, unknown values left out.

    The same original gives the same bytes, whenever and wherever it is made.
    """
    values = {
        "schema": SCHEMA,
        "digest": checksums.sha256,
        "sha1": checksums.sha1,
        "md5": checksums.md5,
        "size": size,
        "media_type": media_type.name,
        **_name(original_name),
        **_capture(metadata),
        **_description(metadata),
        "exposure": _exposure(metadata.exposure),
        "gps": _gps(metadata.gps) if metadata.gps else None,
        "video": _video(metadata.recording) if metadata.recording else None,
    }
    known = {key: value for key, value in values.items() if value not in (None, [], {})}
    text = json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def _name(name: bytes) -> dict[str, object]:
    encoded = None if is_utf8(name) else base64.b64encode(name).decode("ascii")
    return {"original_name": printable(name), "original_name_b64": encoded}


def _capture(metadata: Metadata) -> dict[str, object]:
    capture = metadata.capture
    aware = capture.taken_at.tzinfo is not None
    return {
        "taken_at": format_time(capture.taken_at),
        "taken_at_utc": format_utc(capture.taken_at) if aware else None,
        "taken_from": capture.taken_from.value,
        "offset": format_offset(capture.taken_at),
        "offset_from": capture.offset_from.value if capture.offset_from else None,
        "subsecond": capture.subsecond,
    }


def _description(metadata: Metadata) -> dict[str, object]:
    return {
        "make": metadata.make,
        "model": metadata.model,
        "software": metadata.software,
        "lens": metadata.lens,
        "orientation": metadata.orientation,
        "width": metadata.width,
        "height": metadata.height,
        "rating": metadata.rating,
        "keywords": list(metadata.keywords),
        "tags": list(metadata.tags),
        "title": metadata.title,
        "caption": metadata.caption,
        "content_identifier": metadata.content_identifier,
        "burst": metadata.burst,
        "duration": metadata.duration,
        "motion_photo": metadata.motion_photo or None,
    }


def _exposure(exposure: Exposure) -> dict[str, object]:
    values = {
        "exposure_time": exposure.exposure_time,
        "f_number": exposure.f_number,
        "iso": exposure.iso,
        "focal_length": exposure.focal_length,
        "focal_length_35mm": exposure.focal_length_35mm,
    }
    return {key: value for key, value in values.items() if value is not None}


def _gps(gps: Gps) -> dict[str, object]:
    values = {
        "latitude": gps.latitude,
        "longitude": gps.longitude,
        "altitude": gps.altitude,
        "accuracy": gps.accuracy,
        "time_utc": format_utc(gps.time_utc) if gps.time_utc else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _video(recording: Recording) -> dict[str, object]:
    values = {
        "codec": recording.codec,
        "frame_rate": recording.frame_rate,
        "audio": recording.audio,
    }
    return {key: value for key, value in values.items() if value is not None}
