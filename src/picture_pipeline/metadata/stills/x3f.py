"""Reading Sigma's X3F: its list of properties, and the EXIF of its preview. Pure Python.

After ExifTool's SigmaRaw.pm: the file's end points at a directory, whose
sections are pictures (a JPEG among them) and a table of names and values.
"""

import struct
from collections.abc import Iterator

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.containers.ifd import ReadAt
from picture_pipeline.metadata.parsing.values import Values
from picture_pipeline.metadata.stills.raw_size import raw_size
from picture_pipeline.ports import Content

_MAX_SECTIONS = 64
_MAX_PROPERTIES = 512
_MAX_PREVIEW = 64 * 1024 * 1024
_MAX_TABLE = 1024 * 1024
_PREVIEW_HEADER = 28
_TABLE_HEADER = 24


def open_x3f(content: Content) -> Contents:
    """Read an X3F's properties and find its preview. Hostile input gives less."""
    evidence: dict[str, Values] = {}
    blocks: list[bytes] = []
    try:
        for offset, length, kind in _sections(content):
            if kind == b"PROP":
                table = content.read_at(offset, min(length, _MAX_TABLE))
                evidence.update((f"X3F.{name}", (value,)) for name, value in _properties(table))
            elif kind == b"IMA2" and not blocks:
                blocks.extend(_jpeg(content.read_at, offset, length))
    except struct.error:
        pass  # cut off: what was read until then still counts
    return Contents(
        size=raw_size(content, "image/x-sigma-x3f"), blocks=tuple(blocks), evidence=evidence
    )


def _sections(content: Content) -> Iterator[tuple[int, int, bytes]]:
    (directory,) = struct.unpack("<I", content.read_at(content.size - 4, 4))
    count = struct.unpack("<4sII", content.read_at(directory, 12))[2]
    for number in range(min(count, _MAX_SECTIONS)):
        yield struct.unpack("<II4s", content.read_at(directory + 12 + 12 * number, 12))


def _jpeg(read_at: ReadAt, offset: int, length: int) -> Iterator[bytes]:
    start = offset + _PREVIEW_HEADER
    if read_at(start, 3) == b"\xff\xd8\xff":
        yield read_at(start, min(length - _PREVIEW_HEADER, _MAX_PREVIEW))


def _properties(table: bytes) -> Iterator[tuple[str, str]]:
    """Give names and values: places in a heap of UTF-16 letters, two numbers for each pair."""
    count = min(struct.unpack_from("<I", table, 8)[0], _MAX_PROPERTIES)
    heap = _TABLE_HEADER + 8 * count
    for name, value in struct.iter_unpack("<II", table[_TABLE_HEADER:heap]):
        yield _letters(table, heap + 2 * name), _letters(table, heap + 2 * value)


def _letters(table: bytes, at: int) -> str:
    return table[at : at + 512].decode("utf-16-le", "replace").split("\0", 1)[0]
