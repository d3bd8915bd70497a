"""Capture times as containers of films hold them.

A day without a time of day is none here: what stands beside it (the header's
own time, in UTC) tells more.
"""

import re
from datetime import UTC, datetime

from picture_pipeline.metadata.parsing.dates import Note, Stamp, xmp_stamp
from picture_pipeline.metadata.parsing.values import Absurd, Values, clean

_FIRST_YEAR = 1990
"""No container of today holds a film recorded earlier: QuickTime is of 1991."""
_WITH_TIME = re.compile(r"\d{4}[-:/.]\d{1,2}[-:/.]\d{1,2}[T ]+\d", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_C_TIME = re.compile(
    r"(?:[A-Za-z]{3}\s+)?(?P<month>[A-Za-z]{3})\s+(?P<day>\d{1,2})\s+"
    r"(?P<time>\d{1,2}:\d\d:\d\d)\s+(?P<year>\d{4})",
    re.ASCII,
)
_SPACED = re.compile(r"(\d{4})[/:-]\s?(\d{1,2})[/:-]\s?(\d{1,2})[/ ]\s?(\d{1,2}:\s?\d{1,2}.*)")


def stated(note: Note, date: Values) -> Stamp | None:
    """Read a date somebody wrote down, with its offset where it has one. Raises Absurd."""
    text = clean(date[0]) if date else ""
    if not text:
        return None
    if not _WITH_TIME.match(text):
        raise Absurd(f"{text[:40]} has no time of day")
    return _recent(xmp_stamp(note, (text,)))


def counted(note: Note, date: Values) -> Stamp | None:
    """Read a time that the container counts in UTC. Raises Absurd."""
    stamp = _recent(xmp_stamp(note, date))
    if stamp is None:
        return None
    aware = stamp.taken_at if stamp.taken_at.tzinfo else stamp.taken_at.replace(tzinfo=UTC)
    return Stamp(aware.astimezone(UTC), stamp.subsecond)


def riff(note: Note, date: Values) -> Stamp | None:
    """Read IDIT, local time in the forms cameras use. Raises Absurd.

    ``Mon Mar 10 15:04:43 2003`` (C's ctime), ``2005:08:17 11:42:43`` and
    ``2010/12/31/ 23:59:59``, after ExifTool's RIFF.pm.
    """
    text = clean(date[0]) if date else ""
    named = _C_TIME.fullmatch(text)
    if named and named["month"].lower() in _MONTHS:
        month = _MONTHS.index(named["month"].lower()) + 1
        text = f"{named['year']}-{month}-{named['day']} {named['time']}"
    spaced = _SPACED.fullmatch(text)
    if spaced:
        text = f"{spaced[1]}-{spaced[2]}-{spaced[3]} {spaced[4].replace(': ', ':')}"
    return stated(note, (text,))


def unix(note: Note, date: Values) -> Stamp | None:
    """Read seconds since 1970 of a clock that shows local time. Raises Absurd."""
    text = clean(date[0]) if date else ""
    if not text:
        return None
    if not text.isdecimal() or len(text) > 11:  # noqa: PLR2004 - the year 5138
        raise Absurd(text[:40])
    wall = datetime.fromtimestamp(int(text), UTC).replace(tzinfo=None)
    return stated(note, (wall.isoformat(),))


def _recent(stamp: Stamp | None) -> Stamp | None:
    if stamp is not None and stamp.taken_at.year < _FIRST_YEAR:
        raise Absurd(f"{stamp.taken_at:%Y-%m-%d}")
    return stamp
