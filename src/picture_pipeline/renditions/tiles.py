"""Which HEICs the fast path understands, and how their tiles lie."""

import struct
from dataclasses import dataclass

from picture_pipeline.renditions.boxes import Fields
from picture_pipeline.renditions.heif_items import HeifFile, Item, nclx_of, profile_of
from picture_pipeline.renditions.nclx import from_code_points
from picture_pipeline.renditions.specs import Size

_UNDERSTOOD = frozenset({b"hvcC", b"ispe", b"colr", b"pixi", b"irot", b"imir", b"pasp", b"clli"})
_BT601 = (5, 6)
_ALPHA = (
    b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
)
_EIGHT_BITS, _CHROMA_420 = 8, 1
_MOST_TILES = 1_000


@dataclass(frozen=True, slots=True)
class TilePlan:
    """A picture of equal HEVC tiles: 8 bits, 4:2:0, full-range BT.601."""

    size: Size
    """Of the picture, before turning; the tiles may reach beyond it."""
    tile: Size
    columns: int
    tiles: tuple[bytes, ...]
    """The coded pictures, row by row."""
    decoder: bytes
    """The ``hvcC`` record that all tiles share."""
    orientation: int
    """What irot and imir amount to, as an EXIF orientation."""
    profile: bytes | None


def plan_tiles(data: bytes) -> TilePlan | None:
    """Read how to decode a HEIC by its tiles.

    None for everything that is not plainly understood: pillow-heif's turn.
    """
    try:
        file = HeifFile(data)
        primary = file.primary()
        return _plan(file, primary) if _plain(file, primary) else None
    except (ValueError, KeyError, IndexError, struct.error):
        return None


def _plain(file: HeifFile, primary: Item) -> bool:
    essential = {held.box.type for held in primary.properties if held.essential}
    return (
        primary.type in _LAYOUTS
        and essential <= _UNDERSTOOD
        and not primary.find(b"clap")
        and not _has_alpha(file, primary)
    )


def _has_alpha(file: HeifFile, primary: Item) -> bool:
    auxiliaries = [
        source
        for kind, source, targets in file.references
        if kind == b"auxl" and primary.id in targets
    ]
    return any(
        payload[4:].startswith(_ALPHA)
        for source in auxiliaries
        for payload in file.item(source).find(b"auxC")
    )


def _plan(file: HeifFile, primary: Item) -> TilePlan | None:
    size, columns, items = _LAYOUTS[primary.type](file, primary)
    tile, records = items[0].size, {item.find(b"hvcC") for item in items}
    if tile is None or {item.size for item in items} != {tile} or len(records) != 1:
        return None
    (decoder,) = records.pop()
    rows = len(items) // columns
    # iOS 11 and 12 tell the colours at the tiles, not at the grid.
    coloured = primary if primary.find(b"colr") else items[0]
    if not _is_plain_hevc(decoder) or not _has_plain_colours(coloured):
        return None
    if tile.width % 2 or tile.height % 2:
        return None
    if not (_reach(columns, tile.width, size.width) and _reach(rows, tile.height, size.height)):
        return None
    coded = tuple(item.data for item in items)
    turned = orientation_of(primary)
    return TilePlan(size, tile, columns, coded, decoder, turned, profile_of(coloured))


def _has_plain_colours(item: Item) -> bool:
    """Tell whether full-range BT.601 and an ICC profile (or sRGB) say all about the colours."""
    told = nclx_of(item)
    if told is None:
        return True  # the coded tiles tell, and are asked while decoding
    as_srgb = from_code_points(told.primaries, told.transfer) is None
    return told.full_range and told.matrix in _BT601 and (as_srgb or profile_of(item) is not None)


def _reach(count: int, tile: int, side: int) -> bool:
    """Tell whether so many tiles cover a side, the last one not in vain."""
    return (count - 1) * tile < side <= count * tile


def _grid(file: HeifFile, primary: Item) -> tuple[Size, int, tuple[Item, ...]]:
    fields = Fields(primary.data)
    _, flags = fields.number(1), fields.number(1)
    rows, columns = fields.number(1) + 1, fields.number(1) + 1
    wide = 4 if flags & 1 else 2
    size = Size(fields.number(wide), fields.number(wide))
    ids = next(
        targets
        for kind, source, targets in file.references
        if kind == b"dimg" and source == primary.id
    )
    if len(ids) != rows * columns or len(ids) > _MOST_TILES:
        raise ValueError(f"{len(ids)} tiles for {rows} rows of {columns}")
    items = tuple(file.item(tile) for tile in ids)
    if any(item.type != b"hvc1" for item in items):
        raise ValueError("tiles that are not HEVC")
    return size, columns, items


def _single(_file: HeifFile, primary: Item) -> tuple[Size, int, tuple[Item, ...]]:
    if primary.size is None:
        raise ValueError("a picture without ispe")
    return primary.size, 1, (primary,)


_LAYOUTS = {b"grid": _grid, b"hvc1": _single}


def _is_plain_hevc(record: bytes) -> bool:
    """Tell 8 bits 4:2:0 from an ``hvcC`` record (ISO/IEC 14496-15, 8.3.3.1)."""
    chroma, luma_bits, chroma_bits = record[16] & 3, (record[17] & 7) + 8, (record[18] & 7) + 8
    return chroma == _CHROMA_420 and luma_bits == chroma_bits == _EIGHT_BITS


# EXIF orientations as (quarter turns anticlockwise after mirroring left to right, mirrored?).
_TURNS = {
    (0, False): 1,
    (0, True): 2,
    (2, False): 3,
    (2, True): 4,
    (3, True): 7,
    (3, False): 6,
    (1, True): 5,
    (1, False): 8,
}


def orientation_of(item: Item) -> int:
    """Give the EXIF orientation that the item's irot and imir, in their order, amount to."""
    turns, mirrored = 0, False
    for held in item.properties:
        value = held.box.payload[:1] or b"\0"
        if held.box.type == b"irot":
            turns = (turns + (value[0] & 3)) % 4
        elif held.box.type == b"imir":
            # Mirroring after a turn is turning the other way after mirroring; axis 0 is
            # upside down, which is left to right and half a turn.
            turns, mirrored = (-turns + (0 if value[0] & 1 else 2)) % 4, not mirrored
    return _TURNS[turns, mirrored]
