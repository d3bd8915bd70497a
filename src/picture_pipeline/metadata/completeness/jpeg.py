"""Walking a JPEG's markers to the end of its picture.

ITU-T T.81 annex B; CIPA DC-007 (MPO) section 5.2. What stands behind the end of the
picture is judged as well where the file says what it is: the further pictures
of an MPO, the film of a motion photo.
"""

import re
import struct
from itertools import takewhile

from picture_pipeline.metadata.completeness.verdict import absent, beyond
from picture_pipeline.metadata.containers.boxes import walk
from picture_pipeline.metadata.containers.ifd import read_ifd, reader_of, tiff_layout
from picture_pipeline.ports import Content

_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Whatever is neither a stuffed byte, nor filling, nor a restart marker."""
_MAX_MARKERS = 100_000
_SOS, _EOI, _APP2 = 0xDA, 0xD9, 0xE2
_BARE = frozenset({0x01, 0xD8})
"""Markers without a length that may stand where a segment is expected."""
_END = absent("the end of the picture")
_MP_ENTRIES = 0xB002
_MP_ENTRY_BYTES = 16
_MAX_PICTURES = 64
_FILM_STARTS = 4096
"""How far behind the picture the film of a motion photo may begin."""


def check(content: Content) -> str | None:
    """Look for the end of the first picture, and for what should follow it."""
    if not content.fits:
        return None
    data = content.whole()
    end, index = _walk(data, 0)
    if end is None:
        return _END
    return _check_pictures(data, index, end) or _check_film(data, end)


def picture_end(data: bytes, start: int = 0) -> int | None:
    """Give the offset behind the picture that begins at ``start``; None when it has no end."""
    return _walk(data, start)[0]


def _walk(data: bytes, start: int) -> tuple[int | None, int | None]:
    """Give the offset behind the picture, and where its index of further pictures stands."""
    at, index = start + 2, None
    for _ in range(_MAX_MARKERS):
        found = _MARKER.search(data, at)
        if found is None:
            break
        marker, at = data[found.end() - 1], found.end()
        if marker == _EOI:
            return at, index
        if marker in _BARE:
            continue
        if marker == _SOS and index is None and data.endswith(b"\xff\xd9"):
            # No coded picture can hold these two bytes, so where it is alone in its file, and
            # the file ends with them, nothing is missing: half a millisecond saved.
            return len(data), None
        if marker == _APP2 and data.startswith(b"MPF\0", at + 2):
            index = at + 6
        at += int.from_bytes(data[at : at + 2], "big")
    return None, index


def _check_pictures(data: bytes, index: int | None, end: int) -> str | None:
    """Check an MPO's further pictures, unless all of them were taken away on purpose."""
    if index is None or end >= len(data):
        return None
    for offset, length in _pictures(data, index):
        cut = beyond(index + offset + length, len(data))
        if cut is not None:
            return cut
        whole = data[index + offset : index + offset + length]
        if whole.startswith(b"\xff\xd8") and picture_end(whole) is None:
            return absent("the end of a further picture")
    return None


def _pictures(data: bytes, index: int) -> list[tuple[int, int]]:
    """Give offset (from the index) and length of each further picture."""
    block = data[index : index + 0x10000]
    opened = tiff_layout(block[:16])
    if opened is None:
        return []
    layout, first = opened
    entries = read_ifd(reader_of(block), layout, first).get(_MP_ENTRIES)
    table = entries.data if entries else b""
    count = min(len(table) // _MP_ENTRY_BYTES, _MAX_PICTURES)
    found = (
        struct.unpack_from(f"{layout.endian}III", table, _MP_ENTRY_BYTES * i) for i in range(count)
    )
    return [(offset, length) for _, length, offset in found if offset]


def _check_film(data: bytes, end: int) -> str | None:
    """Check the boxes of a film that follows the picture at once, and Samsung's trailer."""
    if data.find(b"MotionPhoto_Data", end, end + _FILM_STARTS) >= 0:
        return None if data.find(b"SEFT", -64) >= 0 else absent("the end of the motion photo")
    start = data.find(b"ftyp", end, end + _FILM_STARTS) - 4
    if start < end:
        return None
    boxes = takewhile(lambda box: box.kind in _FILM_BOXES, walk(data, start, len(data)))
    return beyond(max((box.stop for box in boxes), default=0), len(data))


_FILM_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta")
