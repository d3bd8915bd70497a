"""Telling motion photos: a still with a few seconds of film behind it, in one file.

Google's Motion Photo format 1.0 (XMP ``GCamera:MotionPhoto``, before that
``GCamera:MicroVideo``; ``Container:Directory``; the box ``mpvd`` in HEIC), and
Samsung's trailer (ExifTool's Samsung module, "Samsung trailer").
"""

import re
import struct

from picture_pipeline.metadata.containers.boxes import walk_file
from picture_pipeline.metadata.formats import AVIF, HEIC, HEIF, JPEG
from picture_pipeline.model.media import MediaType
from picture_pipeline.ports import Content

_SAID = re.compile(
    r"\bM(?:otionPhoto|icroVideo)(?:\s*=\s*[\"']\s*1\s*[\"']|(?:\s[^<>]{0,512})?>\s*1\s*<)"
    r"|\bSemantic\s*(?:=\s*[\"']|>\s*)MotionPhoto\s*[\"'<]"
)
_WORDS = ("MotionPhoto", "MicroVideo")
"""Looked for first: far cheaper than the expression, and nearly no picture holds them."""
_HEAD = 1 << 17
"""Where the XMP of a JPEG stands when the caller does not know it."""
_PACKET = b"http://ns.adobe.com/xap/1.0/\0"
_MAX_PACKET = 1 << 16
_FILM_BOX = b"mpvd"
_FILM_ENTRY = 0x0A30
"""Samsung's number of the entry that says ``MotionPhoto_Data``."""
_ENTRY_BYTES = 12
_MAX_ENTRIES = 256


def is_motion_photo(content: Content, media_type: MediaType, xmp: str) -> bool:
    """Whether a JPEG or HEIC carries a film of its moment.

    ``xmp`` is the text of the file's XMP packet; when it is empty, one in the
    head of a JPEG is looked for. Never raises for hostile content.
    """
    if media_type == JPEG:
        said = xmp or _packet(content)
        return _says_so(said) or _samsung_film(content)
    if media_type in (HEIC, HEIF, AVIF):
        return _says_so(xmp) or _boxed_film(content) or _samsung_film(content)
    return False


def _says_so(xmp: str) -> bool:
    return any(word in xmp for word in _WORDS) and _SAID.search(xmp) is not None


def _packet(content: Content) -> str:
    head = content.read_at(0, _HEAD)
    start = head.find(_PACKET)
    said = start >= 0 and any(head.find(word.encode(), start) >= 0 for word in _WORDS)
    return head[start : start + _MAX_PACKET].decode("utf-8", "replace") if said else ""


def _boxed_film(content: Content) -> bool:
    return any(box.kind == _FILM_BOX for box in walk_file(content.read_at, 0, content.size))


def _samsung_film(content: Content) -> bool:
    """Read the directory that closes Samsung's trailer; it ends with its length and ``SEFT``."""
    tail = content.read_at(max(0, content.size - 8), 8)
    if tail[4:] != b"SEFT":
        return False
    length = min(int.from_bytes(tail[:4], "little"), _ENTRY_BYTES * (_MAX_ENTRIES + 1))
    directory = content.read_at(max(0, content.size - 8 - length), length)
    entries = directory[_ENTRY_BYTES : len(directory) // _ENTRY_BYTES * _ENTRY_BYTES]
    kinds = (kind for kind, _, _ in struct.iter_unpack("<2xHII", entries))
    return directory.startswith(b"SEFH") and _FILM_ENTRY in kinds
