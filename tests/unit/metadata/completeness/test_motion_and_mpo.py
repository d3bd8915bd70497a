"""What may stand behind a JPEG's picture: further pictures, a film, anything."""

import struct

import pytest

from picture_pipeline.metadata.completeness import find_missing
from picture_pipeline.metadata.formats import JPEG
from picture_pipeline.workflows.contents import in_memory
from pictures import jpeg

FILM = struct.pack(">I", 16) + b"ftypmp42\0\0\0\0" + struct.pack(">I", 108) + b"mdat" + b"\1" * 100
TRAILER = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data" + FILM + b"SEFH" + bytes(20) + b"SEFT"


def missing(data: bytes) -> str | None:
    return find_missing(in_memory(data), JPEG)


def mpo(second: bytes) -> bytes:
    """Put a picture behind another, and an index of both into the first."""
    first = jpeg(1)
    index_at = 4 + 2 + 4
    index = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0xB002, 7, 32, 26) + bytes(4)
    length = len(first) + 4 + 4 + len(index) + 32
    entries = struct.pack("<IIII", 0, length, 0, 0)
    entries += struct.pack("<IIII", 0, len(second), length - index_at + 2 - 2, 0)
    segment = b"MPF\0" + index + entries
    return (
        first[:2] + b"\xff\xe2" + struct.pack(">H", len(segment) + 2) + segment + first[2:] + second
    )


SECOND = jpeg(2)


def test_both_pictures_of_an_mpo_are_there() -> None:
    assert missing(mpo(SECOND)) is None


@pytest.mark.parametrize("kept", [1, len(SECOND) // 2, len(SECOND) - 1])
def test_a_cut_second_picture_is_missed(kept: int) -> None:
    whole = mpo(SECOND)
    assert missing(whole[: len(whole) - len(SECOND) + kept])


def test_a_second_picture_of_zeros_at_its_end_is_missed() -> None:
    whole = mpo(SECOND)
    assert missing(whole[:-50] + bytes(50)) == "the end of a further picture is missing"


def test_a_second_picture_taken_away_is_not_missed() -> None:
    whole = mpo(SECOND)
    assert missing(whole[: -len(SECOND)]) is None


def test_the_film_of_a_motion_photo_must_be_whole() -> None:
    assert missing(jpeg(1) + FILM) is None
    assert missing(jpeg(1) + FILM[:-1]) == "at least 1 bytes are missing at the end"


def test_samsungs_trailer_must_be_closed() -> None:
    assert missing(jpeg(1) + TRAILER) is None
    assert missing(jpeg(1) + TRAILER[:-30]) == "the end of the motion photo is missing"
