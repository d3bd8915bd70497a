"""Positions: degrees, references, and what cannot be meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.parsing.positions import (
    altitude,
    coordinate,
    rational_text,
    signed_altitude,
    xmp_coordinate_text,
    xmp_latitude,
    xmp_longitude,
)
from picture_pipeline.metadata.parsing.values import Absurd


def test_degrees_minutes_and_seconds_add_up() -> None:
    assert coordinate(("48/1 11/1 5654/100",), ("N",)) == pytest.approx(48.1990388889)


@pytest.mark.parametrize("reference", ["S", "W", "s", "South"])
def test_south_and_west_are_negative(reference: str) -> None:
    assert coordinate(("12/1 30/1 0/1",), (reference,)) == -12.5


@pytest.mark.parametrize(
    ("value", "reference"),
    [
        ("999/1 0/1 0/1", "N"),
        ("90/1 0/1 1/100", "N"),
        ("180/1 1/1 0/1", "E"),
        ("0/0 0/0 0/0", "N"),
        ("48/1 0/0 0/1", "N"),
        ("nan", "N"),
        ("inf", "E"),
        ("-48/1 0/1 0/1", "N"),
        ("1/1 2/1 3/1 4/1", "N"),
    ],
)
def test_an_impossible_coordinate_is_refused(value: str, reference: str) -> None:
    with pytest.raises(Absurd):
        coordinate((value,), (reference,))


@pytest.mark.parametrize("reference", [(), ("",), ("?",)])
def test_a_coordinate_without_direction_says_nothing(reference: tuple[str, ...]) -> None:
    assert coordinate(("48/1 0/1 0/1",), reference) is None


@pytest.mark.parametrize("text", ["41,54.0N", "41,54,0N", "41, 54.00 n"])
def test_both_forms_of_xmp_coordinates_are_read(text: str) -> None:
    assert xmp_latitude((text,)) == 41.9


@pytest.mark.parametrize(
    "text", ["N", "41,54.0Q", "91,0.0N", "41,,0N", "91", "-90.1", "nan", "1e3", "41.9.1"]
)
def test_other_forms_of_xmp_coordinates_are_refused(text: str) -> None:
    with pytest.raises(Absurd):
        xmp_latitude((text,))


def test_plain_degrees_carry_their_sign() -> None:
    assert xmp_latitude(("-12.5",)) == -12.5
    assert xmp_longitude(("176.25",)) == 176.25


def test_plain_degrees_follow_the_reference_beside_them() -> None:
    assert xmp_latitude(("12.5",), ("S",)) == -12.5
    assert xmp_longitude(("12.5",), ("W",)) == -12.5


def test_a_signed_altitude_is_below_the_sea() -> None:
    assert signed_altitude(("-12.5",)) == -12.5


def test_below_sea_level_is_negative() -> None:
    assert altitude(("125/10",), ("1",)) == -12.5
    assert altitude(("125/10",), ("0",)) == 12.5
    assert altitude(("125/10",), ()) == 12.5


@pytest.mark.parametrize("value", ["4294967284/1", "0/0", "high"])
def test_an_impossible_altitude_is_refused(value: str) -> None:
    with pytest.raises(Absurd):
        altitude((value,), ("0",))


def test_coordinates_are_written_as_digikam_and_exiftool_want_them() -> None:
    assert xmp_coordinate_text(41.9, "N", "S") == "41,54.0N"
    assert xmp_coordinate_text(-12.5, "E", "W") == "12,30.0W"
    assert xmp_coordinate_text(59.99999999999, "N", "S") == "60,0.0N"


@given(st.floats(-180, 180))
def test_a_written_coordinate_comes_back_within_a_millionth_of_a_degree(degrees: float) -> None:
    text = xmp_coordinate_text(degrees, "E", "W")
    assert xmp_longitude((text,)) == pytest.approx(degrees, abs=1e-8)


@given(st.floats(-100_000, 100_000))
def test_a_written_altitude_comes_back_within_a_millimetre(metres: float) -> None:
    back = altitude((rational_text(metres),), ("1" if metres < 0 else "0",))
    assert back == pytest.approx(metres, abs=6e-4)
