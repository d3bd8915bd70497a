"""Reading Matroska and WebM: header only, pure Python. RFC 8794 (EBML), RFC 9559."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.containers.ifd import ReadAt
from picture_pipeline.metadata.containers.jpeg_header import Size
from picture_pipeline.metadata.films.codec_names import MATROSKA
from picture_pipeline.metadata.parsing.values import Values
from picture_pipeline.model.metadata import Recording
from picture_pipeline.ports import Content

_SEGMENT, _INFO, _TRACKS = 0x18538067, 0x1549A966, 0x1654AE6B
_SCALE, _DURATION, _DATE, _TITLE = 0x2AD7B1, 0x4489, 0x4461, 0x7BA9
_ENTRY, _TYPE, _CODEC, _DEFAULT_DURATION = 0xAE, 0x83, 0x86, 0x23E383
_VIDEO, _WIDTH, _HEIGHT = 0xE0, 0xB0, 0xBA
_PICTURE, _SOUND = 1, 2

_MAX_ELEMENTS = 4096
_MAX_VALUE = 4096
_NANOSECONDS = 1e9
_MAX_SECONDS = 100 * 365 * 24 * 3600.0
_MAX_FRAME_RATE = 10_000.0
_FIRST_DAY = datetime(2001, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    start: int
    end: int


def open_matroska(content: Content) -> Contents:
    """Read what stands before the pictures. Hostile input gives less, never an exception."""
    read_at = content.read_at
    segment = _first(read_at, _Element(0, 0, content.size), _SEGMENT)
    info = _values(read_at, _first(read_at, segment, _INFO))
    tracks = [
        _values(read_at, entry)
        for entry in _elements(read_at, _first(read_at, segment, _TRACKS))
        if entry.id == _ENTRY
    ]
    picture = _of_type(tracks, _PICTURE)
    return Contents(
        size=_size(picture),
        evidence=dict(_said(info)),
        duration=_seconds(info),
        recording=Recording(
            _codec(picture), _frame_rate(picture), _codec(_of_type(tracks, _SOUND))
        ),
    )


def _elements(read_at: ReadAt, inside: _Element | None) -> Iterator[_Element]:
    """Give the elements in another one, in order; an unknown length reaches to the end."""
    at, end = (inside.start, inside.end) if inside else (0, 0)
    for _ in range(_MAX_ELEMENTS):
        head = read_at(at, min(12, max(0, end - at)))
        id_width = _width(head[:1])
        size_width = _width(head[id_width : id_width + 1])
        if not id_width or not size_width or id_width + size_width > len(head):
            return
        size = int.from_bytes(head[id_width : id_width + size_width], "big")
        size &= (1 << 7 * size_width) - 1
        start = at + id_width + size_width
        unknown = size == (1 << 7 * size_width) - 1
        at = end if unknown else min(start + size, end)
        yield _Element(int.from_bytes(head[:id_width], "big"), start, at)


def _width(first: bytes) -> int:
    """Give the bytes of a variable number by the zero bits it starts with; 0 for none."""
    return 9 - first[0].bit_length() if first and first[0] else 0


def _first(read_at: ReadAt, inside: _Element | None, wanted: int) -> _Element | None:
    return next((found for found in _elements(read_at, inside) if found.id == wanted), None)


_Bytes = Mapping[int, bytes]


def _values(read_at: ReadAt, inside: _Element | None) -> _Bytes:
    """Give the first value of each element in another one, those of a picture's among them."""
    found: dict[int, bytes] = {}
    for element in islice(_elements(read_at, inside), _MAX_ELEMENTS):
        if element.id == _VIDEO:
            found |= _values(read_at, _Element(0, element.start, element.end))
        else:
            length = min(element.end - element.start, _MAX_VALUE)
            found.setdefault(element.id, read_at(element.start, length))
    return found


def _integer(values: _Bytes, wanted: int, default: int = 0) -> int:
    return int.from_bytes(values[wanted][:8], "big") if wanted in values else default


def _text(values: _Bytes, wanted: int) -> str:
    return values.get(wanted, b"").split(b"\0", 1)[0].decode("utf-8", "replace")


def _of_type(tracks: list[_Bytes], wanted: int) -> _Bytes:
    return next((track for track in tracks if _integer(track, _TYPE) == wanted), {})


def _size(picture: _Bytes) -> Size | None:
    width, height = _integer(picture, _WIDTH), _integer(picture, _HEIGHT)
    return (width, height) if width and height else None


def _codec(track: _Bytes) -> str | None:
    parts = _text(track, _CODEC).split("/")[:3]
    names = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((MATROSKA[name] for name in names if name in MATROSKA), None)


def _frame_rate(picture: _Bytes) -> float | None:
    nanoseconds = _integer(picture, _DEFAULT_DURATION)
    rate = _NANOSECONDS / nanoseconds if nanoseconds else 0.0
    return rate if 0 < rate <= _MAX_FRAME_RATE else None


def _seconds(info: _Bytes) -> float | None:
    raw = info.get(_DURATION, b"")
    code = {4: ">f", 8: ">d"}.get(len(raw))
    if code is None:
        return None
    seconds = struct.unpack(code, raw)[0] * _integer(info, _SCALE, 1_000_000) / _NANOSECONDS
    return seconds if 0 < seconds <= _MAX_SECONDS else None


def _said(info: _Bytes) -> Iterator[tuple[str, Values]]:
    date = info.get(_DATE, b"")
    if len(date) == 8:  # noqa: PLR2004 - nanoseconds since 2001, signed
        nanoseconds = int.from_bytes(date, "big", signed=True)
        moment = _FIRST_DAY + timedelta(microseconds=nanoseconds // 1000)
        yield "Matroska.DateUTC", (moment.isoformat(),)
    if _TITLE in info:
        yield "Matroska.Title", (_text(info, _TITLE),)
