"""Matroska and WebM: the sizes of the segment and, where it has none, of what it holds.

RFC 8794 (EBML) sections 4 to 6, RFC 9559 (Matroska).
"""

from picture_pipeline.metadata.completeness.verdict import absent, beyond
from picture_pipeline.ports import Content

_HEAD = 16
_MOST_ID = 4
_SEGMENT = 0x18538067
_MAX_ELEMENTS = 65536


def check(content: Content) -> str | None:
    """Check that the segment lies inside the file, or all that it holds when its end is open."""
    at = 0
    for _ in range(_MAX_ELEMENTS):
        if at >= content.size:
            return absent("the content") if at == 0 else beyond(at, content.size)
        element = _element(content.read_at(at, _HEAD))
        if element is None:
            return "the file ends inside the header of an element"
        kind, header, size = element
        if size is None and kind != _SEGMENT:
            return None  # a cluster with an open end: a live recording
        at += header + (size or 0)
    return None


def _element(head: bytes) -> tuple[int, int, int | None] | None:
    """Give an element's id, the bytes of its header and its size (None: unknown)."""
    id_width = _width(head, 0)
    size_width = _width(head, id_width)
    header = id_width + size_width
    if not 0 < id_width <= _MOST_ID or not size_width or len(head) < header:
        return None
    bits = 7 * size_width
    size = int.from_bytes(head[id_width:header], "big") & ((1 << bits) - 1)
    return int.from_bytes(head[:id_width], "big"), header, None if size + 1 == 1 << bits else size


def _width(head: bytes, at: int) -> int:
    """Give the bytes of a variable-size number, from its first byte; 0 when there is none."""
    return 9 - head[at].bit_length() if at < len(head) and head[at] else 0
