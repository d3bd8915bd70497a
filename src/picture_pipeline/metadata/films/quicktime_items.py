"""What a movie says of itself in words: Apple's keys, iTunes' items, user data.

Three ways to say the same: ``meta`` of the movie or of a track with ``keys`` and
``ilst`` (iPhones), ``udta/meta/ilst`` (iTunes and its heirs), and
``udta`` with texts of its own (cameras, Android).
QuickTime File Format, "Metadata" and "User Data Atoms"; ExifTool's QuickTime.pm.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from picture_pipeline.metadata.containers.atoms import first, payload
from picture_pipeline.metadata.containers.boxes import Box, walk_file
from picture_pipeline.metadata.containers.ifd import ReadAt

KEYS = "QuickTime.Keys."
"""Apple's keys without ``com.apple.quicktime.``, others whole; lower case."""
ITEMS = "QuickTime.ItemList."
USER_DATA = "QuickTime.UserData."

_APPLE = "com.apple.quicktime."
_MAX_TEXT = 65_536
_MAX_ITEMS = 512
_MAX_XMP = 16 * 1024 * 1024
_COPYRIGHT = 0xA9
"""The sign that Apple's four letter names start with."""
_PACKED_LANGUAGES = 0x400
"""Below it a language is one of the old Macintosh's, and so is the encoding."""
_INTERNATIONAL = (b"titl", b"dscp", b"auth")
"""3GPP's assets (TS 26.244 section 8): version, language, text."""
_PLAIN = (b"date", b"manu", b"modl")
"""Texts with nothing before them."""

Said = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Words:
    """What a movie says: evidence keys with their texts, and XMP packets."""

    texts: tuple[tuple[str, str], ...] = ()
    packets: tuple[bytes, ...] = ()


def read_words(read_at: ReadAt, moov: Box) -> Words:
    """Read all that a movie's header says in words; hostile input gives less."""
    texts: list[tuple[str, str]] = []
    packets: list[bytes] = []
    for box in walk_file(read_at, moov.start, moov.end):
        if box.kind in (b"meta", b"trak"):
            meta = first(read_at, box, b"meta") if box.kind == b"trak" else box
            texts.extend(islice(_meta(read_at, meta), _MAX_ITEMS) if meta else ())
        elif box.kind == b"udta":
            texts.extend(islice(_user_data(read_at, box), _MAX_ITEMS))
            packets.append(payload(read_at, first(read_at, box, b"XMP_"), _MAX_XMP))
    return Words(tuple(texts), tuple(filter(None, packets)))


def _meta(read_at: ReadAt, meta: Box) -> Said:
    """Read a ``meta`` box: QuickTime's is a plain box, that of MP4 a full one."""
    plain = payload(read_at, meta, 8)[4:8] == b"hdlr"
    inside = Box(b"meta", meta.start + (0 if plain else 4), meta.end)
    items = first(read_at, inside, b"ilst")
    if items is None:
        return
    names = _key_names(read_at, first(read_at, inside, b"keys"))
    for item in walk_file(read_at, items.start, items.end):
        name = names.get(int.from_bytes(item.kind, "big")) or _item_name(item.kind)
        text = _data(payload(read_at, first(read_at, item, b"data"), _MAX_TEXT))
        if name and text:
            yield name, text


def _key_names(read_at: ReadAt, keys: Box | None) -> Mapping[int, str]:
    """Give the names that the items of ``ilst`` have by their number, which starts at 1."""
    if keys is None:
        return {}
    boxes = islice(walk_file(read_at, keys.start + 8, keys.end), _MAX_ITEMS)
    names = (payload(read_at, box, 256).decode("utf-8", "replace").lower() for box in boxes)
    return {number: KEYS + name.removeprefix(_APPLE) for number, name in enumerate(names, 1)}


def _item_name(kind: bytes) -> str | None:
    name = kind[1:] if kind[:1] == bytes((_COPYRIGHT,)) else kind
    return ITEMS + name.decode("ascii") if name.isalnum() and name.isascii() else None


def _data(data: bytes) -> str | None:
    """Read a ``data`` atom: four bytes of type, four of locale, the value."""
    read = _VALUES.get(int.from_bytes(data[1:4], "big"))
    return read(data[8:]) if read and len(data) > 8 else None  # noqa: PLR2004 - type and locale


def _utf_8(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def _mac_roman(value: bytes) -> str:
    """Read what an old Macintosh wrote; newer writers put UTF-8 in its place."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("mac-roman")


def _utf_16(value: bytes) -> str:
    return value.decode("utf-16-be", "replace")


def _integer(value: bytes) -> str:
    return str(int.from_bytes(value[:8], "big", signed=True))


def _unsigned(value: bytes) -> str:
    return str(int.from_bytes(value[:8], "big"))


def _real(code: str, size: int) -> Callable[[bytes], str | None]:
    def read(value: bytes) -> str | None:
        return str(struct.unpack(code, value)[0]) if len(value) == size else None

    return read


_VALUES: Mapping[int, Callable[[bytes], str | None]] = {
    1: _utf_8,
    2: _utf_16,
    21: _integer,
    22: _unsigned,
    23: _real(">f", 4),
    24: _real(">d", 8),
}
"""Well-known types (QuickTime File Format, table 3-5); pictures and binary data say nothing."""


def _user_data(read_at: ReadAt, user_data: Box) -> Said:
    for box in walk_file(read_at, user_data.start, user_data.end):
        if box.kind == b"meta":
            yield from _meta(read_at, box)
            continue
        text = _user_text(box.kind, payload(read_at, box, _MAX_TEXT))
        name = box.kind[1:] if box.kind[0] == _COPYRIGHT else box.kind
        if text and name.isalnum() and name.isascii():
            yield USER_DATA + name.decode("ascii"), text


def _user_text(kind: bytes, data: bytes) -> str | None:
    if kind[:1] == bytes((_COPYRIGHT,)):
        return _localised(data)
    if kind in _INTERNATIONAL:
        return _utf_16(data[8:]) if data[6:8] == b"\xfe\xff" else _utf_8(data[6:])
    return _utf_8(data) if kind in _PLAIN else None


def _localised(data: bytes) -> str | None:
    """Read the first of a list of texts: two bytes of length, two of language, the text.

    Some writers leave length and language out.
    """
    length, language = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    if 0 < length <= len(data) - 4:
        value = data[4 : 4 + length]
        return _mac_roman(value) if language < _PACKED_LANGUAGES else _utf_8(value)
    return _utf_8(data) if data[:1].isascii() and data[:1].isalnum() else None
