"""PNG, GIF, BMP and PSD: plain pictures whose headers tell their lengths.

PNG third edition section 5; GIF89a; BMP (Windows GDI); Adobe Photoshop File Formats
Specification, "Photoshop File Structure".
"""

import struct

from picture_pipeline.metadata.completeness.verdict import absent, beyond
from picture_pipeline.ports import Content

_END = absent("the end of the picture")
_MAX_CHUNKS = 1 << 20

_GIF_IMAGE, _GIF_EXTENSION, _GIF_TRAILER = 0x2C, 0x21, 0x3B
_BITFIELDS = (0, 3, 6)
"""Compressions of a BMP whose pixels are stored as they are."""
_OLD_BMP_HEADER = 12
_PSD_RAW, _PSD_RUNS = 0, 1


def check_png(content: Content) -> str | None:
    """Walk the chunks to IEND."""
    at = 8
    for _ in range(_MAX_CHUNKS):
        head = content.read_at(at, 8)
        if len(head) < 8:  # noqa: PLR2004 - length and type
            return _END
        at += 12 + int.from_bytes(head[:4], "big")
        if head[4:] == b"IEND":
            return beyond(at, content.size)
    return None


def check_gif(content: Content) -> str | None:
    """Walk the blocks to the trailer."""
    if not content.fits:
        return None
    data = content.whole()
    at = 13 + _colours(data[10])
    for _ in range(_MAX_CHUNKS):
        kind = data[at]
        if kind == _GIF_TRAILER:
            return None
        if kind not in (_GIF_IMAGE, _GIF_EXTENSION):
            return _END
        at = _skip_blocks(
            data, at + 2 if kind == _GIF_EXTENSION else at + 11 + _colours(data[at + 9])
        )
    return None


def _colours(flags: int) -> int:
    """Give the bytes of the colour table that a header's flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _skip_blocks(data: bytes, at: int) -> int:
    """Give the offset behind a row of sub-blocks; IndexError when it does not end."""
    while data[at]:
        at += 1 + data[at]
    return at + 1


def check_bmp(content: Content) -> str | None:
    """Check that the pixels fit into the file; the stated file size is often wrong."""
    head = content.read_at(0, 54)
    start, header = struct.unpack_from("<I", head, 10)[0], struct.unpack_from("<I", head, 14)[0]
    if header == _OLD_BMP_HEADER:
        width, height, _, depth = struct.unpack_from("<HHHH", head, 18)
        compression, stated = 0, 0
    else:
        width, height, _, depth, compression, stated = struct.unpack_from("<iiHHII", head, 18)
    row = (width * depth + 31) // 32 * 4
    length = row * abs(height) if compression in _BITFIELDS else stated
    return beyond(start + length, content.size)


def check_psd(content: Content) -> str | None:
    """Walk the sections, then measure the composite picture behind them."""
    version, channels, height, width, depth = struct.unpack(">H6xHIIH", content.read_at(4, 20))
    big = version == 2  # noqa: PLR2004 - the version of PSB, with wider lengths
    at = 26
    for length in (4, 4, 8 if big else 4):
        at += length + int.from_bytes(_exactly(content, at, length), "big")
    (compression,) = struct.unpack(">H", content.read_at(at, 2))
    at += 2
    if compression == _PSD_RAW:
        return beyond(at + channels * height * ((width * depth + 7) // 8), content.size)
    if compression == _PSD_RUNS:
        return _check_runs(content, at, channels * height, 4 if big else 2)
    return None if at < content.size else _END


def _check_runs(content: Content, at: int, rows: int, width: int) -> str | None:
    """Add up the lengths of the packed rows, which stand before them."""
    if at + rows * width > content.size:
        return beyond(at + rows * width, content.size)
    table = content.read_at(at, rows * width)
    lengths = struct.unpack(f">{rows}{'I' if width == 4 else 'H'}", table)  # noqa: PLR2004 - PSB's
    return beyond(at + rows * width + sum(lengths), content.size)


def _exactly(content: Content, at: int, length: int) -> bytes:
    """Read; IndexError when the file ends there."""
    found = content.read_at(at, length)
    if len(found) < length:
        raise IndexError(at)
    return found
