"""Offsets that no tag tells: from the GPS clock, and from the zone of the position.

All data is offline: zone shapes from tzfpy, rules from the tzdata package and
not from the system, so that two computers agree. Measured on the corpus: of 60
stills with a position 17 also store an offset, and 16 of these equal the one of
the zone (the other camera's clock had missed the change to summer time).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from importlib.resources import files
from math import isfinite
from zoneinfo import ZoneInfo

import tzfpy

from picture_pipeline.model.metadata import OffsetFrom

_QUARTER = timedelta(minutes=15)
_STALE = timedelta(minutes=2)
"""A fix is some seconds old; measured 0 to 20 s, with a stale one from 84 s on."""
_WEEK = timedelta(days=7)
_WEEKS = 53
_AT_SEA = "Etc/"
"""What tzfpy calls the 15-degree stripes of the oceans, where no clock is set by law."""

OFFSETS: frozenset[timedelta] = frozenset(
    timedelta(minutes=minutes)
    for minutes in (
        *range(-12 * 60, 14 * 60 + 1, 60),
        *(-570, -510, -270, -210, -150, -90),
        *(210, 270, 330, 345, 390, 450, 510, 525, 570, 585, 630, 690, 765, 825),
    )
)
"""Every offset that a place on land has had since 1980, from the time zone database.

Whole hours (UTC-12 on ships only) and those of Marquesas, Pitcairn, Venezuela,
Newfoundland, Iran, Afghanistan, India, Nepal, Myanmar, Malaysia, North Korea,
Eucla, Australia, Lord Howe, Norfolk, Chatham. A test compares.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """An offset that was worked out; without one, ``note`` may say why."""

    offset: timezone | None = None
    offset_from: OffsetFrom | None = None
    note: str | None = None


def find_offset(
    wall: datetime, fix: datetime | None, position: tuple[float, float] | None
) -> Found:
    """Work out the offset of a wall time.

    ``fix`` is the satellites' time (aware), ``position`` latitude and
    longitude. The GPS clock comes first: it knows a camera that was not set to
    summer time. It is believed only with an offset that the position's zone
    has in that year: else the fix was an old one, or the clock another's.
    """
    zone = zone_at(*position) if position else None
    by_clock = offset_by_clock(wall, fix) if fix else None
    if by_clock is not None and (zone is None or by_clock in possible_offsets(zone, wall.year)):
        return Found(timezone(by_clock), OffsetFrom.GPS_TIME)
    return _by_zone(wall, zone) if zone else Found()


def offset_by_clock(wall: datetime, fix: datetime) -> timedelta | None:
    """Give the difference to the GPS clock when it is a real offset; None when it is none.

    A fix of another day, or one that is minutes old, gives no real offset.
    """
    difference = wall.replace(tzinfo=UTC) - fix
    nearest = _QUARTER * round(difference / _QUARTER)
    real = abs(difference - nearest) <= _STALE and nearest in OFFSETS
    return nearest if real else None


def zone_at(latitude: float, longitude: float) -> ZoneInfo | None:
    """Give the time zone of a position; None at sea and beyond the earth."""
    if not (isfinite(latitude) and isfinite(longitude)):
        return None
    name = tzfpy.get_tz(longitude, latitude)
    return _load(name) if name and not name.startswith(_AT_SEA) else None


@lru_cache(maxsize=512)
def _load(name: str) -> ZoneInfo | None:
    """Load a zone's rules; None for one that the database does not know."""
    rules = files("tzdata").joinpath("zoneinfo", *name.split("/"))
    if not rules.is_file():
        return None
    with rules.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@lru_cache(maxsize=512)
def possible_offsets(zone: ZoneInfo, year: int) -> frozenset[timedelta]:
    """Give every offset that a zone has in a year. Looks at each week."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    weeks = (start + _WEEK * week for week in range(_WEEKS))
    found = (week.astimezone(zone).utcoffset() for week in weeks if week.year == year)
    return frozenset(offset for offset in found if offset is not None)


def _by_zone(wall: datetime, zone: ZoneInfo) -> Found:
    """Ask the zone; nothing decides about an hour that comes twice, or never came."""
    first, second = (wall.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    if first != second:
        return Found(note=f"offset: the clocks in {zone.key} were changed at this hour")
    if first is None or first % timedelta(minutes=1):  # local mean time, before zones
        return Found()
    return Found(timezone(first), OffsetFrom.GPS_POSITION)
