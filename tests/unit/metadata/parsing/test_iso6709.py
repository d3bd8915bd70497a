"""Positions as movies hold them."""

import pytest

from picture_pipeline.metadata.parsing import iso6709
from picture_pipeline.metadata.parsing.values import Absurd


def test_signed_degrees_are_read() -> None:
    value = ("+52.1641-004.4860+001.096/",)
    assert iso6709.latitude(value) == 52.1641
    assert iso6709.longitude(value) == -4.486
    assert iso6709.altitude(value) == 1.096


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+5209.846-00429.16/", (52.1641, -4.486)),
        ("+520950.76-0042909.6CRSWGS_84/", (52.1641, -4.486)),
        ("-90-180", (-90, -180)),
    ],
)
def test_minutes_and_seconds_are_told_by_the_digits(
    text: str, expected: tuple[float, float]
) -> None:
    assert iso6709.latitude((text,)) == pytest.approx(expected[0])
    assert iso6709.longitude((text,)) == pytest.approx(expected[1])
    assert iso6709.altitude((text,)) is None


@pytest.mark.parametrize("text", ["+91.0+000.0/", "+00.0+181.0/", "52.1, 4.5", "+nan+nan/"])
def test_an_absurd_position_is_refused(text: str) -> None:
    with pytest.raises(Absurd):
        assert iso6709.latitude((text,)) == iso6709.longitude((text,))


def test_an_absurd_altitude_is_refused() -> None:
    with pytest.raises(Absurd):
        iso6709.altitude(("+01.0+001.0+999999/",))


def test_nothing_says_nothing() -> None:
    assert (iso6709.latitude(()), iso6709.altitude((" ",))) == (None, None)
