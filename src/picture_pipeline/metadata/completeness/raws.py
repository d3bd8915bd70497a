"""RAW files with a structure of their own: RAF, X3F, MRW, CRW.

After LibRaw 0.21 (``src/metadata/identify.cpp``, ``src/metadata/ciff.cpp``) and
ExifTool's modules FujiFilm, SigmaRaw, MinoltaRaw and CanonRaw.
"""

import struct

from picture_pipeline.metadata.completeness.verdict import absent, beyond
from picture_pipeline.ports import Content

_RAF_PARTS = 84
"""Where three pairs of offset and length stand: preview, header, pixels."""
_X3F_MOST = 1024
_X3F_ENTRY = 12
_MRW_BLOCKS = 8
_CIFF_ENTRY = 10
_CIFF_ELSEWHERE = 0xC000
"""Bits of a tag whose value lies in the directory itself."""
_CIFF_MOST = 512


def check_raf(content: Content) -> str | None:
    """Check that preview, header and pixels lie inside the file."""
    parts = struct.unpack(">6I", content.read_at(_RAF_PARTS, 24))
    return beyond(max(parts[at] + parts[at + 1] for at in (0, 2, 4)), content.size)


def check_x3f(content: Content) -> str | None:
    """Find the directory, to which the last four bytes point, and check its entries."""
    (start,) = struct.unpack("<I", content.read_at(max(0, content.size - 4), 4))
    head = content.read_at(start, 12)
    if not head.startswith(b"SECd"):
        return absent("the directory at the end")
    count = min(struct.unpack_from("<I", head, 8)[0], _X3F_MOST)
    table = content.read_at(start + 12, count * _X3F_ENTRY)
    entries = struct.iter_unpack("<II4x", table[: len(table) // _X3F_ENTRY * _X3F_ENTRY])
    return beyond(max((at + length for at, length in entries), default=0), content.size)


def check_mrw(content: Content) -> str | None:
    """Check that the header and the pixels of the stated size lie inside the file."""
    head_length = struct.unpack(">I", content.read_at(4, 4))[0]
    pixels = 8 + head_length
    at = 8
    for _ in range(_MRW_BLOCKS):
        kind, length = struct.unpack(">4sI", content.read_at(at, 8))
        if kind == b"\0PRD":
            rows, columns, depth = struct.unpack(">8xHH4xB", content.read_at(at + 8, 17))
            return beyond(pixels + rows * columns * depth // 8, content.size)
        at += 8 + length
    return beyond(pixels, content.size)


def check_crw(content: Content) -> str | None:
    """Read the root directory, which closes the file, and check its entries."""
    (heap,) = struct.unpack("<I", content.read_at(2, 4))
    (start,) = struct.unpack("<I", content.read_at(max(0, content.size - 4), 4))
    head = content.read_at(heap + start, 2)
    count = int.from_bytes(head, "little")
    table = content.read_at(heap + start + 2, count * _CIFF_ENTRY)
    if not 0 < count <= _CIFF_MOST or len(table) < count * _CIFF_ENTRY:
        return absent("the directory at the end")
    entries = struct.iter_unpack("<HII", table)
    ends = [at + length for tag, length, at in entries if not tag & _CIFF_ELSEWHERE]
    return beyond(heap + max(ends, default=0), content.size)
