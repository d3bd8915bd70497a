"""What stands in a JPEG before its pixels: its size, its XMP, and all else. Pure Python.

Only this much of a JPEG is read for its metadata. The XMP is cut out, because
our own reader of XMP is cheaper than exiv2's and refuses less.
ISO/IEC 10918-1 annex B; XMP specification part 3 section 1.1.3.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

Size = tuple[int, int]
"""Width and height in pixels, before any rotation."""

_MAX_SEGMENTS = 2048
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SOS = 0xDA
_APP1 = 0xE1
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_SCAN = 16
"""Bytes of the announcement of the pixels that are kept, so that nobody misses it."""


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """What a JPEG's segments hold."""

    size: Size | None
    packets: tuple[bytes, ...]
    """XMP."""
    rest: bytes
    """The header without them."""
    whole: bool
    """Whether the pixels were reached."""


def read_jpeg_header(data: bytes) -> JpegHeader:
    """Read all segments before the pixels; hostile input gives fewer."""
    size: Size | None = None
    packets: list[bytes] = []
    kept: list[bytes] = []
    begin, end, whole = 0, len(data), False
    for marker, start, stop in _segments(data):
        if marker == _SOS:
            end, whole = start + _SCAN, True
        elif marker in _SOF and size is None:
            size = _size(data, start)
        elif marker == _APP1 and data.startswith((_XMP, _EXTENDED_XMP), start + 2):
            if data.startswith(_XMP, start + 2):
                packets.append(data[start + 2 + len(_XMP) : stop])
            kept.append(data[begin : start - 2])
            begin = stop
    kept.append(data[begin:end])
    return JpegHeader(size, tuple(packets), b"".join(kept) if packets else data[:end], whole)


def _size(data: bytes, start: int) -> Size | None:
    if start + 7 > len(data):
        return None
    height, width = struct.unpack_from(">HH", data, start + 3)
    return width, height


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Walk the markers up to that of the pixels: marker, where its length stands, its end."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        at = data.find(b"\xff", at)
        while 0 <= at < len(data) - 1 and data[at + 1] == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        if at < 0 or at + 4 > len(data):
            return
        marker = data[at + 1]
        if marker in _BARE or marker == 0:
            at += 2
            continue
        stop = at + 2 + max(int.from_bytes(data[at + 2 : at + 4], "big"), 2)
        yield marker, at + 2, stop
        if marker == _SOS:
            return
        at = stop
