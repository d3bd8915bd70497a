"""Walking ISO base media boxes, bounds-checked (ISO/IEC 14496-12 section 4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass

MAX_BOXES = 4096
"""Children looked at in one box: real files have some hundred (one ``infe`` a tile)."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its type and where its payload lies in the file."""

    kind: bytes
    start: int
    end: int


def walk(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Give the boxes between two offsets, in order; stops at the first impossible one."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        size = int.from_bytes(data[start : start + 4], "big")
        header = 8
        if size == 1:
            size = int.from_bytes(data[start + 8 : start + 16], "big")
            header = 16
        stop = end if size == 0 else start + size
        if stop < start + header or start + header > end:
            return
        yield Box(data[start + 4 : start + 8], start + header, min(stop, end))
        start = stop


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
