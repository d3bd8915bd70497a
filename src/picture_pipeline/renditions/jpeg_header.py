"""What a JPEG's markers say before anything is decoded (ITU-T T.81, annex B)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from picture_pipeline.renditions.specs import Size

_SOI = b"\xff\xd8"
_SOS, _APP2 = 0xDA, 0xE2
_EOI = 0xD9
_END = bytes((0xFF, _EOI))
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""
_FRAME_FIELDS = struct.Struct(">BHHB")
_ICC = b"ICC_PROFILE\0"


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """Frame and colour profile of one JPEG."""

    size: Size
    precision: int
    """Bits a sample."""
    components: int
    profile: bytes | None
    """The ICC profile, put together from its APP2 segments."""


def read_header(data: bytes) -> JpegHeader | None:
    """Read up to the first scan; None when no frame or no scan comes."""
    frame: tuple[int, int, int, int] | None = None
    chunks: list[tuple[int, bytes]] = []
    for marker, start, end in _segments(data):
        if marker in _FRAMES and frame is None and end - start >= _FRAME_FIELDS.size:
            frame = _FRAME_FIELDS.unpack_from(data, start)
        elif marker == _APP2 and data.startswith(_ICC, start):
            chunks.append((data[start + len(_ICC)], data[start + len(_ICC) + 2 : end]))
        elif marker == _SOS and frame is not None:
            precision, height, width, components = frame
            profile = b"".join(chunk for _, chunk in sorted(chunks)) or None
            return JpegHeader(Size(width, height), precision, components, profile)
    return None


def whole_size(data: bytes) -> Size | None:
    """Give the size of one of our own JPEGs; None when it is not whole.

    Our encoder puts the end marker at the very end, and a cut file lacks it.
    """
    header = read_header(data) if data.endswith(_END) else None
    return header.size if header is not None else None


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Give marker, start and end of the payload of each segment up to the first scan."""
    if not data.startswith(_SOI):
        return
    position = 2
    while 0 <= (position := data.find(b"\xff", position)) < len(data) - 4:
        marker = data[position + 1]
        if marker in (0xFF, 0x00):
            position += 1
        elif marker in _ALONE:
            position += 2
        else:
            (length,) = struct.unpack_from(">H", data, position + 2)
            end = position + 2 + length
            if end > len(data) or marker == _EOI:
                return
            yield marker, position + 4, end
            if marker == _SOS:
                return
            position = end
