"""Reading TIFF image file directories, bounds-checked.

One reader for three places: the TIFF family (recognition, size), and Apple's
MakerNote, which is one IFD as well. Hostile input yields fewer entries, never
an exception, a loop or a large allocation.
TIFF 6.0 section 2; BigTIFF as in libtiff's description.
"""

import struct
from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Literal

ReadAt = Callable[[int, int], bytes]
"""(offset, length) -> at most that many bytes; fewer or none beyond the end."""

_HEADER_BYTES = 16
"""Enough for both kinds of header."""
_CLASSIC = (42, 0x55, 0x4F52, 0x5352)
"""TIFF 6.0, and the RAW files that are TIFF but for this number: RW2, ORF (two of them)."""
MAX_ENTRIES = 1024
MAX_VALUE_BYTES = 4096
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8, 18: 8}
"""Bytes of each field type that we look at: bytes, text, integers, fractions, offsets."""
_INTEGER_CODES = {1: "B", 3: "H", 4: "I", 8: "h", 9: "i", 13: "I", 16: "Q", 18: "Q"}


@dataclass(frozen=True, slots=True)
class Layout:
    """Byte order and width of one TIFF structure."""

    endian: str
    """``<`` or ``>``, as struct has it."""
    big: bool = False
    """BigTIFF: 8-byte counts and offsets."""

    @property
    def entry_size(self) -> int:
        """Bytes of one directory entry."""
        return 20 if self.big else 12

    @property
    def byte_order(self) -> Literal["little", "big"]:
        """The same as ``int.from_bytes`` has it."""
        return "little" if self.endian == "<" else "big"

    @property
    def word(self) -> str:
        """Struct code of a count or offset."""
        return "Q" if self.big else "I"


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry with the bytes of its value (capped, at 4 KiB unless told)."""

    type: int
    data: bytes
    endian: str

    def integers(self) -> tuple[int, ...]:
        """Give the value as integers; empty when it holds none."""
        code = _INTEGER_CODES.get(self.type)
        if code is None:
            return ()
        count = len(self.data) // struct.calcsize(code)
        whole = self.data[: count * struct.calcsize(code)]
        return struct.unpack(f"{self.endian}{count}{code}", whole)

    def integer(self) -> int | None:
        """Give the first integer of the value."""
        return next(iter(self.integers()), None)

    def text(self) -> str:
        """Give the value as text up to the first NUL, blanks stripped."""
        return self.data.split(b"\0", 1)[0].decode("utf-8", "replace").strip()


def reader_of(data: bytes) -> ReadAt:
    """Give a ReadAt over bytes in memory."""

    def read_at(offset: int, length: int) -> bytes:
        return data[offset : offset + length] if offset >= 0 and length > 0 else b""

    return read_at


def tiff_layout(header: bytes) -> tuple[Layout, int] | None:
    """Read a TIFF header: its layout and the offset of the first IFD."""
    endian = {b"II": "<", b"MM": ">"}.get(header[:2])
    if endian is None or len(header) < _HEADER_BYTES:
        return None
    magic, first = struct.unpack(f"{endian}HI", header[2:8])
    if magic in _CLASSIC:
        return Layout(endian), first
    if magic == 43:  # noqa: PLR2004 - the magic number of BigTIFF
        return Layout(endian, big=True), struct.unpack(f"{endian}Q", header[8:16])[0]
    return None


def read_ifd(
    read_at: ReadAt,
    layout: Layout,
    offset: int,
    wanted: Container[int] | None = None,
    most: int = MAX_VALUE_BYTES,
) -> dict[int, Entry]:
    """Read one directory: tag -> entry. The first entry of a tag counts.

    Only the ``wanted`` tags, when told, and at most ``most`` bytes of a value.
    """
    count_code = "Q" if layout.big else "H"
    count_size = struct.calcsize(count_code)
    head = read_at(offset, count_size)
    if len(head) < count_size:
        return {}
    count = min(struct.unpack(layout.endian + count_code, head)[0], MAX_ENTRIES)
    body = read_at(offset + count_size, count * layout.entry_size)
    entries: dict[int, Entry] = {}
    for start in range(0, len(body) - layout.entry_size + 1, layout.entry_size):
        raw = body[start : start + layout.entry_size]
        (tag,) = struct.unpack_from(layout.endian + "H", raw)
        if tag in entries or (wanted is not None and tag not in wanted):
            continue
        entry = _entry(read_at, layout, raw, most)
        if entry is not None:
            entries[tag] = entry
    return entries


def _entry(read_at: ReadAt, layout: Layout, raw: bytes, most: int) -> Entry | None:
    kind, count = struct.unpack_from(f"{layout.endian}2xH{layout.word}", raw)
    inline = raw[4 + struct.calcsize(layout.word) :]
    length = _SIZES.get(kind, 0) * count
    if length == 0:
        return None
    if length <= len(inline):
        return Entry(kind, inline[:length], layout.endian)
    (offset,) = struct.unpack(layout.endian + layout.word, inline)
    data = read_at(offset, min(length, most))
    return Entry(kind, data, layout.endian) if data else None


def next_ifd(read_at: ReadAt, layout: Layout, offset: int) -> int:
    """Give the offset of the directory that follows one; 0 when none does."""
    count_size = 8 if layout.big else 2
    count = int.from_bytes(read_at(offset, count_size), layout.byte_order)
    if count > MAX_ENTRIES:
        return 0
    width = 8 if layout.big else 4
    behind = offset + count_size + count * layout.entry_size
    return int.from_bytes(read_at(behind, width), layout.byte_order)
