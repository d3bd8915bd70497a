"""What a HEIF file (HEIC, AVIF) keeps beside its pixels: size, EXIF and XMP items.

exiv2 reads these files too, but gives the size that EXIF claims instead of the
primary's, mixes the EXIF of both eyes of a spatial photo, and misses the EXIF
of some files that libheif and exiftool read (all three found in the corpus).
So the items of the primary are cut out here, and exiv2 reads those.
ISO/IEC 23008-12 (HEIF), ISO/IEC 14496-12 section 8.11 (meta, iloc, iinf, iref).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from picture_pipeline.metadata.containers.boxes import Box, Cursor, children, walk, walk_file
from picture_pipeline.metadata.containers.ifd import ReadAt

_MAX_ITEMS = 8192
_MAX_EXTENTS = 256
_MAX_BLOCK = 16 * 1024 * 1024
_XMP_TYPE = b"application/rdf+xml"


@dataclass(frozen=True, slots=True)
class HeifItems:
    """The primary picture's stored size and metadata blocks; None where absent."""

    size: tuple[int, int] | None = None
    """Width and height in pixels before irot and imir."""
    exif: bytes | None = None
    """A TIFF structure."""
    xmp: bytes | None = None


def read_heif(read_at: ReadAt, size: int) -> HeifItems:
    """Read the primary's size, EXIF and XMP; hostile input leaves them out.

    Of a file of ``size`` bytes all up to the end of ``meta``, and the items,
    are read: the pixels stay on the disk.
    """
    meta = next((box for box in walk_file(read_at, 0, size) if box.kind == b"meta"), None)
    if meta is None or meta.end > _MAX_BLOCK:
        return HeifItems()
    data = read_at(0, meta.end)
    boxes = children(data, meta, skip=4)
    primary = primary_item(data, boxes)
    kinds = item_kinds(data, boxes, of_metadata=True)
    describing = _described_by(data, boxes, primary)
    exif = _best(kinds, b"Exif", describing)
    xmp = _best(kinds, _XMP_TYPE, describing)
    extents = item_extents(data, boxes, (exif, xmp))
    return HeifItems(
        size=_size(data, boxes, primary),
        exif=_tiff_of(_payload(read_at, extents.get(exif, ()))),
        xmp=_payload(read_at, extents.get(xmp, ())),
    )


def _full_box(data: bytes, boxes: Mapping[bytes, Box], kind: bytes) -> tuple[int, int, Cursor]:
    """Open a full box: version, flags, and a cursor behind them (empty when absent)."""
    box = boxes.get(kind, Box(kind, 0, 0))
    cursor = Cursor(data, box.start, box.end)
    return cursor.number(1), cursor.number(3), cursor


def primary_item(data: bytes, boxes: Mapping[bytes, Box]) -> int:
    """Give the id of the primary picture's item."""
    version, _, cursor = _full_box(data, boxes, b"pitm")
    return cursor.number(4 if version else 2)


def item_kinds(
    data: bytes, boxes: Mapping[bytes, Box], *, of_metadata: bool = False
) -> dict[int, bytes]:
    """Item id -> item type, or the content type of a ``mime`` item; of all, or of metadata only."""
    version, _, cursor = _full_box(data, boxes, b"iinf")
    cursor.number(4 if version else 2)
    kinds: dict[int, bytes] = {}
    entries = (_likely if of_metadata else walk)(data, cursor.at, cursor.end)
    for entry in entries:
        item, kind = _item_kind(data, entry)
        kinds.setdefault(item, kind)
    return kinds


def _likely(data: bytes, at: int, end: int) -> Iterator[Box]:
    """Give the ``infe`` boxes that may describe metadata; most describe tiles."""
    for _ in range(_MAX_ITEMS):
        size = int.from_bytes(data[at : at + 4], "big")
        if at + 8 > end or size < 8:  # noqa: PLR2004 - a box's header
            return
        here = data[at + 4 : at + 22]
        if here[:4] == b"infe" and (b"Exif" in here or b"mime" in here):
            yield Box(b"infe", at + 8, min(at + size, end))
        at += size


def _item_kind(data: bytes, entry: Box) -> tuple[int, bytes]:
    cursor = Cursor(data, entry.start, entry.end)
    version = cursor.number(4) >> 24
    item = cursor.number(2 if version < 3 else 4)  # noqa: PLR2004 - infe version 3 widens the id
    cursor.number(2)
    kind = data[cursor.at : min(cursor.at + 4, entry.end)]
    if kind != b"mime":
        return item, kind
    _, _, rest = data[cursor.at + 4 : entry.end].partition(b"\0")
    return item, rest.partition(b"\0")[0]


def _described_by(data: bytes, boxes: Mapping[bytes, Box], primary: int) -> list[int]:
    """Items that describe the primary (reference type ``cdsc``)."""
    version, _, cursor = _full_box(data, boxes, b"iref")
    width = 4 if version else 2
    found = []
    for reference in walk(data, cursor.at, cursor.end):
        if reference.kind == b"cdsc":
            inner = Cursor(data, reference.start, reference.end)
            item, count = inner.number(width), inner.number(2)
            if primary in {inner.number(width) for _ in range(min(count, _MAX_ITEMS))}:
                found.append(item)
    return found


