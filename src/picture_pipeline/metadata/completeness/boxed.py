"""Still pictures made of boxes: HEIC, HEIF, AVIF, JPEG XL, JPEG 2000.

ISO/IEC 14496-12 section 4.2, ISO/IEC 23008-12 (HEIF), ISO/IEC 18181-2,
ISO/IEC 15444-1 annexes A and I.
"""

from collections.abc import Iterator

from picture_pipeline.metadata.completeness.verdict import ZEROS, absent, beyond
from picture_pipeline.metadata.containers.boxes import Box, children, walk_file
from picture_pipeline.metadata.containers.items import ItemTable, read_items
from picture_pipeline.ports import Content

_MAX_BOXES = 65536
"""Looked at on the first level; a recording in fragments has two a second."""
_HEADER = 8
_CODED = (b"hvc1", b"hev1", b"av01", b"avc1")
"""Items whose bytes are never zeros for long, at the beginning or at the end."""
_PROBE = 12
_END_OF_CODESTREAM = b"\xff\xd9"


def top_boxes(content: Content) -> list[Box]:
    """Give the boxes of the first level that a file holds, in order."""
    return list(walk_file(content.read_at, 0, content.size, _MAX_BOXES))


def check_lengths(content: Content, boxes: list[Box]) -> str | None:
    """Check that the boxes reach to the end of the file, and not beyond."""
    reached = max((box.stop for box in boxes), default=0)
    if len(boxes) == _MAX_BOXES:
        return None
    left = content.size - reached
    if 0 < left < _HEADER and content.read_at(reached, left).strip(b"\0"):
        return "the file ends inside the header of a box"
    return beyond(reached, content.size)


def check_heif(content: Content) -> str | None:
    """Check boxes, and that all that the list of items points to is there."""
    boxes = top_boxes(content)
    cut = check_lengths(content, boxes)
    if cut is not None:
        return cut
    meta = next((box for box in boxes if box.kind == b"meta"), None)
    if meta is None:
        return None if any(box.kind == b"moov" for box in boxes) else absent("the list of pictures")
    return _check_items(content, meta) if content.fits else None


def _check_items(content: Content, meta: Box) -> str | None:
    data = content.whole()
    items = read_items(data, children(data, meta, skip=4))
    reached = max((offset + length for offset, length in _all_extents(items)), default=0)
    cut = beyond(reached, content.size)
    if cut is None and any(_is_blank(data, *extent) for extent in _coded_extents(items)):
        return ZEROS
    return cut


def _all_extents(items: ItemTable) -> Iterator[tuple[int, int]]:
    for extents in items.extents.values():
        yield from extents


def _coded_extents(items: ItemTable) -> Iterator[tuple[int, int]]:
    for item, extents in items.extents.items():
        if items.kinds.get(item) in _CODED:
            yield from extents


def _is_blank(data: bytes, offset: int, length: int) -> bool:
    """Whether coded data begins or ends in zeros, as in a file that was only allotted."""
    if length < _PROBE:
        return False
    end = offset + length
    return not (
        data[offset : offset + _PROBE].strip(b"\0") and data[end - _PROBE : end].strip(b"\0")
    )


def check_jxl(content: Content) -> str | None:
    """Check the boxes of a JPEG XL; a bare codestream states no length."""
    if content.read_at(0, 2) == b"\xff\x0a":
        return None
    boxes = top_boxes(content)
    cut = check_lengths(content, boxes)
    if cut is None and not any(box.kind in (b"jxlc", b"jxlp") for box in boxes):
        return absent("the picture")
    return cut


def check_jp2(content: Content) -> str | None:
    """Check the boxes of a JPEG 2000, and the end of its codestream."""
    boxes = top_boxes(content)
    cut = check_lengths(content, boxes)
    stream = next((box for box in boxes if box.kind == b"jp2c"), None)
    if cut is not None or stream is None:
        return cut or absent("the picture")
    return _check_end(content, stream.end)


def check_codestream(content: Content) -> str | None:
    """Check the end of a bare JPEG 2000 codestream."""
    return _check_end(content, content.size)


def _check_end(content: Content, end: int) -> str | None:
    tail = content.read_at(max(0, end - 2), 2)
    return None if tail == _END_OF_CODESTREAM else absent("the end of the picture")
