"""Walking ISO base media boxes, bounds-checked (ISO/IEC 14496-12 section 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

from picture_pipeline.metadata.containers.ifd import ReadAt

MAX_BOXES = 4096
"""Children looked at in one box: real files have some hundred (one ``infe`` a tile)."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type and where its payload lies in the file."""

    kind: bytes
    start: int
    end: int
    """Never beyond what was looked at."""
    stop: int = 0
    """Where it says it ends: beyond ``end`` when something is cut off."""


def walk(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Give the boxes between two offsets, in order; stops at the first impossible one."""
    return walk_file(lambda at, length: data[at : at + length], start, end)


def walk_file(read_at: ReadAt, start: int, end: int, most: int = MAX_BOXES) -> Iterator[Box]:
    """Give the boxes between two offsets of a file that is not in memory; see ``walk``."""
    for _ in range(most):
        head = read_at(start, _LONG_HEADER) if start + _HEADER <= end else b""
        if len(head) < _HEADER:
            return
        size, header = int.from_bytes(head[:4], "big"), _HEADER
        if size == 1:
            size, header = int.from_bytes(head[_HEADER:], "big"), _LONG_HEADER
        stop = end if size == 0 else start + size
        if stop < start + header or start + header > end:
            return
        yield Box(head[4:8], start + header, min(stop, end), stop)
        start = stop


_HEADER, _LONG_HEADER = 8, 16
"""Bytes of size and type, without and with a 64-bit size."""


def children(data: bytes, box: Box, skip: int = 0) -> dict[bytes, Box]:
    """Give the first child of each type; ``skip`` is what stands before them."""
    found: dict[bytes, Box] = {}
    for child in walk(data, box.start + skip, box.end):
        found.setdefault(child.kind, child)
    return found


@dataclass(slots=True)
class Cursor:
    """Reads big-endian numbers one after the other; beyond the end it reads zeros."""

    data: bytes
    at: int
    end: int

    def number(self, size: int) -> int:
        """Read an unsigned number of ``size`` bytes; 0 bytes give 0."""
        value = int.from_bytes(self.data[self.at : min(self.at + size, self.end)], "big")
        self.at += size
        return value

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.at >= self.end
