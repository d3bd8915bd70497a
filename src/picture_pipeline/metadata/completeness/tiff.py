"""TIFF and the RAW files built like it: all strips, tiles and previews lie inside the file.

TIFF 6.0 sections 2, 8 and 15, TIFF technical note 1 (SubIFDs), DNG 1.7; for
Panasonic's RW2 ExifTool's PanasonicRaw tags.
"""

from collections.abc import Iterator, Mapping

from picture_pipeline.metadata.completeness.verdict import absent, beyond
from picture_pipeline.metadata.containers.ifd import (
    Entry,
    Layout,
    next_ifd,
    read_ifd,
    tiff_layout,
)
from picture_pipeline.ports import Content

_SUB_IFDS = 0x014A
_STRIPS, _TILES, _PREVIEW = (0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202)
"""Tags of offsets and lengths; the preview is an embedded JPEG."""
_RW2_DATA = 0x0118
_SUBFILE_TYPE = 0x00FE
_WANTED = frozenset({_SUBFILE_TYPE, _SUB_IFDS, *_STRIPS, *_TILES, *_PREVIEW, _RW2_DATA})
_NOWHERE = 0xFFFFFFFF
"""RW2's strip offset: its pixels run from another tag's offset to the end."""
_MAX_DIRECTORIES = 64
_MAX_TABLE = 1 << 20
_HEADER = 16


def check(content: Content) -> str | None:
    """Check each directory's data; a file that is no TIFF is not judged."""
    opened = tiff_layout(content.read_at(0, _HEADER).ljust(_HEADER, b"\0"))
    if opened is None:
        return None
    for directory in directories(content, *opened):
        if directory is None:
            return absent("a directory of pictures")
        reached = max((offset + length for offset, length in _all_data(directory)), default=0)
        if reached > content.size:
            return beyond(reached, content.size)
    return None


def directories(
    content: Content, layout: Layout, first: int
) -> Iterator[Mapping[int, Entry] | None]:
    """Give each directory of the chain and below it, once; None for one that is cut.

    What follows a directory of the second level is not looked at: makers leave
    rubbish there.
    """
    waiting, seen = [(first, True)], {0}
    while waiting and len(seen) <= _MAX_DIRECTORIES:
        offset, chained = waiting.pop()
        if offset in seen:
            continue
        seen.add(offset)
        directory = _directory(content, layout, offset)
        yield directory
        if chained:
            waiting.append((next_ifd(content.read_at, layout, offset), True))
            waiting.extend((sub, False) for sub in _integers(directory or {}, _SUB_IFDS))


def _directory(content: Content, layout: Layout, offset: int) -> Mapping[int, Entry] | None:
    width = 8 if layout.big else 2
    head = content.read_at(offset, width)
    count = int.from_bytes(head, layout.byte_order)
    if not count or offset + width + count * layout.entry_size > content.size:
        return None
    return read_ifd(content.read_at, layout, offset, _WANTED, _MAX_TABLE)


def data_of(directory: Mapping[int, Entry]) -> Iterator[tuple[int, int]]:
    """Give offset and length of a directory's strips or tiles."""
    yield from _pairs(directory, *_STRIPS)
    yield from _pairs(directory, *_TILES)


def _all_data(directory: Mapping[int, Entry]) -> Iterator[tuple[int, int]]:
    yield from data_of(directory)
    yield from _pairs(directory, *_PREVIEW)
    yield from ((offset, 1) for offset in _integers(directory, _RW2_DATA))


def _pairs(directory: Mapping[int, Entry], offsets: int, lengths: int) -> Iterator[tuple[int, int]]:
    pairs = zip(_integers(directory, offsets), _integers(directory, lengths), strict=False)
    return ((offset, length) for offset, length in pairs if offset != _NOWHERE)


def _integers(directory: Mapping[int, Entry], tag: int) -> tuple[int, ...]:
    return directory[tag].integers() if tag in directory else ()
