"""Width and height as stored, read from the pixels' own headers, never from EXIF.

One small reader for each format, bounds-checked; what cannot be read is None.
HEIF has its own (``heif.py``).
exiv2 knows sizes too, but gives up on a JPEG whose end is missing.
"""

import struct
from collections.abc import Callable, Mapping

from picture_pipeline.metadata.containers.boxes import Box, children, walk
from picture_pipeline.metadata.containers.codestream import codestream_size
from picture_pipeline.metadata.containers.ifd import read_ifd, reader_of, tiff_layout
from picture_pipeline.metadata.containers.jpeg_header import Size, read_jpeg_header
from picture_pipeline.metadata.formats import (
    BMP,
    GIF,
    J2K,
    JP2,
    JPEG,
    JXL,
    PNG,
    PSD,
    TIFF,
    WEBP,
)
from picture_pipeline.model.media import MediaType


def stored_size(data: bytes, media_type: MediaType) -> Size | None:
    """Give width and height in pixels as stored; None when they cannot be read."""
    read = _READERS.get(media_type.name)
    try:
        size = read(data) if read else None
    except struct.error:
        return None
    return size if size and min(size) > 0 else None


def _jpeg(data: bytes) -> Size | None:
    return read_jpeg_header(data).size


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


def _jxl(data: bytes) -> Size | None:
    """Read a bare codestream, or the first one in a container."""
    if data.startswith(b"\xff\x0a"):
        return codestream_size(data[:32])
    for box in walk(data, 0, len(data)):
        if box.kind in (b"jxlc", b"jxlp"):
            start = box.start + (4 if box.kind == b"jxlp" else 0)
            return codestream_size(data[start : min(start + 32, box.end)])
    return None


def _jp2(data: bytes) -> Size | None:
    """Read the image header box (ISO/IEC 15444-1 annex I.5.3.1)."""
    header = children(data, Box(b"", 0, len(data))).get(b"jp2h")
    image = children(data, header).get(b"ihdr") if header else None
    if image is None:
        return None
    height, width = struct.unpack_from(">II", data, image.start)
    return width, height


def _j2k(data: bytes) -> Size | None:
    """Read the SIZ marker: the reference grid without its offset (annex A.5.1)."""
    width, height, left, top = struct.unpack_from(">4I", data, 8)
    return width - left, height - top


def _psd(data: bytes) -> Size | None:
    height, width = struct.unpack_from(">II", data, 14)
    return width, height


_READERS: Mapping[str, Callable[[bytes], Size | None]] = {
    JPEG.name: _jpeg,
    PNG.name: _png,
    GIF.name: _gif,
    BMP.name: _bmp,
    WEBP.name: _webp,
    TIFF.name: _tiff,
    JXL.name: _jxl,
    JP2.name: _jp2,
    J2K.name: _j2k,
    PSD.name: _psd,
}