def _best(kinds: Mapping[int, bytes], wanted: bytes, describing: list[int]) -> int:
    """Give the item of a kind that describes the primary, else the first of the kind, else -1."""
    candidates = [item for item, kind in kinds.items() if kind == wanted]
    return next((item for item in candidates if item in describing), next(iter(candidates), -1))


def _size(data: bytes, boxes: Mapping[bytes, Box], primary: int) -> tuple[int, int] | None:
    if b"iprp" not in boxes:
        return None
    properties = children(data, boxes[b"iprp"])
    container = properties.get(b"ipco", Box(b"ipco", 0, 0))
    every = list(walk(data, container.start, container.end))
    for index in _associated(data, properties, primary):
        if 0 < index <= len(every) and every[index - 1].kind == b"ispe":
            box = every[index - 1]
            cursor = Cursor(data, box.start + 4, box.end)
            return cursor.number(4), cursor.number(4)
    return None


def _associated(data: bytes, properties: Mapping[bytes, Box], primary: int) -> Iterator[int]:
    """Give the 1-based property indices of the primary, in order."""
    version, flags, cursor = _full_box(data, properties, b"ipma")
    width, mask = (2, 0x7FFF) if flags & 1 else (1, 0x7F)
    ids = 4 if version else 2
    for _ in range(min(cursor.number(4), _MAX_ITEMS)):
        if cursor.done:
            return
        item = int.from_bytes(data[cursor.at : cursor.at + ids], "big")
        cursor.at += ids
        if item == primary:
            yield from (cursor.number(width) & mask for _ in range(cursor.number(1)))
            return
        cursor.at += 1 + data[min(cursor.at, len(data) - 1)] * width


Extent = tuple[int, int]
"""Offset in the file, and length in bytes."""


def item_extents(
    data: bytes, boxes: Mapping[bytes, Box], wanted: tuple[int, ...] | None = None
) -> dict[int, tuple[Extent, ...]]:
    """Give where the bytes of items lie; of the wanted ones only, None is all."""
    version, _, cursor = _full_box(data, boxes, b"iloc")
    sizes = cursor.number(2)
    widths = _Widths(sizes >> 12 & 15, sizes >> 8 & 15, sizes >> 4 & 15, sizes & 15)
    idat = boxes.get(b"idat")
    found: dict[int, tuple[Extent, ...]] = {}
    wide = version >= 2  # noqa: PLR2004 - iloc version 2 widens ids and their count
    count = min(cursor.number(4 if wide else 2), _MAX_ITEMS)
    ids = 4 if wide else 2
    before = ids + (4 if version else 2) + widths.base
    each = (widths.index if version else 0) + widths.offset + widths.length
    at, end = cursor.at, cursor.end
    for _ in range(count):  # numbers are read bare: most items are tiles, and there are many
        if at >= end:
            break
        item = int.from_bytes(data[at : at + ids], "big")
        if wanted is None or item in wanted:
            entry = Cursor(data, at + ids, end)
            found.setdefault(item, tuple(_places(entry, widths, idat, indexed=version > 0)))
        extents = int.from_bytes(data[at + before : at + before + 2], "big")
        at += before + 2 + extents * each
    return found


@dataclass(frozen=True, slots=True)
class _Widths:
    """Bytes of the numbers in an ``iloc`` box."""

    offset: int
    length: int
    base: int
    index: int


def _places(
    cursor: Cursor, widths: _Widths, idat: Box | None, *, indexed: bool
) -> Iterator[Extent]:
    """Give the places of one item: in the file, or in ``idat``; none for items made of others."""
    method = cursor.number(2) & 15 if indexed else 0
    cursor.number(2)
    base = cursor.number(widths.base) + (idat.start if method == 1 and idat else 0)
    for _ in range(min(cursor.number(2), _MAX_EXTENTS) if method in (0, 1) else 0):
        if indexed:
            cursor.number(widths.index)
        yield base + cursor.number(widths.offset), cursor.number(widths.length)


def _payload(read_at: ReadAt, extents: tuple[Extent, ...]) -> bytes | None:
    total = sum(length for _, length in extents)
    if not 0 < total <= _MAX_BLOCK:
        return None
    return b"".join(read_at(offset, length) for offset, length in extents) or None


def _tiff_of(block: bytes | None) -> bytes | None:
    """Cut the TIFF structure out of an ``Exif`` item: 4 bytes offset, filler, TIFF."""
    if block is None:
        return None
    start = 4 + int.from_bytes(block[:4], "big")
    if block[start : start + 2] not in (b"II", b"MM"):
        starts = [
            at for at in (block.find(b"II*\0", 0, 64), block.find(b"MM\0*", 0, 64)) if at >= 0
        ]
        start = min(starts, default=len(block))
    return block[start:] or None
