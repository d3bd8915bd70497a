"""The items of a HEIF file and how its primary picture is made of them (ISO/IEC 23008-12)."""

from collections.abc import Sequence
from dataclasses import dataclass

from picture_pipeline.renditions.boxes import Box, Fields, whole
from picture_pipeline.renditions.specs import Size

_IN_FILE, _IN_IDAT = 0, 1
_MOST_ITEMS = 5_000
_INFE_WITH_TYPE, _INFE_WITH_LONG_ID, _ILOC_WITH_LONG_ID = 2, 3, 2


@dataclass(frozen=True, slots=True)
class Property:
    """One property of an item; an essential one must be understood."""

    box: Box
    essential: bool


@dataclass(frozen=True, slots=True)
class Item:
    """One item: type, properties in the order of ``ipma``, and where its bytes lie."""

    id: int
    type: bytes
    properties: tuple[Property, ...]
    data: bytes

    def find(self, kind: bytes) -> tuple[bytes, ...]:
        """Give the payloads of all properties of a type."""
        return tuple(held.box.payload for held in self.properties if held.box.type == kind)

    @property
    def size(self) -> Size | None:
        """The size told by ``ispe``, before any turning."""
        for payload in self.find(b"ispe"):
            fields = Fields(payload)
            fields.version()
            return Size(fields.number(4), fields.number(4))
        return None


@dataclass(frozen=True, slots=True)
class Nclx:
    """Colour by code points of ITU-T H.273."""

    primaries: int
    transfer: int
    matrix: int
    full_range: bool


def nclx_of(item: Item) -> Nclx | None:
    """Give the code points of an item's ``colr`` of type ``nclx``, if it has one."""
    for payload in item.find(b"colr"):
        if payload[:4] == b"nclx":
            fields = Fields(payload[4:])
            return Nclx(
                fields.number(2), fields.number(2), fields.number(2), bool(fields.number(1) >> 7)
            )
    return None


def profile_of(item: Item) -> bytes | None:
    """Give the ICC profile of an item, if it has one."""
    for payload in item.find(b"colr"):
        if payload[:4] in (b"prof", b"rICC"):
            return payload[4:] or None
    return None


class HeifFile:
    """Items, properties and references of one HEIF file's ``meta`` box.

    Reading anything raises ValueError or KeyError for a file that is cut
    short, absurd, or has no ``meta`` box.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._meta = whole(data).first(b"meta")
        self._types = _item_types(self._box(b"iinf"))
        self._places = _places(self._box(b"iloc"))
        self._properties = _properties(self._box(b"iprp"))
        self.references = self._references()

    def _box(self, kind: bytes) -> Box:
        return self._meta.first(kind, skip=4)

    def primary(self) -> Item:
        """Give the primary item."""
        fields = Fields(self._box(b"pitm").payload)
        return self.item(fields.number(4 if fields.version() else 2))

    def item(self, item_id: int) -> Item:
        """Give one item with its bytes."""
        return Item(
            item_id,
            self._types[item_id],
            self._properties.get(item_id, ()),
            self._bytes(self._places.get(item_id)),
        )

    def _references(self) -> tuple[tuple[bytes, int, tuple[int, ...]], ...]:
        try:
            box = self._box(b"iref")
        except KeyError:
            return ()
        wide = 4 if Fields(box.payload).version() else 2
        return tuple(_reference(inner, wide) for inner in box.boxes(skip=4))

    def _bytes(self, place: "_Place | None") -> bytes:
        if place is None:
            return b""
        if place.method not in (_IN_FILE, _IN_IDAT):
            raise ValueError(f"item data by construction method {place.method}")
        held = self._data if place.method == _IN_FILE else self._box(b"idat").payload
        extents = [(place.base + offset, length) for offset, length in place.extents]
        if any(start + length > len(held) for start, length in extents):
            raise ValueError("item data outside of the file")
        return b"".join(held[start : start + length or None] for start, length in extents)


def _reference(box: Box, wide: int) -> tuple[bytes, int, tuple[int, ...]]:
    fields = Fields(box.payload)
    source, count = fields.number(wide), fields.number(2)
    return box.type, source, tuple(fields.number(wide) for _ in range(count))


def _item_types(iinf: Box) -> dict[int, bytes]:
    head = 6 if Fields(iinf.payload).version() == 0 else 8
    return dict(_item_type(box) for box in iinf.boxes(skip=head) if box.type == b"infe")


def _item_type(infe: Box) -> tuple[int, bytes]:
    fields = Fields(infe.payload)
    version = fields.version()
    item_id = fields.number(4 if version == _INFE_WITH_LONG_ID else 2)
    fields.number(2)  # protection
    return item_id, fields.bytes(4) if version >= _INFE_WITH_TYPE else b""


@dataclass(frozen=True, slots=True)
class _Place:
    method: int
    base: int
    extents: tuple[tuple[int, int], ...]


def _places(iloc: Box) -> dict[int, _Place]:
    fields = Fields(iloc.payload)
    version = fields.version()
    sizes = fields.number(2)
    offset, length, base = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index = sizes & 15 if version else 0
    count = fields.number(4 if version == _ILOC_WITH_LONG_ID else 2)
    if count > _MOST_ITEMS:
        raise ValueError(f"{count} items")
    places = {}
    for _ in range(count):
        item_id = fields.number(4 if version == _ILOC_WITH_LONG_ID else 2)
        method = fields.number(2) & 15 if version else _IN_FILE
        fields.number(2)  # data reference
        places[item_id] = _Place(
            method, fields.number(base), _extents(fields, (index, offset, length))
        )
    return places


def _extents(fields: Fields, widths: Sequence[int]) -> tuple[tuple[int, int], ...]:
    count = fields.number(2)
    rows = [[fields.number(width) for width in widths] for _ in range(count)]
    return tuple((offset, length) for _, offset, length in rows)


def _properties(iprp: Box) -> dict[int, tuple[Property, ...]]:
    boxes = list(iprp.first(b"ipco").boxes())
    found: dict[int, tuple[Property, ...]] = {}
    for ipma in (box for box in iprp.boxes() if box.type == b"ipma"):
        for item_id, associations in _associations(ipma.payload):
            held = [Property(boxes[i - 1], essential) for i, essential in associations if i]
            found[item_id] = found.get(item_id, ()) + tuple(held)
    return found


def _associations(payload: bytes) -> list[tuple[int, list[tuple[int, bool]]]]:
    fields = Fields(payload)
    head = fields.number(4)
    version, wide = head >> 24, 2 if head & 1 else 1
    count = fields.number(4)
    if count > _MOST_ITEMS:
        raise ValueError(f"properties of {count} items")
    rows = []
    for _ in range(count):
        item_id = fields.number(4 if version else 2)
        values = [fields.number(wide) for _ in range(fields.number(1))]
        top = 1 << (8 * wide - 1)
        rows.append((item_id, [(value & (top - 1), bool(value & top)) for value in values]))
    return rows
