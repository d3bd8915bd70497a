"""Dates that file names tell, and digits that only look like one."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.parsing.names import EARLIEST, date_in_name

TODAY = date(2026, 1, 1)
TEN_PAST_TEN = datetime(2024, 3, 15, 10, 11, 12)  # noqa: DTZ001 - local wall time
MIDNIGHT = datetime(2024, 3, 15)  # noqa: DTZ001 - local wall time


def told(name: str) -> datetime | None:
    stamp = date_in_name(name.encode(), TODAY)
    return stamp.taken_at if stamp else None


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20240315_101112.jpg",
        "20240315_101112.jpg",
        "20240315_101112(0).jpg",
        "20240315101112.jpg",
        "IMG20240315101112.jpg",
        "VID_20240315_101112.jpg",
        "WP_20240315_10_11_12_Pro.jpg",
        "Screenshot_2024-03-15-10-11-12.png",
        "Screenshot_20240315-101112_Chrome.jpg",
        "Screenshot 2024-03-15 at 10.11.12.png",
        "Screen Shot 2024-03-15 at 10.11.12\u202fAM.png",
        "WhatsApp Image 2024-03-15 at 10.11.12.jpeg",
        "2024-03-15 10.11.12.jpg",
        "2024-03-15 10.11.12-1.jpg",
        "2024-03-15T10:11:12.jpg",
        "signal-2024-03-15-101112.jpg",
        "photo_2024-03-15_10-11-12.jpg",
    ],
)
def test_a_date_and_time_in_the_name_is_local_wall_time(name: str) -> None:
    assert told(name) == TEN_PAST_TEN


@pytest.mark.parametrize(
    "name",
    [
        "IMG-20240315-WA0001.jpg",
        "20240315.jpg",
        "2024_03_15 Party.jpg",
        "IMG_20240315_991112.jpg",
        "Café 2024.03.15.jpg",
    ],
)
def test_a_date_without_a_possible_time_means_midnight(name: str) -> None:
    assert told(name) == MIDNIGHT


@pytest.mark.parametrize(
    "name",
    [
        "IMG_1234.JPG",
        "e3b0c44298fc1c149afbf4c8996fb92420240315649b934ca495991b7852b855.jpg",
        "20240315-1012-4abc-8def-1234567890ab.jpg",
        "+4920240315.jpg",
        "+20240315.jpg",
        "4920240315123.jpg",
        "FB_IMG_1710497472123.jpg",
        "20240230_101112.jpg",
        "IMG_20991231_101112.jpg",
        "IMG_19891231_101112.jpg",
        "a20240315.jpg",
        "2012 party.jpg",
        "",
        ".jpg",
    ],
)
def test_no_date_is_read_out_of_hashes_numbers_and_impossible_days(name: str) -> None:
    assert told(name) is None


def test_googles_camera_names_its_pictures_by_utc() -> None:
    stamp = date_in_name(b"PXL_20240315_101112345.NIGHT.jpg", TODAY)
    assert stamp is not None
    assert stamp.taken_at == datetime(2024, 3, 15, 10, 11, 12, 345000, UTC)
    assert stamp.subsecond == "345"


def test_an_afternoon_on_a_twelve_hour_clock_is_after_noon() -> None:
    assert told("Screen Shot 2024-03-15 at 3.11.12 PM.png") == TEN_PAST_TEN.replace(hour=15)


def test_tomorrow_is_possible_and_the_day_after_is_not() -> None:
    assert told("20260102.jpg") is not None
    assert told("20260103.jpg") is None


@given(st.binary(max_size=300))
def test_any_name_gives_a_plausible_date_or_none(name: bytes) -> None:
    stamp = date_in_name(name, TODAY)
    assert stamp is None or EARLIEST <= stamp.taken_at.date() <= date(2026, 1, 2)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2025, 12, 31)))  # noqa: DTZ001 - local
def test_every_plausible_moment_comes_back_from_a_camera_name(moment: datetime) -> None:
    assert told(f"IMG_{moment:%Y%m%d_%H%M%S}.jpg") == moment.replace(microsecond=0)


@given(st.text("0123456789abcdef", min_size=32, max_size=64))
def test_no_hexadecimal_digest_is_taken_for_a_date(digest: str) -> None:
    assert told(f"{digest}.jpg") is None
