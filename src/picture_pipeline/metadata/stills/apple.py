"""Apple's MakerNote: the two entries that tie files together.

Layout: ``Apple iOS`` NUL, version (2 bytes), byte order mark, then one IFD
whose offsets count from the start of the note. exiv2 hands the note over as
raw bytes; ExifRead reads its strings at wrong offsets (measured).
Tags after ExifTool's Image::ExifTool::Apple.
"""

from collections.abc import Mapping

from picture_pipeline.metadata.containers.ifd import Entry, Layout, read_ifd, reader_of

_HEADER = b"Apple iOS\0"
_IFD_OFFSET = 14
_ORDERS = {b"MM": ">", b"II": "<"}
_ASCII = 2
_MAX_LENGTH = 128

CONTENT_IDENTIFIER = "Apple.ContentIdentifier"
BURST_UUID = "Apple.BurstUUID"
_TAGS: Mapping[int, str] = {0x0011: CONTENT_IDENTIFIER, 0x000B: BURST_UUID}


def read_apple_note(note: bytes) -> dict[str, str]:
    """Read the content identifier (Live Photo) and burst id of a MakerNote.

    Keys are ``Apple.ContentIdentifier`` and ``Apple.BurstUUID``. Anything
    that is not Apple's, or broken, gives fewer entries; nothing is raised.
    """
    endian = _ORDERS.get(note[12:14])
    if not note.startswith(_HEADER) or endian is None:
        return {}
    entries = read_ifd(reader_of(note), Layout(endian), _IFD_OFFSET)
    found = {name: _identifier(entries[tag]) for tag, name in _TAGS.items() if tag in entries}
    return {name: text for name, text in found.items() if text}


def _identifier(entry: Entry) -> str:
    """Give the text of an identifier; empty when it is none."""
    text = entry.text() if entry.type == _ASCII else ""
    return text if text.isascii() and text.isprintable() and len(text) <= _MAX_LENGTH else ""
