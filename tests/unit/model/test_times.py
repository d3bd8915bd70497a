"""The one form of times."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from picture_pipeline.model.times import format_offset, format_time, format_utc

EAST = datetime(2024, 3, 15, 10, 11, 12, 705000, timezone(timedelta(hours=5, minutes=30)))
LOCAL = datetime(2024, 3, 15, 10, 11, 12)  # noqa: DTZ001 - local wall time


def test_a_time_is_written_with_its_offset_where_one_is_known() -> None:
    assert format_time(EAST) == "2024-03-15T10:11:12.705000+05:30"
    assert format_time(LOCAL) == "2024-03-15T10:11:12"
    assert format_time(datetime(2024, 3, 15, tzinfo=UTC)) == "2024-03-15T00:00:00+00:00"


def test_utc_ends_in_z() -> None:
    assert format_utc(EAST) == "2024-03-15T04:41:12.705000Z"


def test_a_time_without_offset_cannot_be_told_in_utc() -> None:
    with pytest.raises(ValueError, match="no offset known"):
        format_utc(LOCAL)


def test_the_offset_alone_is_none_where_none_is_known() -> None:
    assert format_offset(EAST) == "+05:30"
    assert format_offset(LOCAL) is None
