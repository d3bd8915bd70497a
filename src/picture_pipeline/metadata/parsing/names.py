"""The date in a file's name, the last resort before its modification time.

Taken: a date that stands alone in the name, between 1990 and tomorrow, with
or without a time. A date without a time means midnight. Never taken: digits
inside longer runs of digits or letters (hashes, UUIDs, phone numbers).
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from picture_pipeline.metadata.parsing.dates import Stamp, microseconds
from picture_pipeline.model.candidate import printable

EARLIEST = date(1990, 1, 1)
_SLACK = timedelta(days=1)
"""Time zones: somewhere it is tomorrow already."""
_MAX_NAME = 512

_START = r"(?<![0-9A-Za-z+])(?P<prefix>IMG|VID|MVIMG|WP|PXL)?"
_END = r"(?![0-9A-Za-z])"
_DAY = r"(?P<year>\d{4})(?P<s>[-_.]?)(?P<month>\d\d)(?P=s)(?P<day>\d\d)"
_BETWEEN = r"(?:[ T_.-]| at |, ){0,2}"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?P<t>[-_.:])(?P<minute>\d\d)(?P=t)(?P<second>\d\d)"
    r"|(?P<hour2>\d\d)(?P<minute2>\d\d)(?P<second2>\d\d)"
)
_REST = r"(?:[-_.,]?(?P<fraction>\d{3}))?(?:[ \u00a0\u202f]?(?P<half>[AaPp])[Mm])?"
_PATTERNS = (
    re.compile(f"{_START}{_DAY}{_BETWEEN}(?:{_CLOCK}){_REST}{_END}", re.ASCII),
    re.compile(f"{_START}{_DAY}{_END}", re.ASCII),
)
"""Date and time first, then the date alone."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_UTC_PREFIX = re.compile(r"(?<![0-9A-Za-z])PXL_?\Z", re.ASCII)
"""Google's camera names its pictures by UTC."""


def date_in_name(name: bytes, today: date) -> Stamp | None:
    """Find the capture time that a file's name tells; None when it tells none.

    The wall time has no offset, except for Google's ``PXL_`` names, which are
    UTC. ``name`` is without folder; ``today`` is the day in UTC.
    """
    stem = _UUID.sub("x", printable(name[:_MAX_NAME]).rpartition(".")[0] or printable(name))
    latest = today + _SLACK
    found = (stamp for stamp in _stamps(stem) if EARLIEST <= stamp.taken_at.date() <= latest)
    return next(found, None)


def _stamps(stem: str) -> Iterator[Stamp]:
    for pattern in _PATTERNS:
        for found in pattern.finditer(stem):
            stamp = _stamp(stem, found)
            if stamp is not None:
                yield stamp


def _stamp(stem: str, found: re.Match[str]) -> Stamp | None:
    groups = found.groupdict()
    digits = groups.get("fraction")
    zone = UTC if groups["prefix"] == "PXL" or _UTC_PREFIX.search(stem[: found.start()]) else None
    try:
        taken_at = datetime(
            int(groups["year"]),
            int(groups["month"]),
            int(groups["day"]),
            _hour(groups),
            _number(groups, "minute"),
            _number(groups, "second"),
            microseconds(digits),
            zone,
        )
    except ValueError:
        return None
    return Stamp(taken_at, digits)


def _number(groups: dict[str, str | None], part: str) -> int:
    return int(groups.get(part) or groups.get(f"{part}2") or 0)


def _hour(groups: dict[str, str | None]) -> int:
    """Give the hour of the day. Raises ValueError for 13 AM."""
    hour, half = _number(groups, "hour"), groups.get("half")
    if half is None:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004 - a twelve-hour clock
        raise ValueError
    return hour % 12 + (12 if half in "Pp" else 0)
