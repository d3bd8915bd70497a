"""From evidence to metadata: walks the field table, notes what it drops. Pure."""

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from picture_pipeline.metadata.dates import Stamp
from picture_pipeline.metadata.fields import CAPTURE, FIELDS, OTHER_OFFSETS, Field, Origin
from picture_pipeline.metadata.values import Absurd, Evidence
from picture_pipeline.model.metadata import Capture, Exposure, Gps, Metadata, TakenFrom

Fallback = Callable[[], Capture]
"""Gives the capture time from outside the file when the file itself says none."""


def merge(
    evidence: Evidence,
    size: tuple[int, int] | None,
    fallback: Fallback,
    notes: tuple[str, ...] = (),
) -> Metadata:
    """Put together what one file says. ``size`` is width and height as stored."""
    dropped = list(notes)
    groups: dict[str, dict[str, Any]] = {"": {}, "exposure": {}, "gps": {}}
    for field in FIELDS:
        group, _, name = field.name.rpartition(".")
        groups[group][name] = _pick(field, evidence, dropped)
    width, height = size or (None, None)
    return Metadata(
        capture=_capture(evidence, dropped) or fallback(),
        exposure=Exposure(**groups["exposure"]),
        gps=_gps(groups["gps"], evidence, dropped),
        width=width,
        height=height,
        notes=tuple(dict.fromkeys(dropped)),
        **{name: value for name, value in groups[""].items() if value is not None},
    )


def _pick(field: Field, evidence: Evidence, notes: list[str]) -> object:
    """Give the first origin's value that says something, or all of a joined field."""
    found: list[Any] = []
    for origin in field.origins:
        value = _parsed(field.name, origin, evidence, notes)
        if value is None or value == ():
            continue
        if not field.joined:
            return value
        found.extend(value)
    return tuple(dict.fromkeys(found)) or None


def _parsed(name: str, origin: Origin, evidence: Evidence, notes: list[str]) -> Any:
    if origin.keys[0] not in evidence:
        return None
    try:
        return origin.parse(*(evidence.get(key, ()) for key in origin.keys))
    except Absurd as absurd:
        notes.append(f"{name}: {absurd}")
        return None


def _capture(evidence: Evidence, notes: list[str]) -> Capture | None:
    for row in CAPTURE:
        stamp = _stamp(row.origin, evidence, notes)
        if stamp is not None:
            return _with_offset(Capture(stamp.taken_at, row.taken_from, stamp.subsecond), evidence)
    return None


def _stamp(origin: Origin, evidence: Evidence, notes: list[str]) -> Stamp | None:
    if origin.keys[0] not in evidence:
        return None
    label = origin.keys[0].rpartition(".")[2]

    def note(text: str) -> None:
        notes.append(f"{label}: {text}")

    try:
        found = origin.parse(note, *(evidence.get(key, ()) for key in origin.keys))
    except Absurd as absurd:
        note(str(absurd))
        return None
    return found if isinstance(found, Stamp) else None


def _with_offset(capture: Capture, evidence: Evidence) -> Capture:
    """Borrow the offset of another EXIF date that shows the same wall time."""
    exif = capture.taken_from in (TakenFrom.EXIF_ORIGINAL, TakenFrom.EXIF_DIGITIZED)
    if capture.taken_at.tzinfo is not None or not exif:
        return capture
    zone = _borrowed(capture.taken_at.replace(microsecond=0), evidence)
    return Capture(capture.taken_at.replace(tzinfo=zone), capture.taken_from, capture.subsecond)


def _borrowed(wall: datetime, evidence: Evidence) -> Any:
    for origin in OTHER_OFFSETS:
        stamp = _stamp(origin, evidence, [])
        if stamp is not None and stamp.taken_at.replace(microsecond=0, tzinfo=None) == wall:
            zone = stamp.taken_at.tzinfo
            if isinstance(zone, timezone):
                return zone
    return None


def _gps(parts: dict[str, Any], evidence: Evidence, notes: list[str]) -> Gps | None:
    """Give a position only when both halves are there and they are not the null island."""
    if parts["latitude"] is None or parts["longitude"] is None:
        return None
    if parts["latitude"] == 0 and parts["longitude"] == 0:
        notes.append("gps: 0, 0")
        return None
    return Gps(**parts, time_utc=_gps_time(evidence))


def _gps_time(evidence: Evidence) -> datetime | None:
    rows = (row.origin for row in CAPTURE if row.taken_from is TakenFrom.GPS)
    stamps = (_stamp(origin, evidence, []) for origin in rows)
    return next((stamp.taken_at for stamp in stamps if stamp is not None), None)
