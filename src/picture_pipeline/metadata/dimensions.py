"""Width and height as stored, read from the pixels' own headers, never from EXIF.

One small reader for each format, bounds-checked; what cannot be read is None.
HEIF has its own (``heif.py``).
exiv2 knows sizes too, but gives up on a JPEG whose end is missing.
"""

import struct
from collections.abc import Callable, Iterator, Mapping

from picture_pipeline.metadata.formats import BMP, GIF, JPEG, PNG, TIFF, WEBP
from picture_pipeline.metadata.ifd import read_ifd, reader_of, tiff_layout
from picture_pipeline.model.media import MediaType

Size = tuple[int, int]
"""Width and height in pixels, before any rotation."""

_MAX_SEGMENTS = 2048
_SOF = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SOS = 0xDA
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length."""


def stored_size(data: bytes, media_type: MediaType) -> Size | None:
    """Give width and height in pixels as stored; None when they cannot be read."""
    read = _READERS.get(media_type.name)
    try:
        size = read(data) if read else None
    except struct.error:
        return None
    return size if size and min(size) > 0 else None


def _jpeg(data: bytes) -> Size | None:
    for marker, start in _segments(data):
        if marker in _SOF:
            height, width = struct.unpack_from(">HH", data, start + 3)
            return width, height
    return None


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Walk the markers up to the pixels: marker, and where its length stands."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        at = data.find(b"\xff", at)
        while 0 <= at < len(data) - 1 and data[at + 1] == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        if at < 0 or at + 4 > len(data) or data[at + 1] == _SOS:
            return
        marker = data[at + 1]
        if marker in _BARE or marker == 0:
            at += 2
            continue
        yield marker, at + 2
        at += 2 + max(struct.unpack_from(">H", data, at + 2)[0], 2)


def _png(data: bytes) -> Size | None:
    width, height = struct.unpack_from(">II", data, 16)
    return (width, height) if data[12:16] == b"IHDR" else None


def _gif(data: bytes) -> Size:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _bmp(data: bytes) -> Size:
    (header_size,) = struct.unpack_from("<I", data, 14)
    if header_size == 12:  # noqa: PLR2004 - the header of OS/2 has 16-bit sizes
        width, height = struct.unpack_from("<HH", data, 18)
    else:
        width, height = struct.unpack_from("<ii", data, 18)
    return width, abs(height)


def _webp(data: bytes) -> Size | None:
    reader = {b"VP8X": _vp8x, b"VP8L": _vp8l, b"VP8 ": _vp8}.get(data[12:16])
    return reader(data) if reader else None


def _vp8x(data: bytes) -> Size:
    return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")


def _vp8l(data: bytes) -> Size:
    bits = struct.unpack_from("<I", data, 21)[0]
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


def _vp8(data: bytes) -> Size:
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _tiff(data: bytes) -> Size | None:
    opened = tiff_layout(data[:16])
    if opened is None:
        return None
    entries = read_ifd(reader_of(data), *opened)
    width, height = (entries[tag].integer() if tag in entries else None for tag in (0x100, 0x101))
    return (width, height) if width and height else None


_READERS: Mapping[str, Callable[[bytes], Size | None]] = {
    JPEG.name: _jpeg,
    PNG.name: _png,
    GIF.name: _gif,
    BMP.name: _bmp,
    WEBP.name: _webp,
    TIFF.name: _tiff,
}
