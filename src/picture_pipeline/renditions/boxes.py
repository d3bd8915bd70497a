"""ISO base media file format: boxes inside boxes (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_BOXES = 20_000
"""Boxes looked at on one level; real HEICs have a few hundred properties and items at most."""
_LARGE, _TO_THE_END = 1, 0
_HEADER = 8


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its four-letter type and its payload's place in the file."""

    type: bytes
    data: bytes
    """The whole file."""
    start: int
    end: int

    @property
    def payload(self) -> bytes:
        """The bytes inside, without the header."""
        return self.data[self.start : self.end]

    def boxes(self, skip: int = 0) -> "Iterator[Box]":
        """Walk the boxes inside, after ``skip`` bytes of fields."""
        return walk(self.data, self.start + skip, self.end)

    def first(self, kind: bytes, skip: int = 0) -> "Box":
        """Give the first box of a type inside. Raises KeyError when there is none."""
        for box in self.boxes(skip):
            if box.type == kind:
                return box
        raise KeyError(kind)


def walk(data: bytes, start: int, end: int) -> Iterator[Box]:
    """Walk the boxes between two places.

    Raises ValueError for a box that is longer than what holds it, and for
    more boxes than any real file has.
    """
    for _ in range(_MOST_BOXES):
        if end - start < _HEADER:
            return
        box = _box(data, start, end)
        yield box
        start = box.end
    raise ValueError("too many boxes")


def whole(data: bytes) -> Box:
    """Take the file as one box."""
    return Box(b"file", data, 0, len(data))


def _box(data: bytes, start: int, end: int) -> Box:
    length, kind = struct.unpack_from(">I4s", data, start)
    header = _HEADER
    if length == _LARGE:
        (length,) = struct.unpack_from(">Q", data, start + 8)
        header = 2 * _HEADER
    elif length == _TO_THE_END:
        length = end - start
    if length < header or start + length > end:
        raise ValueError(f"box {kind!r} at {start} is {length} bytes long")
    return Box(kind, data, start + header, start + length)


class Fields:
    """Reads big-endian fields one after another."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._at = 0

    def number(self, size: int) -> int:
        """Read a whole number of 0, 1, 2, 4 or 8 bytes. Raises ValueError at the end."""
        return int.from_bytes(self.bytes(size), "big")

    def bytes(self, size: int) -> bytes:
        """Read some bytes. Raises ValueError at the end."""
        found = self._payload[self._at : self._at + size]
        if len(found) < size:
            raise ValueError("a box ends too early")
        self._at += size
        return found

    def version(self) -> int:
        """Read version and flags of a full box; give the version."""
        return self.number(4) >> 24
