"""Capture times as containers of films hold them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from picture_pipeline.metadata.parsing import container_dates
from picture_pipeline.metadata.parsing.dates import Stamp
from picture_pipeline.metadata.parsing.values import Absurd

EAST = timezone(timedelta(hours=2))
NOON = datetime(2024, 3, 15, 12, 30, 1)  # noqa: DTZ001 - local


def note(text: str) -> None:
    raise AssertionError(text)


def test_a_stated_date_keeps_its_offset() -> None:
    found = container_dates.stated(note, ("2024-03-15T12:30:01+0200",))
    assert found == Stamp(NOON.replace(tzinfo=EAST))


def test_a_stated_date_may_lack_the_offset() -> None:
    assert container_dates.stated(note, ("2024:03:15 12:30:01",)) == Stamp(NOON)


@pytest.mark.parametrize("text", ["2010", "2010-05", "2024-03-15", "yesterday", "0000:00:00 00:00"])
def test_a_date_without_a_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(Absurd):
        container_dates.stated(note, (text,))


def test_a_counted_time_is_utc() -> None:
    found = container_dates.counted(note, ("2024-03-15T12:30:01+00:00",))
    assert found == Stamp(NOON.replace(tzinfo=UTC))


def test_no_film_is_older_than_its_container() -> None:
    with pytest.raises(Absurd):
        container_dates.counted(note, ("1970-01-01T00:00:01+00:00",))


@pytest.mark.parametrize(
    "text",
    [
        "Fri Mar 15 12:30:01 2024\n\0",
        "Mar 15 12:30:01 2024",
        "2024:03:15 12:30:01",
        "2024/03/15/ 12:30:01",
        "2024/03/15/ 12:30: 1",
    ],
)
def test_cameras_write_the_date_of_an_avi_in_many_forms(text: str) -> None:
    assert container_dates.riff(note, (text,)) == Stamp(NOON)


@pytest.mark.parametrize("text", ["Fri Foo 15 12:30:01 2024", "Fri Mar 32 12:30:01 2024"])
def test_an_absurd_date_of_an_avi_is_refused(text: str) -> None:
    with pytest.raises(Absurd):
        container_dates.riff(note, (text,))


def test_a_clock_that_counts_local_seconds_shows_wall_time() -> None:
    assert container_dates.unix(note, ("1710505801",)) == Stamp(NOON)


@pytest.mark.parametrize("text", ["-1", "1e9", "999999999999", "1"])
def test_absurd_seconds_are_refused(text: str) -> None:
    with pytest.raises(Absurd):
        container_dates.unix(note, (text,))


@pytest.mark.parametrize(
    "parse",
    [container_dates.stated, container_dates.counted, container_dates.riff, container_dates.unix],
)
def test_a_blank_says_nothing(parse: object) -> None:
    assert callable(parse)
    assert parse(note, ("",)) is None
