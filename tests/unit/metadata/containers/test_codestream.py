"""A bare JPEG XL has a signature of two bytes; its size must make sense as well."""

import pytest

from picture_pipeline.metadata.containers.codestream import codestream_size
from picture_pipeline.metadata.recognition.recognise import recognise


def packed(*fields: tuple[int, int]) -> bytes:
    value, shift = 0, 0
    for number, bits in fields:
        value |= number << shift
        shift += bits
    return b"\xff\x0a" + value.to_bytes(14, "little")


SMALL = packed((1, 1), (31, 5), (0, 3), (15, 5))
LARGE = packed((0, 1), (1, 2), (3023, 13), (0, 3), (1, 2), (4031, 13))
WIDE = packed((0, 1), (1, 2), (999, 13), (5, 3))


@pytest.mark.parametrize(
    ("head", "size"), [(SMALL, (128, 256)), (LARGE, (4032, 3024)), (WIDE, (1777, 1000))]
)
def test_the_size_is_read(head: bytes, size: tuple[int, int]) -> None:
    assert codestream_size(head) == size


def test_a_plausible_size_makes_it_a_picture() -> None:
    found = recognise(LARGE, b"x", len(LARGE))
    assert found is not None
    assert found.name == "image/jxl"


def test_an_absurd_size_needs_the_name_to_vouch_for_it() -> None:
    absurd = packed((0, 1), (3, 2), ((1 << 30) - 1, 30), (1, 3))
    assert recognise(absurd, b"x.bin", 16) is None
    assert recognise(absurd, b"x.jxl", 16) is not None
