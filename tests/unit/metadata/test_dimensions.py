"""Stored sizes from headers alone."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.dimensions import stored_size
from picture_pipeline.metadata.formats import BMP, GIF, JPEG, PNG, SUPPORTED, TIFF, WEBP
from picture_pipeline.model.media import MediaType

SOF = b"\xff\xc2\0\x11\x08" + struct.pack(">HH", 480, 640) + bytes(10)
VP8 = b"RIFF\0\0\0\0WEBP"


def exif_claiming(width: int) -> bytes:
    return b"\xff\xe1\0\x08" + struct.pack(">I", width) + b"\xff\xc0"


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        (JPEG, b"\xff\xd8" + exif_claiming(9) + b"\xff\xff" + SOF),
        (PNG, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480)),
        (GIF, b"GIF89a" + struct.pack("<HH", 640, 480)),
        (BMP, b"BM" + bytes(12) + struct.pack("<Iii", 40, 640, -480)),
        (BMP, b"BM" + bytes(12) + struct.pack("<IHH", 12, 640, 480)),
        (WEBP, VP8 + b"VP8X" + bytes(8) + b"\x7f\2\0\xdf\1\0"),
        (WEBP, VP8 + b"VP8L" + bytes(5) + struct.pack("<I", 639 | 479 << 14)),
        (WEBP, VP8 + b"VP8 " + bytes(10) + struct.pack("<HH", 640, 480)),
        (
            TIFF,
            b"MM\0*\0\0\0\x08\0\2"
            + struct.pack(">HHIHHHHIHH", 0x100, 3, 1, 640, 0, 0x101, 3, 1, 480, 0),
        ),
    ],
)
def test_the_size_is_read_from_the_pixels_header(media_type: MediaType, data: bytes) -> None:
    assert stored_size(data, media_type) == (640, 480)


def test_a_size_of_nothing_is_no_size() -> None:
    assert stored_size(b"GIF89a" + bytes(4), GIF) is None


@given(st.sampled_from(SUPPORTED), st.binary(max_size=300))
def test_no_bytes_break_the_reader(media_type: MediaType, data: bytes) -> None:
    size = stored_size(data, media_type)
    assert size is None or min(size) > 0
