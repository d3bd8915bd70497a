"""Dates of EXIF, XMP, IPTC and GPS, with what is absurd in them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.parsing.dates import (
    Stamp,
    exif_stamp,
    gps_stamp,
    iptc_stamp,
    is_future,
    unix_stamp,
    xmp_gps_stamp,
    xmp_stamp,
)
from picture_pipeline.metadata.parsing.values import Absurd

EAST = timezone(timedelta(hours=2))
WALL = datetime(2024, 3, 15, 10, 11, 12)  # noqa: DTZ001 - local wall time


def ignore(_: str) -> None:
    """Take no notes."""


def exif(date: str, subsecond: str = "", offset: str = "") -> Stamp | None:
    return exif_stamp(ignore, (date,), (subsecond,), (offset,))


def test_an_exif_date_keeps_its_subsecond_digits_and_offset() -> None:
    assert exif("2024:03:15 10:11:12", "705", "+02:00") == Stamp(
        WALL.replace(microsecond=705000, tzinfo=EAST), "705"
    )


def test_an_exif_date_without_offset_stays_local() -> None:
    assert exif("2024:03:15 10:11:12") == Stamp(WALL)


@pytest.mark.parametrize(
    "date",
    [
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "2024:13:01 00:00:00",
        "2024:02:30 00:00:00",
        "1825:12:31 23:59:59",
        "2100:01:01 00:00:00",
        "2024:03:15 25:00:00",
        "2024:03:15 10:61:00",
        "9999:99:99 99:99:99",
        "yesterday",
        "\u0661999:01:01 00:00:00",
    ],
)
def test_an_absurd_date_is_refused(date: str) -> None:
    with pytest.raises(Absurd):
        exif(date)


@pytest.mark.parametrize("date", ["", "   ", "\0\0\0"])
def test_a_blank_date_says_nothing(date: str) -> None:
    assert exif(date) is None


@pytest.mark.parametrize(
    "date",
    ["2024-03-15 10:11:12", "2024/03/15 10:11:12", "2024:03:15T10:11:12", "2024:3:15 10:11:12\0"],
)
def test_usual_misspellings_of_an_exif_date_are_read(date: str) -> None:
    assert exif(date) == Stamp(WALL)


@pytest.mark.parametrize("offset", ["+25:00", "+02:99", "CEST", "+14:01", "2"])
def test_a_bad_offset_is_noted_and_the_date_stays(offset: str) -> None:
    notes: list[str] = []
    stamp = exif_stamp(notes.append, ("2024:03:15 10:11:12",), (), (offset,))
    assert stamp == Stamp(WALL)
    assert notes == [f"offset {offset}"]


def test_a_bad_subsecond_is_noted_and_the_date_stays() -> None:
    notes: list[str] = []
    assert exif_stamp(notes.append, ("2024:03:15 10:11:12",), ("7x",), ()) == Stamp(WALL)
    assert notes == ["sub-second 7x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-03-15T10:11:12.5+02:00", WALL.replace(microsecond=500000, tzinfo=EAST)),
        ("2024-03-15T10:11+02:00", WALL.replace(second=0, tzinfo=EAST)),
        ("2024-03-15T10:11:12Z", WALL.replace(tzinfo=UTC)),
        ("2024-03-15T10:11:12GMT+02:00", WALL.replace(tzinfo=EAST)),
        ("2024-03-15", WALL.replace(hour=0, minute=0, second=0)),
        ("2024-03", WALL.replace(day=1, hour=0, minute=0, second=0)),
        ("2024", WALL.replace(month=1, day=1, hour=0, minute=0, second=0)),
    ],
)
def test_an_xmp_date_may_be_partial_and_carry_its_offset(text: str, expected: datetime) -> None:
    stamp = xmp_stamp(ignore, (text,))
    assert stamp is not None
    assert stamp.taken_at == expected
    assert (stamp.taken_at.tzinfo is None) == (expected.tzinfo is None)


def test_an_iptc_time_without_offset_is_local() -> None:
    assert iptc_stamp(ignore, ("2024-03-15",), ("10:11:12+00:00",)) == Stamp(WALL)


def test_an_iptc_time_keeps_a_real_offset() -> None:
    stamp = iptc_stamp(ignore, ("2024-03-15",), ("10:11:12+02:00",))
    assert stamp == Stamp(WALL.replace(tzinfo=EAST))


def test_an_absurd_iptc_time_leaves_the_day() -> None:
    notes: list[str] = []
    stamp = iptc_stamp(notes.append, ("2024-03-15",), ("99:99:99+02:00",))
    assert stamp == Stamp(datetime(2024, 3, 15))  # noqa: DTZ001 - local
    assert notes


def test_gps_date_and_time_give_utc() -> None:
    stamp = gps_stamp(ignore, ("2024:03:15",), ("8/1 11/1 1250/100",))
    assert stamp == Stamp(datetime(2024, 3, 15, 8, 11, 12, 500000, UTC))


@pytest.mark.parametrize("time", ["0/0 0/0 0/0", "24/1 0/1 0/1", "8/1 11/1", "nan nan nan", ""])
def test_an_absurd_gps_time_is_refused(time: str) -> None:
    with pytest.raises(Absurd):
        gps_stamp(ignore, ("2024:03:15",), (time,))


def test_a_gps_date_before_gps_is_refused() -> None:
    with pytest.raises(Absurd):
        gps_stamp(ignore, ("1975:01:01",), ("8/1 11/1 12/1",))


def test_an_xmp_gps_time_is_given_in_utc() -> None:
    stamp = xmp_gps_stamp(ignore, ("2024-03-15T10:11:12+02:00",))
    assert stamp is not None
    assert stamp.taken_at == WALL.replace(hour=8, tzinfo=UTC)


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_no_text_breaks_the_reading_of_dates(date: str, subsecond: str, offset: str) -> None:
    try:
        stamp = exif(date, subsecond, offset)
    except Absurd:
        return
    assert stamp is None or 1826 <= stamp.taken_at.year <= 2099


@given(st.datetimes(datetime(1826, 1, 1), datetime(2099, 12, 31)))  # noqa: DTZ001 - local
def test_every_moment_survives_exif(moment: datetime) -> None:
    digits = f"{moment.microsecond:06d}"
    assert exif(f"{moment:%Y:%m:%d %H:%M:%S}".rjust(19, "0"), digits) == Stamp(moment, digits)


NOW = datetime(2024, 3, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken_at", "expected"),
    [
        (datetime(2024, 3, 16, 11), False),  # noqa: DTZ001 - local
        (datetime(2024, 3, 16, 13), True),  # noqa: DTZ001 - local
        (datetime(2024, 3, 16, 13, tzinfo=EAST), False),
        (datetime(2099, 1, 1), True),  # noqa: DTZ001 - local
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))), True),
    ],
)
def test_what_lies_more_than_a_day_ahead_is_in_the_future(
    taken_at: datetime,
    expected: bool,  # noqa: FBT001 - a row of the table above
) -> None:
    assert is_future(Stamp(taken_at), NOW) is expected


def test_seconds_since_1970_are_utc() -> None:
    stamp = unix_stamp(ignore, ("1696574331",))
    assert stamp == Stamp(datetime(2023, 10, 6, 6, 38, 51, tzinfo=UTC))


def test_seconds_before_1970_are_read() -> None:
    stamp = unix_stamp(ignore, ("-86400",))
    assert stamp == Stamp(datetime(1969, 12, 31, tzinfo=UTC))


@pytest.mark.parametrize("seconds", ["", "0", " "])
def test_no_seconds_say_nothing(seconds: str) -> None:
    assert unix_stamp(ignore, (seconds,)) is None


@pytest.mark.parametrize("seconds", ["soon", "99999999999", "-99999999999", "9" * 20, "nan"])
def test_absurd_seconds_are_refused(seconds: str) -> None:
    with pytest.raises(Absurd):
        unix_stamp(ignore, (seconds,))
