"""Stored sizes from headers alone."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies import box
from picture_pipeline.metadata.formats import (
    BMP,
    GIF,
    J2K,
    JP2,
    JPEG,
    JXL,
    PNG,
    PSD,
    SUPPORTED,
    TIFF,
    WEBP,
)
from picture_pipeline.metadata.stills.dimensions import stored_size
from picture_pipeline.model.media import MediaType

SOF = b"\xff\xc2\0\x11\x08" + struct.pack(">HH", 480, 640) + bytes(10)
VP8 = b"RIFF\0\0\0\0WEBP"

JXL_BITS = b"\xff\x0a" + (0 << 1 | 479 << 3 | 3 << 12).to_bytes(8, "little")
"""Height in 9 bits less one; the width by the ratio 4:3."""


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
        (JXL, JXL_BITS),
        (JXL, box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl ") + box(b"jxlc", JXL_BITS)),
        (JXL, box(b"JXL ", bytes(4)) + box(b"jxlp", bytes(4), JXL_BITS)),
        (JP2, box(b"jP  ", bytes(4)) + box(b"jp2h", box(b"ihdr", struct.pack(">II", 480, 640)))),
        (J2K, b"\xff\x4f\xff\x51" + bytes(4) + struct.pack(">4I", 650, 485, 10, 5)),
        (PSD, b"8BPS\0\1" + bytes(8) + struct.pack(">II", 480, 640)),
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
