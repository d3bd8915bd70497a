"""What values become on their way into the database."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.catalog.records import (
    clean,
    folder_key,
    keyword_rows,
    original_row,
    stamp_columns,
    taken_sort,
)
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.model.times import format_time
from samples import original_of, stamp_of

LARGEST = (1 << 63) - 1
ZONES = st.none() | st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)


@given(st.text(st.characters()))
def test_clean_text_is_storable(text: str) -> None:
    cleaned = clean(text)

    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_storable_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("taken_at", "key"),
    [
        ("2024-03-15T10:11:12", "2024-03-15T10:11:12.000000"),
        ("2024-03-15T10:11:12+02:00", "2024-03-15T10:11:12.000000"),
        ("2024-03-15T10:11:12.705-11:30", "2024-03-15T10:11:12.705000"),
        ("2024-03-15T10:11:12.123456", "2024-03-15T10:11:12.123456"),
        ("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00.000000"),
    ],
)
def test_the_key_of_a_time_has_a_fixed_width_and_no_offset(taken_at: str, key: str) -> None:
    assert taken_sort(taken_at) == key


@given(st.datetimes(), st.datetimes(), ZONES, ZONES)
def test_keys_sort_as_wall_times_do(
    one: datetime, other: datetime, here: timezone | None, there: timezone | None
) -> None:
    keys = [
        taken_sort(format_time(time.replace(tzinfo=zone)))
        for time, zone in ((one, here), (other, there))
    ]

    assert (keys[0] < keys[1]) == (one < other)
    assert (keys[0] == keys[1]) == (one == other)


@pytest.mark.parametrize(
    ("inode", "booked"), [(0, 0), (LARGEST, LARGEST), (LARGEST + 1, LARGEST), (1 << 80, LARGEST)]
)
def test_what_does_not_fit_into_63_bits_is_cut(inode: int, booked: int) -> None:
    assert stamp_columns(stamp_of(1, inode=inode))["inode"] == booked


def test_times_long_before_1970_fit_too() -> None:
    assert stamp_columns(stamp_of(1, mtime_ns=-(1 << 70)))["mtime_ns"] == -LARGEST - 1


def test_a_folder_is_found_by_32_bytes_whatever_its_length() -> None:
    assert {len(folder_key(path)) for path in (b"", b"\xff" * 4096)} == {32}


def test_every_word_has_its_place() -> None:
    original = original_of(
        1, keywords=("Meer", "Meer"), tags=("Orte/Kiel",), albums=("Ostsee",), people=("Anna",)
    )

    rows = keyword_rows(7, original)

    assert [(r["original_id"], r["kind"], r["position"], r["word"]) for r in rows] == [
        (7, "keyword", 0, "Meer"),
        (7, "keyword", 1, "Meer"),
        (7, "tag", 0, "Orte/Kiel"),
        (7, "album", 0, "Ostsee"),
        (7, "person", 0, "Anna"),
    ]


def test_an_original_without_notes_has_none() -> None:
    assert original_row(original_of(1))["notes"] is None


@given(st.lists(st.integers(), max_size=50), st.integers(1, 10))
def test_slices_hold_everything_in_order(values: list[int], size: int) -> None:
    parts = [list(part) for part in sliced(values, size)]

    assert [value for part in parts for value in part] == values
    assert all(0 < len(part) <= size for part in parts)
