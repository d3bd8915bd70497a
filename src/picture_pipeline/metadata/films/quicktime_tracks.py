"""The tracks of a QuickTime or MP4 movie: size, codec, frame rate, times.

ISO/IEC 14496-12 sections 8.3 to 8.6; QuickTime File Format, "Track Atoms".
"""

import struct
from dataclasses import dataclass
from itertools import islice

from picture_pipeline.metadata.containers.atoms import first, payload
from picture_pipeline.metadata.containers.boxes import Box, walk_file
from picture_pipeline.metadata.containers.ifd import ReadAt
from picture_pipeline.metadata.containers.jpeg_header import Size
from picture_pipeline.metadata.films.codec_names import OBJECT_TYPES, SAMPLE_ENTRIES

_MAX_TRACKS = 64
_MAX_TIMES = 65_536
"""Entries of ``stts`` looked at; one is enough for a constant frame rate."""
_MAX_FRAME_RATE = 10_000.0


@dataclass(frozen=True, slots=True)
class Track:
    """One track of a movie."""

    kind: bytes
    """Handler type: ``vide``, ``soun``, ``meta``..."""
    size: Size | None = None
    """Of a picture, as it is to be shown, before rotation (what exiftool gives)."""
    codec: str | None = None
    frame_rate: float | None = None
    created: int = 0
    """Seconds since 1904 in UTC; 0 when the track does not tell."""


def read_tracks(read_at: ReadAt, moov: Box) -> list[Track]:
    """Read a movie's tracks in their order; hostile input gives fewer, or emptier ones."""
    boxes = (box for box in walk_file(read_at, moov.start, moov.end) if box.kind == b"trak")
    return [_track(read_at, box) for box in islice(boxes, _MAX_TRACKS)]


def _track(read_at: ReadAt, trak: Box) -> Track:
    media = first(read_at, trak, b"mdia")
    if media is None:
        return Track(b"")
    table = first(read_at, media, b"minf", b"stbl")
    kind = payload(read_at, first(read_at, media, b"hdlr"), 12)[8:12]
    header = payload(read_at, first(read_at, trak, b"tkhd"), 96)
    times = payload(read_at, first(read_at, media, b"mdhd"), 36)
    entry = payload(read_at, first(read_at, table, b"stsd") if table else None, 512)[8:]
    picture = kind == b"vide"
    return Track(
        kind=kind,
        size=(_shown_size(header) or _coded_size(entry)) if picture else None,
        codec=_codec(entry),
        frame_rate=_frame_rate(read_at, table, times) if picture and table else None,
        created=created(header) or created(times),
    )


def created(header: bytes) -> int:
    """Read when something was made from ``mvhd``, ``tkhd`` or ``mdhd``: seconds since 1904."""
    return int.from_bytes(header[4:12] if header[:1] == b"\1" else header[4:8], "big")


def scale_and_length(header: bytes) -> tuple[int, int]:
    """Read the time scale and the duration in its units from ``mvhd`` or ``mdhd``."""
    wide = header[:1] == b"\1"
    scale, length = (header[20:24], header[24:32]) if wide else (header[12:16], header[16:20])
    whole = int.from_bytes(length, "big")
    unknown = whole == (1 << 8 * len(length)) - 1
    return int.from_bytes(scale, "big"), 0 if unknown else whole


def _shown_size(header: bytes) -> Size | None:
    """Read the track's width and height: 16.16 fixed point, its last eight bytes."""
    end = 96 if header[:1] == b"\1" else 84
    if len(header) < end:
        return None
    width, height = struct.unpack_from(">II", header, end - 8)
    return _size(width >> 16, height >> 16)


def _coded_size(entry: bytes) -> Size | None:
    """Read a visual sample entry's width and height."""
    if len(entry) < 36:  # noqa: PLR2004 - up to and with both numbers
        return None
    width, height = struct.unpack_from(">HH", entry, 32)
    return _size(width, height)


def _size(width: int, height: int) -> Size | None:
    return (width, height) if width and height else None


def _codec(entry: bytes) -> str | None:
    """Name the codec of a track's first sample entry; None when nobody knows it."""
    name = SAMPLE_ENTRIES.get(entry[4:8])
    at = entry.find(b"esds")
    if entry[4:8] in (b"mp4v", b"mp4a") and at >= 0:
        return OBJECT_TYPES.get(_object_type(entry[at + 8 :]), name)
    return name


def _object_type(descriptor: bytes) -> int:
    """Read the object type out of an ES descriptor with its nested decoder configuration."""
    config = descriptor.find(b"\x04", 3)
    if config < 0:
        return 0
    at = config + 1
    while descriptor[at : at + 1] >= b"\x80":
        at += 1
    return int.from_bytes(descriptor[at + 1 : at + 2], "big")


def _frame_rate(read_at: ReadAt, table: Box, times: bytes) -> float | None:
    """Give the mean frames a second over the whole track."""
    scale, _ = scale_and_length(times)
    data = payload(read_at, first(read_at, table, b"stts"), 8 + 8 * _MAX_TIMES)
    count = min(int.from_bytes(data[4:8], "big"), (len(data) - 8) // 8, _MAX_TIMES)
    if count <= 0 or scale == 0:
        return None
    numbers = struct.unpack_from(f">{2 * count}I", data, 8)
    frames = sum(numbers[::2])
    length = sum(number * delta for number, delta in zip(*[iter(numbers)] * 2, strict=True))
    rate = frames * scale / length if length else 0.0
    return rate if 0 < rate <= _MAX_FRAME_RATE else None
