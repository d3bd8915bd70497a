"""Boxes inside boxes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.renditions.boxes import Fields, whole


def box(kind: bytes, payload: bytes) -> bytes:
    return (8 + len(payload)).to_bytes(4, "big") + kind + payload


def test_boxes_come_in_their_order() -> None:
    data = box(b"ftyp", b"heic") + box(b"meta", b"") + box(b"mdat", b"x")

    assert [found.type for found in whole(data).boxes()] == [b"ftyp", b"meta", b"mdat"]


def test_the_payload_is_what_is_inside() -> None:
    assert whole(box(b"ftyp", b"heic")).first(b"ftyp").payload == b"heic"


def test_a_long_box_tells_its_length_in_eight_bytes() -> None:
    data = b"\0\0\0\1mdat" + (20).to_bytes(8, "big") + b"four" + box(b"free", b"")

    assert [found.payload for found in whole(data).boxes()] == [b"four", b""]


def test_a_box_of_length_zero_reaches_to_the_end() -> None:
    assert whole(b"\0\0\0\0mdatall of it").first(b"mdat").payload == b"all of it"


@pytest.mark.parametrize("length", [2, 7, 100])
def test_a_box_that_lies_about_its_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="bytes long"):
        list(whole(length.to_bytes(4, "big") + b"mdatxy").boxes())


def test_endless_boxes_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        list(whole(box(b"free", b"") * 30_000).boxes())


def test_a_missing_box_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        whole(box(b"ftyp", b"")).first(b"meta")


@given(st.binary(max_size=64))
def test_garbage_ends_in_boxes_or_in_a_value_error(garbage: bytes) -> None:
    try:
        found = list(whole(garbage).boxes())
    except (ValueError, OverflowError) as error:
        assert isinstance(error, ValueError)  # noqa: PT017 - either ending is right
    else:
        assert sum(held.end - held.start for held in found) <= len(garbage)


def test_fields_end_with_a_value_error() -> None:
    fields = Fields(b"\0\1\2")

    assert fields.number(2) == 1
    with pytest.raises(ValueError, match="too early"):
        fields.number(2)
