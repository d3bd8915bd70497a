"""Texts and numbers as files hold them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.parsing import values
from picture_pipeline.metadata.parsing.values import Absurd


def test_text_ends_at_the_first_nul_and_loses_outer_blanks() -> None:
    assert values.text(("NIKON   \0garbage",)) == "NIKON"


def test_bytes_that_are_not_utf_8_are_read_as_windows_latin() -> None:
    stored = b"K\xf6ln \x96 Dom".decode("utf-8", "surrogateescape")
    assert values.text((stored,)) == "Köln \u2013 Dom"


def test_bytes_that_windows_does_not_know_are_read_as_iso_latin() -> None:
    assert values.text((b"\xe9\x81".decode("utf-8", "surrogateescape"),)) == "é\x81"


def test_blank_text_says_nothing() -> None:
    assert values.text(("    ", "\0", "")) is None


def test_keywords_come_once_each_in_order() -> None:
    assert values.texts(("b", "a ", "b", "")) == ("b", "a")


def test_windows_text_is_utf_16() -> None:
    stored = " ".join(str(byte) for byte in "Mongol Els\0".encode("utf-16-le"))
    assert values.windows_text((stored,)) == "Mongol Els"


def test_windows_keywords_are_parted_by_semicolons() -> None:
    stored = " ".join(str(byte) for byte in "a;b c\0".encode("utf-16-le"))
    assert values.windows_texts((stored,)) == ("a", "b c")


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("charset=Ascii hello", "hello"),
        ('charset="Unicode" grüß', "grüß"),
        ("plain", "plain"),
        ("charset=Ascii Screenshot", None),
        ("charset=Ascii        ", None),
        ("charset=InvalidCharsetId \\N\x08\x01", None),
        ("\x01\x02binary", None),
    ],
)
def test_a_user_comment_loses_its_charset_and_binary_data(
    stored: str, expected: str | None
) -> None:
    assert values.comment((stored,)) == expected


def test_hierarchical_keywords_are_given_with_slashes() -> None:
    assert values.paths("|")(("Places|Rome", "Places| Rome ", "flat")) == ("Places/Rome", "flat")


@pytest.mark.parametrize(("stored", "expected"), [("-1", -1), ("0", 0), ("5", 5), ("3.0", 3)])
def test_ratings_from_minus_one_to_five_are_kept(stored: str, expected: int) -> None:
    assert values.rating((stored,)) == expected


@pytest.mark.parametrize("stored", ["6", "-2", "99", "NaN", "five", "1/0"])
def test_other_ratings_are_refused(stored: str) -> None:
    with pytest.raises(Absurd):
        values.rating((stored,))


@pytest.mark.parametrize(("stored", "expected"), [("0", None), ("1", 1), ("50", 3), ("99", 5)])
def test_microsofts_per_cent_become_stars(stored: str, expected: int | None) -> None:
    assert values.microsoft_rating((stored,)) == expected


def test_the_overflow_mark_of_iso_says_nothing() -> None:
    assert values.iso(("65535",)) is None
    assert values.iso(("100 100",)) == 100


@pytest.mark.parametrize(("stored", "expected"), [("0", None), ("1", 1), ("8", 8)])
def test_orientations_from_one_to_eight_are_kept(stored: str, expected: int | None) -> None:
    assert values.orientation((stored,)) == expected


def test_a_ninth_orientation_is_refused() -> None:
    with pytest.raises(Absurd):
        values.orientation(("9",))


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    try:
        found = values.positive((text,))
    except Absurd:
        return
    assert found is None or found > 0


@given(st.binary(max_size=200))
def test_cleaned_text_is_always_good_xml_text(raw: bytes) -> None:
    cleaned = values.clean(raw.decode("utf-8", "surrogateescape"))
    assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in cleaned)
    assert cleaned.encode().decode() == cleaned


@pytest.mark.parametrize("stored", ["1e999999999", "9" * 5000, "1/" + "9" * 5000])
def test_a_number_that_would_fill_the_memory_is_refused(stored: str) -> None:
    with pytest.raises(Absurd):
        values.positive((stored,))
