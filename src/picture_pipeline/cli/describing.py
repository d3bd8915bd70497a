"""The documented JSON of ``list`` and ``show``."""

import base64
from collections import Counter

from picture_pipeline.model.asset import Role
from picture_pipeline.model.candidate import is_utf8, printable
from picture_pipeline.model.media import Family
from picture_pipeline.model.original import Original
from picture_pipeline.model.query import AssetListed, OriginalShown, SightingShown

_SHORT = 12
_FLAT = (
    "taken_at",
    "taken_at_utc",
    "offset",
    "taken_from",
    "subsecond",
    "make",
    "model",
    "software",
    "lens",
    "exposure_time",
    "f_number",
    "iso",
    "focal_length",
    "focal_length_35mm",
    "orientation",
    "width",
    "height",
    "rating",
    "favourite",
    "hidden",
    "stack",
    "title",
    "caption",
    "content_identifier",
    "burst",
    "duration",
    "motion_photo",
    "offset_from",
    "incomplete",
    "superseded_by",
    "revises",
)


def listed(original: Original) -> dict[str, object]:
    """Give one line of ``list --json``."""
    return {
        "digest": original.digest,
        "asset": original.asset,
        "role": original.role,
        "media_type": original.media_type,
        "path": original.path,
        "size": original.size,
        "taken_at": original.taken_at,
        "taken_at_utc": original.taken_at_utc,
        "taken_from": original.taken_from,
        **name_fields("original_name", original.original_name),
    }


def listed_line(original: Original, size: str) -> str:
    """Give one line of ``list`` for people."""
    camera = original.model or original.make or "-"
    return (
        f"{original.digest[:_SHORT]}  {original.taken_at:<32}  {original.media_type:<10}  "
        f"{size:>9}  {camera:<20}  {printable(original.original_name)}"
    )


def listed_asset(asset: AssetListed) -> dict[str, object]:
    """Give one line of ``list --assets --json``."""
    primary = asset.primary
    return {
        "asset": primary.asset,
        "kind": asset.kind,
        "members": [{"digest": m.digest, "role": m.role} for m in asset.members],
        "digest": primary.digest,
        "media_type": primary.media_type,
        "path": primary.path,
        "taken_at": primary.taken_at,
        "taken_at_utc": primary.taken_at_utc,
        "taken_from": primary.taken_from,
        **name_fields("original_name", primary.original_name),
    }


def asset_line(asset: AssetListed, size: str) -> str:
    """Give one line of ``list --assets`` for people: the primary, and what else there is."""
    further = Counter(m.role for m in asset.members if m.role != Role.PRIMARY)
    told = ", ".join(f"{role} x{n}" if n > 1 else role for role, n in sorted(further.items()))
    line = f"{listed_line(asset.primary, size)}  {asset.kind}"
    return f"{line}: {told}" if told else line


def shown(found: OriginalShown) -> dict[str, object]:
    """Give ``show --json``."""
    original = found.original
    return {
        "digest": original.digest,
        "sha1": original.sha1,
        "md5": original.md5,
        "size": original.size,
        "media_type": original.media_type,
        "path": original.path,
        "sidecar": original.path.rpartition(".")[0] + ".xmp",
        **name_fields("original_name", original.original_name),
        "ingested_at": original.ingested_at,
        **{key: getattr(original, key) for key in _FLAT},
        "gps": _gps(original),
        "video": _video(original),
        "keywords": list(original.keywords),
        "tags": list(original.tags),
        "albums": list(original.albums),
        "people": [{"name": name, "region": None} for name in original.people],
        "notes": list(original.notes),
        "owner": found.owner,
        "asset": {
            "id": original.asset,
            "kind": found.asset_kind,
            "members": [{"digest": m.digest, "role": m.role} for m in found.members],
        },
        "sightings": [_sighting(sighting) for sighting in found.sightings],
        "renditions": {
            entry.name: {"width": entry.width, "height": entry.height, "bytes": entry.size}
            for entry in found.renditions
        },
    }


def _video(original: Original) -> dict[str, object] | None:
    if original.family != Family.VIDEO:
        return None
    return {
        "codec": original.video_codec,
        "frame_rate": original.frame_rate,
        "audio": original.audio_codec,
    }


def _gps(original: Original) -> dict[str, object] | None:
    if original.latitude is None or original.longitude is None:
        return None
    return {
        "latitude": original.latitude,
        "longitude": original.longitude,
        "altitude": original.altitude,
        "accuracy": original.accuracy,
        "time_utc": original.gps_time_utc,
    }


def _sighting(sighting: SightingShown) -> dict[str, object]:
    return {
        "source": sighting.source,
        **name_fields("path", sighting.path),
        "first_seen": sighting.first_seen,
        "last_seen": sighting.last_seen,
    }


def name_fields(key: str, name: bytes) -> dict[str, object]:
    """Give a name in printable form, and its bytes as base64 where those are not UTF-8."""
    fields: dict[str, object] = {key: printable(name)}
    if not is_utf8(name):
        fields[f"{key}_b64"] = base64.b64encode(name).decode("ascii")
    return fields
