"""Offsets from the GPS clock and from the zone of the position."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.parsing.zones import (
    OFFSETS,
    find_offset,
    offset_by_clock,
    possible_offsets,
    zone_at,
)
from picture_pipeline.model.metadata import OffsetFrom

BERLIN = (52.52, 13.40)
MADRID = (40.42, -3.70)
KATHMANDU = (27.71, 85.32)
PACIFIC = (0.0, -140.0)
SUMMER = datetime(2024, 7, 1, 12, 0, 0)  # noqa: DTZ001 - local wall time
WINTER = datetime(2024, 1, 1, 12, 0, 0)  # noqa: DTZ001 - local wall time


def hours(number: float) -> timezone:
    return timezone(timedelta(hours=number))


def at_sea(wall: datetime, fix: datetime | None) -> timezone | None:
    return find_offset(wall, fix, None).offset


def test_the_gps_clock_tells_the_offset() -> None:
    found = find_offset(SUMMER, datetime(2024, 7, 1, 10, 0, 3, tzinfo=UTC), None)
    assert (found.offset, found.offset_from) == (hours(2), OffsetFrom.GPS_TIME)


def test_a_quarter_of_an_hour_is_an_offset_where_one_lives_by_it() -> None:
    assert at_sea(SUMMER, datetime(2024, 7, 1, 6, 15, tzinfo=UTC)) == hours(5.75)


@pytest.mark.parametrize(
    "fix",
    [
        datetime(2024, 7, 1, 9, 55, tzinfo=UTC),
        datetime(2024, 6, 30, 10, 0, tzinfo=UTC),
        datetime(2024, 7, 2, 10, 0, tzinfo=UTC),
        datetime(2024, 7, 1, 11, 45, tzinfo=UTC),
        datetime(2019, 7, 1, 10, 0, tzinfo=UTC),
    ],
    ids=["stale", "the day before", "the day after", "of no country", "years ago"],
)
def test_a_gps_time_that_gives_no_real_offset_is_not_believed(fix: datetime) -> None:
    assert at_sea(SUMMER, fix) is None


@pytest.mark.parametrize(("wall", "expected"), [(SUMMER, 2), (WINTER, 1)])
def test_the_position_tells_the_offset_of_the_season(wall: datetime, expected: int) -> None:
    found = find_offset(wall, None, BERLIN)
    assert (found.offset, found.offset_from) == (hours(expected), OffsetFrom.GPS_POSITION)


def test_the_position_knows_how_far_nepal_is_off() -> None:
    assert find_offset(SUMMER, None, KATHMANDU).offset == hours(5.75)


def test_at_sea_no_offset_is_known() -> None:
    found = find_offset(SUMMER, None, PACIFIC)
    assert (found.offset, found.offset_from, found.note) == (None, None, None)


def test_the_hour_that_comes_twice_has_no_offset_and_a_note() -> None:
    twice = datetime(2024, 10, 27, 2, 30)  # noqa: DTZ001 - local wall time
    found = find_offset(twice, None, BERLIN)
    assert found.offset is None
    assert found.note == "offset: the clocks in Europe/Berlin were changed at this hour"


def test_the_hour_that_never_was_has_no_offset_and_a_note() -> None:
    never = datetime(2024, 3, 31, 2, 30)  # noqa: DTZ001 - local wall time
    found = find_offset(never, None, BERLIN)
    assert found.offset is None
    assert found.note is not None


def test_the_gps_clock_decides_the_hour_that_comes_twice() -> None:
    twice = datetime(2024, 10, 27, 2, 30)  # noqa: DTZ001 - local wall time
    found = find_offset(twice, datetime(2024, 10, 27, 1, 30, tzinfo=UTC), BERLIN)
    assert (found.offset, found.note) == (hours(1), None)


def test_a_camera_that_missed_the_summer_time_is_understood_by_the_gps_clock() -> None:
    found = find_offset(SUMMER, datetime(2024, 7, 1, 11, 0, tzinfo=UTC), MADRID)
    assert (found.offset, found.offset_from) == (hours(1), OffsetFrom.GPS_TIME)


def test_an_offset_that_the_place_never_has_gives_way_to_the_position() -> None:
    found = find_offset(SUMMER, datetime(2024, 7, 1, 17, 0, tzinfo=UTC), BERLIN)
    assert (found.offset, found.offset_from) == (hours(2), OffsetFrom.GPS_POSITION)


def test_before_there_were_zones_no_offset_is_known() -> None:
    long_ago = datetime(1870, 5, 1, 12, 0)  # noqa: DTZ001 - local wall time
    assert find_offset(long_ago, None, (52.37, 4.90)).offset is None


@pytest.mark.parametrize("position", [(float("nan"), 1.0), (1.0, float("inf"))])
def test_a_broken_position_is_in_no_zone(position: tuple[float, float]) -> None:
    assert zone_at(*position) is None


def test_the_poles_and_the_date_line_do_no_harm() -> None:
    corners = [(lat, lon) for lat in (-90.0, 90.0) for lon in (-180.0, 180.0)]
    assert {type(zone_at(*corner)) for corner in corners} <= {type(None), ZoneInfo}


def test_every_offset_in_use_since_1980_is_known_and_no_other() -> None:
    used: set[timedelta | None] = set()
    for name in available_timezones():
        zone = ZoneInfo(name)
        days = (datetime(1980, 1, 1, tzinfo=UTC) + timedelta(days=45 * n) for n in range(420))
        used.update(day.astimezone(zone).utcoffset() for day in days)
    whole = {timedelta(hours=hour) for hour in range(-12, 15)}
    assert used | whole == OFFSETS


def test_a_zone_has_its_offsets_of_that_year() -> None:
    berlin = zone_at(*BERLIN)
    assert berlin is not None
    assert possible_offsets(berlin, 2024) == {timedelta(hours=1), timedelta(hours=2)}
    assert possible_offsets(berlin, 1975) == {timedelta(hours=1)}


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - local wall time
    st.sampled_from(sorted(OFFSETS)),
    st.integers(-119, 119),
)
def test_every_real_offset_is_found_by_a_fix_that_is_seconds_old(
    wall: datetime, offset: timedelta, age: int
) -> None:
    fix = wall.replace(tzinfo=UTC) - offset - timedelta(seconds=age)
    assert offset_by_clock(wall, fix) == offset


@given(
    st.datetimes(datetime(1826, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001 - local wall time
    st.floats(-90, 90),
    st.floats(-180, 180),
)
def test_any_place_and_time_gives_an_offset_of_whole_minutes_or_none(
    wall: datetime, latitude: float, longitude: float
) -> None:
    found = find_offset(wall, None, (latitude, longitude))
    offset = found.offset.utcoffset(None) if found.offset else timedelta()
    assert offset % timedelta(minutes=1) == timedelta()
