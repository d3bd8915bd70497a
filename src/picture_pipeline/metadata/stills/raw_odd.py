"""Width and height in RAWs that are no TIFF: CR3, CRW, MRW, RAF, X3F. Pure Python.

After ExifTool's tables. Each may raise struct.error where a number is cut off.
"""

import struct
from collections.abc import Iterator
from itertools import islice

from picture_pipeline.metadata.containers.atoms import first
from picture_pipeline.metadata.containers.boxes import Box, walk_file
from picture_pipeline.metadata.containers.ifd import ReadAt
from picture_pipeline.metadata.containers.jpeg_header import Size
from picture_pipeline.metadata.stills.raw_directories import directories, largest, sized
from picture_pipeline.ports import Content

_MAX_BLOCKS = 256
_HEAPS = range(0x2800, 0x3100)
"""Record types of CRW whose high bits say that they are heaps themselves."""
_MAX_HEAPS = 32
_CRW_IMAGE_INFO = 0x1810
_RAF_CROPPED, _RAF_FULL = 0x0111, 0x0100


def canon_cr3(content: Content) -> Size | None:
    """Read CMT1: CR3 is a movie whose header holds EXIF's directories one by one."""
    read_at = content.read_at
    moov = first(read_at, Box(b"", 0, content.size), b"moov")
    for box in walk_file(read_at, moov.start, moov.end) if moov else ():
        cmt1 = first(read_at, Box(b"", box.start + 16, box.end), b"CMT1")
        if box.kind == b"uuid" and cmt1:
            return largest(list(islice(directories(_shifted(read_at, cmt1.start)), 1)))
    return None


def _shifted(read_at: ReadAt, start: int) -> ReadAt:
    return lambda offset, length: read_at(start + offset, length)


def canon_crw(content: Content) -> Size | None:
    """Read the record of a CRW that holds width and height; the file is a heap of records."""
    head = content.read_at(0, 6)
    endian = {b"II": "<", b"MM": ">"}.get(head[:2])
    if endian is None:
        return None
    heaps = [(struct.unpack_from(f"{endian}I", head, 2)[0], content.size)]
    for _ in range(_MAX_HEAPS):
        if not heaps:
            break
        start, end = heaps.pop()
        for tag, length, offset in _records(content.read_at, endian, start, end):
            if tag == _CRW_IMAGE_INFO:
                numbers = content.read_at(start + offset, 8)
                return sized(*struct.unpack(f"{endian}II", numbers))
            if tag in _HEAPS:
                heaps.append((start + offset, start + offset + length))
    return None


def _records(read_at: ReadAt, endian: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Give type, length and offset of each record; where they are listed stands at the end."""
    table = start + struct.unpack(f"{endian}I", read_at(end - 4, 4))[0]
    count = struct.unpack(f"{endian}H", read_at(table, 2))[0]
    for number in range(min(count, _MAX_BLOCKS)):
        yield struct.unpack(f"{endian}HII", read_at(table + 2 + 10 * number, 10))


def minolta(content: Content) -> Size | None:
    """Read the block of an MRW that is called PRD: it holds the picture's height and width."""
    at = 8
    for _ in range(_MAX_BLOCKS):
        name, length = struct.unpack(">4sI", content.read_at(at, 8))
        if name == b"\0PRD":
            height, width = struct.unpack(">HH", content.read_at(at + 8 + 12, 4))
            return sized(width, height)
        at += 8 + length
    return None


def fuji(content: Content) -> Size | None:
    """Read the directory that a RAF's header points at: the size after cropping."""
    (start,) = struct.unpack(">I", content.read_at(92, 4))
    (count,) = struct.unpack(">I", content.read_at(start, 4))
    found: dict[int, Size | None] = {}
    at = start + 4
    for _ in range(min(count, _MAX_BLOCKS)):
        tag, length = struct.unpack(">HH", content.read_at(at, 4))
        if tag in (_RAF_CROPPED, _RAF_FULL) and length == 4:  # noqa: PLR2004 - two numbers
            height, width = struct.unpack(">HH", content.read_at(at + 4, 4))
            found[tag] = sized(width, height)
        at += 4 + length
    return found.get(_RAF_CROPPED) or found.get(_RAF_FULL)


def sigma(content: Content) -> Size | None:
    """Read the header of an X3F."""
    return sized(*struct.unpack("<II", content.read_at(28, 8)))
