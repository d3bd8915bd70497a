"""The digest of a picture without its metadata.

A program that rewrites EXIF or XMP in place changes the file's digest, but not
this one: so a changed file at a known path is known again as the same picture.
"""

import hashlib
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping

from picture_pipeline.metadata import formats
from picture_pipeline.metadata.completeness.tiff import data_of, directories
from picture_pipeline.metadata.containers.boxes import children, walk_file
from picture_pipeline.metadata.containers.ifd import tiff_layout
from picture_pipeline.metadata.containers.items import read_items
from picture_pipeline.model.media import MediaType
from picture_pipeline.ports import Content

Span = tuple[int, int]
"""Offset in the file, and length in bytes."""
_CHUNK = 1 << 20
_MAX_PARTS = 1 << 20

_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_BARE, _EOI, _SOS, _COMMENT = (0x01, 0xD8), 0xD9, 0xDA, 0xFE
_APPLICATION = range(0xE0, 0xF0)

_DERIVED = (b"grid", b"iovl", b"iden", b"tmap")
"""Items that only arrange others."""
_NOT_PICTURES = (b"Exif", b"uri ", b"")
_PNG_PARTS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"fdAT")
_WEBP_PARTS = (b"VP8 ", b"VP8L", b"ALPH", b"ANMF")
_BOX_PARTS = (b"mdat", b"jxlc", b"jxlp", b"jp2c")
_SUBFILE, _REDUCED = 0x00FE, 1


def picture_digest(content: Content, media_type: MediaType) -> str | None:
    """Give the SHA-256, in hex, over the picture's own bytes; None when they cannot be told apart.

    Reads all of a film, so ask only where a file has changed. Never raises for
    hostile content.
    """
    spans = _SPANS.get(media_type.name)
    if spans is None or not (content.fits or spans is _boxes):
        return None
    try:
        return _digest(content, spans(content))
    except struct.error:
        return None


def _digest(content: Content, spans: Iterable[Span]) -> str | None:
    whole, some = hashlib.sha256(), False
    for offset, length in spans:
        end = min(offset + length, content.size)
        for at in range(offset, end, _CHUNK):
            whole.update(content.read_at(at, min(_CHUNK, end - at)))
            some = True
    return whole.hexdigest() if some else None


def _jpeg(content: Content) -> Iterator[Span]:
    """Give tables, frame and scans, without application segments and comments."""
    data, at = content.whole(), 2
    for _ in range(_MAX_PARTS):
        found = _MARKER.search(data, at)
        marker = data[found.end() - 1] if found else _EOI
        if found is None or marker == _EOI:
            return
        at = found.end()
        if marker in _BARE:
            continue
        end = at + int.from_bytes(data[at : at + 2], "big")
        if marker == _SOS:
            following = _MARKER.search(data, end)
            end = following.start() if following else len(data)
        if marker != _COMMENT and marker not in _APPLICATION:
            yield at - 1, end - at + 1
        at = end


def _heif(content: Content) -> Iterator[Span]:
    """Give the coded items, in the order of their ids."""
    data = content.whole()
    meta = next((b for b in walk_file(content.read_at, 0, len(data)) if b.kind == b"meta"), None)
    if meta is None:
        return
    items = read_items(data, children(data, meta, skip=4))
    for item, kind in sorted(items.kinds.items()):
        if kind not in _DERIVED and kind not in _NOT_PICTURES and b"/" not in kind:
            yield from items.extents.get(item, ())


def _png(content: Content) -> Iterator[Span]:
    at = 8
    for _ in range(_MAX_PARTS):
        length, kind = struct.unpack(">I4s", content.read_at(at, 8))
        if kind in _PNG_PARTS:
            yield at + 4, length + 4
        if kind == b"IEND":
            return
        at += length + 12


def _webp(content: Content) -> Iterator[Span]:
    at = 12
    for _ in range(_MAX_PARTS):
        if at + 8 > content.size:
            return
        kind, length = struct.unpack("<4sI", content.read_at(at, 8))
        if kind in _WEBP_PARTS:
            yield at, length + 8
        at += 8 + length + length % 2


def _boxes(content: Content) -> Iterator[Span]:
    """Give the payload of the boxes that hold pictures or a film."""
    for box in walk_file(content.read_at, 0, content.size, _MAX_PARTS):
        if box.kind in _BOX_PARTS:
            yield box.start, box.end - box.start


def _tiff(content: Content) -> Iterator[Span]:
    """Give strips and tiles of all directories but those of reduced pictures."""
    opened = tiff_layout(content.read_at(0, 16))
    if opened is None:
        return
    for directory in directories(content, *opened):
        if directory is None:
            return
        subfile = directory[_SUBFILE].integer() if _SUBFILE in directory else 0
        if not (subfile or 0) & _REDUCED:
            yield from data_of(directory)


_SPANS: Mapping[str, Callable[[Content], Iterator[Span]]] = {
    formats.JPEG.name: _jpeg,
    **{kind.name: _heif for kind in (formats.HEIC, formats.HEIF, formats.AVIF)},
    formats.PNG.name: _png,
    formats.WEBP.name: _webp,
    formats.TIFF.name: _tiff,
    **{
        kind.name: _boxes
        for kind in (
            *(formats.MOV, formats.MP4, formats.M4V, formats.THREE_GP, formats.THREE_G2),
            *(formats.JXL, formats.JP2, formats.CR3),
        )
    },
    formats.RAW_BY_EXTENSION["dng"].name: _tiff,
    formats.RAW_BY_EXTENSION["nef"].name: _tiff,
    formats.RAW_BY_EXTENSION["cr2"].name: _tiff,
}
"""Name of a type -> where its picture lies."""
