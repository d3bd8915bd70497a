"""Parsing capture times: EXIF, XMP, IPTC, GPS. Local wall time, offset where known."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from picture_pipeline.metadata.parsing.values import Absurd, Values, clean, fraction

EARLIEST_YEAR = 1826
"""The year of the oldest photograph that survives."""
LATEST_YEAR = 2099
"""The last that is read at all; what lies in the future is dropped by ``is_future``."""
_SLACK = timedelta(days=1)
"""Time zones, and clocks that run fast."""
_FIRST_GPS_YEAR = 1980
_MAX_OFFSET = timedelta(hours=14)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Note = Callable[[str], None]
"""Takes what was dropped while the rest of the value still counts."""

_TIME = re.compile(
    r"(?P<year>\d{4})(?:[-:/.](?P<month>\d{1,2})(?:[-:/.](?P<day>\d{1,2})"
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{1,2})"
    r"(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?)?)?)?"
    r"\s*(?P<offset>(?:GMT|UTC)?[+-]\d{1,2}:?\d{2}|Z)?",
    re.ASCII,
)
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})", re.ASCII)
_IPTC_UNKNOWN = "+00:00"


@dataclass(frozen=True, slots=True)
class Stamp:
    """One date of a file: wall time, aware if and only if the offset is known."""

    taken_at: datetime
    subsecond: str | None = None
    """The digits as stored."""


def is_future(stamp: Stamp, now: datetime) -> bool:
    """Tell whether a date lies more than a day after ``now`` (aware): nobody can have it yet."""
    zone = stamp.taken_at.tzinfo or UTC
    try:
        return stamp.taken_at.replace(tzinfo=zone) > now + _SLACK
    except OverflowError:
        return True


def exif_stamp(note: Note, date: Values, subsecond: Values, offset: Values) -> Stamp | None:
    """Read an EXIF date with its sub-second and offset tags.

    A missing time means midnight. A bad offset or sub-second is noted and left
    out, the date stays. Raises Absurd.
    """
    stamp = _parse(date)
    if stamp is None:
        return None
    digits = _digits(note, subsecond) or stamp.subsecond
    zone = stamp.taken_at.tzinfo or _noted_offset(note, offset)
    taken_at = stamp.taken_at.replace(microsecond=microseconds(digits), tzinfo=zone)
    return Stamp(taken_at, digits)


def xmp_stamp(_note: Note, date: Values) -> Stamp | None:
    """Read an XMP date (ISO 8601 with optional parts); a missing part means the first."""
    return _parse(date)


def iptc_stamp(note: Note, date: Values, time: Values) -> Stamp | None:
    """Read IPTC DateCreated and TimeCreated.

    exiv2 gives +00:00 where no offset is stored, so that one means unknown.
    """
    clock = clean(time[0]).removesuffix(_IPTC_UNKNOWN) if time else ""
    if not date:
        return None
    if not clock:
        return _parse(date)
    try:
        return _parse((f"{clean(date[0])} {clock}",))
    except Absurd as absurd:
        note(str(absurd))
        return _parse(date)


def gps_stamp(_note: Note, date: Values, time: Values) -> Stamp | None:
    """Read GPSDateStamp and GPSTimeStamp: UTC. Both must be there. Raises Absurd."""
    if not date or not time or not clean(date[0]):
        return None
    day = _parse(date)
    if day is None or day.taken_at.year < _FIRST_GPS_YEAR:
        raise Absurd(clean(date[0])[:40])
    return Stamp(day.taken_at.replace(tzinfo=UTC) + _time_of_day(time[0]))


def xmp_gps_stamp(_note: Note, date: Values) -> Stamp | None:
    """Read exif:GPSTimeStamp of XMP, a whole date; UTC where nothing else is said."""
    stamp = _parse(date)
    if stamp is None:
        return None
    known = stamp.taken_at.replace(tzinfo=stamp.taken_at.tzinfo or UTC)
    return Stamp(known.astimezone(UTC), stamp.subsecond)


def unix_stamp(_note: Note, seconds: Values) -> Stamp | None:
    """Read seconds since 1970, UTC (Takeout); 0 and blanks say nothing. Raises Absurd."""
    text = clean(seconds[0]) if seconds else ""
    if not text or not fraction(text):
        return None
    try:
        taken_at = _EPOCH + timedelta(seconds=int(fraction(text)))
    except OverflowError:
        raise Absurd(text[:40]) from None
    if not EARLIEST_YEAR <= taken_at.year <= LATEST_YEAR:
        raise Absurd(text[:40])
    return Stamp(taken_at)


def _time_of_day(text: str) -> timedelta:
    parts = [fraction(part) for part in text.replace(":", " ").split()]
    limits = (24, 60, 61)
    if len(parts) != len(limits) or not all(
        0 <= part < limit for part, limit in zip(parts, limits, strict=True)
    ):
        raise Absurd(f"time {text[:40]}")
    hours, minutes, seconds = parts
    return timedelta(hours=int(hours), minutes=int(minutes), microseconds=int(seconds * 1_000_000))


def _parse(values: Values) -> Stamp | None:
    text = clean(values[0]) if values else ""
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None or not EARLIEST_YEAR <= int(found["year"]) <= LATEST_YEAR:
        raise Absurd(text[:40])
    zone = _offset(found["offset"]) if found["offset"] else None
    try:
        taken_at = datetime(
            int(found["year"]),
            int(found["month"] or 1),
            int(found["day"] or 1),
            int(found["hour"] or 0),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            microseconds(found["fraction"]),
            zone,
        )
    except ValueError:
        raise Absurd(text[:40]) from None
    return Stamp(taken_at, found["fraction"])


def microseconds(digits: str | None) -> int:
    """Turn the digits behind the decimal point into microseconds, cut off, not rounded."""
    return int((digits or "0")[:6].ljust(6, "0"))


def _digits(note: Note, values: Values) -> str | None:
    text = clean(values[0]) if values else ""
    if not text:
        return None
    if not text.isdecimal() or not text.isascii() or len(text) > 9:  # noqa: PLR2004 - nanoseconds
        note(f"sub-second {text[:40]}")
        return None
    return text


def _noted_offset(note: Note, values: Values) -> timezone | None:
    text = clean(values[0]) if values else ""
    if not text.strip(" :"):
        return None
    try:
        return _offset(text)
    except Absurd as absurd:
        note(f"offset {absurd}")
        return None


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    found = _OFFSET.fullmatch(text)
    if found is None or int(found[3]) >= 60:  # noqa: PLR2004 - minutes
        raise Absurd(text[:40])
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    if offset > _MAX_OFFSET:
        raise Absurd(text[:40])
    return timezone(-offset if found[1] == "-" else offset)
