"""From evidence to metadata: walks the field table, notes what it drops. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timezone
from typing import Any

from picture_pipeline.metadata.capture_times import CAPTURE, OTHER_OFFSETS
from picture_pipeline.metadata.field import Field
from picture_pipeline.metadata.fields import FIELDS
from picture_pipeline.metadata.origins import Origin
from picture_pipeline.metadata.parsing.dates import Stamp, is_future
from picture_pipeline.metadata.parsing.values import Absurd, Evidence
from picture_pipeline.metadata.parsing.zones import find_offset
from picture_pipeline.model.metadata import (
    Capture,
    Exposure,
    Gps,
    Metadata,
    OffsetFrom,
    TakenFrom,
)

Fallback = Callable[[], Capture]
"""Gives the capture time from outside the file when the file itself says none."""

_FAR = datetime(2099, 1, 1, tzinfo=UTC)
_EXIF = (TakenFrom.EXIF_ORIGINAL, TakenFrom.EXIF_DIGITIZED)
_CLOCKS = tuple(row.origin for row in CAPTURE if row.taken_from is TakenFrom.GPS)
_UTC_ONLY = frozenset(
    {
        TakenFrom.QUICKTIME_UTC,
        TakenFrom.GPS,
        TakenFrom.TAKEOUT,
        TakenFrom.NAME,
        TakenFrom.MTIME,
    }
)
"""What carries UTC when it carries an offset: it tells nothing of the local time."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What one file says, and the notes on what of it was dropped."""

    evidence: Evidence
    now: datetime
    notes: list[str] = field(default_factory=list)

    def quietly(self) -> "_Said":
        """Give the same without the notes: asking a second time notes nothing twice."""
        return _Said(self.evidence, self.now)


def merge(
    evidence: Evidence,
    size: tuple[int, int] | None,
    fallback: Fallback,
    notes: tuple[str, ...] = (),
    now: datetime = _FAR,
) -> Metadata:
    """Put together what one file says. ``size`` is width and height as stored.

    ``now`` (aware) is the time of this computer's clock: what was taken more
    than a day after it is absurd.
    """
    said = _Said(evidence, now, list(notes))
    groups: dict[str, dict[str, Any]] = {"": {}, "exposure": {}, "gps": {}}
    for each in FIELDS:
        if each.first_keys.isdisjoint(evidence):
            continue
        groups[each.group][each.attribute] = _pick(each, said)
    width, height = size or (None, None)
    clock = _gps_time(said)
    gps = _gps(groups["gps"], clock, said)
    capture = _capture(said) or fallback()
    return Metadata(
        capture=_located(capture, gps, clock, said),
        exposure=Exposure(**groups["exposure"]),
        gps=gps,
        width=width,
        height=height,
        notes=tuple(dict.fromkeys(said.notes)),
        **{name: value for name, value in groups[""].items() if value is not None},
    )


def _pick(row: Field, said: _Said) -> object:
    """Give the first origin's value that says something, or all of a joined field."""
    found: list[Any] = []
    for origin in row.origins:
        if origin.keys[0] not in said.evidence:
            continue
        value = _parsed(row.name, origin, said)
        if value is None or value == ():
            continue
        if not row.joined:
            return value
        found.extend(value)
    return tuple(dict.fromkeys(found)) or None


def _parsed(name: str, origin: Origin, said: _Said) -> Any:
    try:
        return origin.parse(*(said.evidence.get(key, ()) for key in origin.keys))
    except Absurd as absurd:
        said.notes.append(f"{name}: {absurd}")
        return None


def _capture(said: _Said) -> Capture | None:
    for row in CAPTURE:
        if row.origin.keys[0] not in said.evidence:
            continue
        stamp = _stamp(row.origin, said)
        if stamp is not None:
            tagged = stamp.taken_at.tzinfo is not None and row.taken_from not in _UTC_ONLY
            offset_from = OffsetFrom.TAG if tagged else None
            found = Capture(stamp.taken_at, row.taken_from, stamp.subsecond, offset_from)
            return _with_offset(found, said)
    return None


def _stamp(origin: Origin, said: _Said) -> Stamp | None:
    if origin.keys[0] not in said.evidence:
        return None
    label = origin.keys[0].rpartition(".")[2]

    def note(text: str) -> None:
        said.notes.append(f"{label}: {text}")

    try:
        found = origin.parse(note, *(said.evidence.get(key, ()) for key in origin.keys))
    except Absurd as absurd:
        note(str(absurd))
        return None
    if not isinstance(found, Stamp):
        return None
    if is_future(found, said.now):
        note(f"{found.taken_at.isoformat(' ')} is to come")
        return None
    return found


def _with_offset(capture: Capture, said: _Said) -> Capture:
    """Borrow the offset of another EXIF date that shows the same wall time."""
    if capture.taken_at.tzinfo is not None or capture.taken_from not in _EXIF:
        return capture
    zone = next(_borrowed(capture.taken_at.replace(microsecond=0), said.quietly()), None)
    return _set(capture, zone, OffsetFrom.TAG) if zone else capture


def _borrowed(wall: datetime, said: _Said) -> Iterator[timezone]:
    for origin in OTHER_OFFSETS:
        stamp = _stamp(origin, said)
        if stamp is not None and stamp.taken_at.replace(microsecond=0, tzinfo=None) == wall:
            zone = stamp.taken_at.tzinfo
            if isinstance(zone, timezone):
                yield zone


def _located(capture: Capture, gps: Gps | None, clock: datetime | None, said: _Said) -> Capture:
    """Work out the offset of a local time from GPS time and position, where they tell it."""
    if capture.taken_at.tzinfo is not None:
        return capture
    position = (gps.latitude, gps.longitude) if gps else None
    found = find_offset(capture.taken_at, clock, position)
    if found.note:
        said.notes.append(found.note)
    return _set(capture, found.offset, found.offset_from) if found.offset else capture


def _set(capture: Capture, zone: timezone, offset_from: OffsetFrom | None) -> Capture:
    taken_at = capture.taken_at.replace(tzinfo=zone)
    return replace(capture, taken_at=taken_at, offset_from=offset_from)


def _gps(parts: dict[str, Any], clock: datetime | None, said: _Said) -> Gps | None:
    """Give a position only when both halves are there and they are not the null island."""
    if parts.get("latitude") is None or parts.get("longitude") is None:
        return None
    if parts["latitude"] == 0 and parts["longitude"] == 0:
        said.notes.append("gps: 0, 0")
        return None
    return Gps(**parts, time_utc=clock)


def _gps_time(said: _Said) -> datetime | None:
    there = (origin for origin in _CLOCKS if origin.keys[0] in said.evidence)
    stamps = (_stamp(origin, said.quietly()) for origin in there)
    return next((stamp.taken_at for stamp in stamps if stamp is not None), None)
