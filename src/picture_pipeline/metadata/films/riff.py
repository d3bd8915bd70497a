"""Reading AVI: header lists only, pure Python.

Microsoft's "AVI RIFF File Reference"; what cameras add, after ExifTool's RIFF.pm.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from picture_pipeline.metadata.containers.boxes import Box
from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.containers.ifd import ReadAt
from picture_pipeline.metadata.containers.jpeg_header import Size
from picture_pipeline.metadata.films.codec_names import FOUR_LETTERS, of_wave
from picture_pipeline.metadata.parsing.values import Values
from picture_pipeline.model.metadata import Recording
from picture_pipeline.ports import Content

_MAX_CHUNKS = 4096
_MAX_TEXT = 4096
_MAX_XMP = 16 * 1024 * 1024
_MAX_DEPTH = 4
_MAX_FRAME_RATE = 10_000.0
_LISTS = (b"hdrl", b"strl", b"INFO", b"exif")
"""Lists that are looked into; the pictures themselves (``movi``) are not."""
_TEXTS = {
    b"IDIT": "RIFF.IDIT",
    b"ISFT": "RIFF.ISFT",
    b"INAM": "RIFF.INAM",
    b"ICMT": "RIFF.ICMT",
    b"ecor": "RIFF.ecor",
    b"emdl": "RIFF.emdl",
}


@dataclass(slots=True)
class _Found:
    size: Size | None = None
    frames: int = 0
    frame_rate: float | None = None
    codec: str | None = None
    audio: str | None = None
    kind: bytes = b""
    evidence: dict[str, Values] = field(default_factory=dict)
    packets: list[bytes] = field(default_factory=list)


def open_avi(content: Content) -> Contents:
    """Read an AVI's header. Hostile input gives less, never an exception."""
    found = _Found()
    for chunk in _chunks(content.read_at, 12, content.size, 0):
        _take(found, chunk.kind, content.read_at, chunk)
    rate = found.frame_rate
    return Contents(
        size=found.size,
        packets=tuple(found.packets),
        evidence=found.evidence,
        duration=found.frames / rate if rate and found.frames else None,
        recording=Recording(found.codec, rate, found.audio),
    )


def _chunks(read_at: ReadAt, start: int, end: int, depth: int) -> Iterator[Box]:
    """Give the chunks between two offsets, in order, those of the lists among them."""
    for _ in range(_MAX_CHUNKS):
        head = read_at(start, min(12, max(0, end - start)))
        if len(head) < 8:  # noqa: PLR2004 - name and length
            return
        length = int.from_bytes(head[4:8], "little")
        stop = min(start + 8 + length, end)
        if head[:4] != b"LIST":
            yield Box(head[:4], start + 8, stop)
        elif head[8:12] in _LISTS and depth < _MAX_DEPTH:
            yield from _chunks(read_at, start + 12, stop, depth + 1)
        start += 8 + length + length % 2


def _take(found: _Found, kind: bytes, read_at: ReadAt, chunk: Box) -> None:
    length = chunk.end - chunk.start
    if kind in _TEXTS:
        text = read_at(chunk.start, min(length, _MAX_TEXT)).decode("utf-8", "surrogateescape")
        found.evidence.setdefault(_TEXTS[kind], (text,))
    elif kind == b"_PMX":
        found.packets.append(read_at(chunk.start, min(length, _MAX_XMP)))
    elif kind == b"strh":
        _stream(found, read_at(chunk.start, min(length, 56)))
    elif kind == b"strf":
        _format(found, read_at(chunk.start, min(length, 40)))


def _stream(found: _Found, header: bytes) -> None:
    found.kind = header[:4]
    if found.kind != b"vids" or found.frame_rate is not None or len(header) < 36:  # noqa: PLR2004
        return
    scale, rate, _, length = struct.unpack_from("<4I", header, 20)
    frames_a_second = rate / scale if scale else 0.0
    if 0 < frames_a_second <= _MAX_FRAME_RATE:
        found.frame_rate, found.frames = frames_a_second, length


def _format(found: _Found, data: bytes) -> None:
    """Read BITMAPINFOHEADER of a picture, WAVEFORMATEX of a sound."""
    if found.kind == b"vids" and found.size is None and len(data) >= 20:  # noqa: PLR2004
        width, height = struct.unpack_from("<ii", data, 4)
        found.size = (width, abs(height)) if width > 0 and height else None
        found.codec = FOUR_LETTERS.get(data[16:20].upper())
    elif found.kind == b"auds" and found.audio is None and len(data) >= 16:  # noqa: PLR2004
        tag, bits = struct.unpack_from("<H12xH", data)
        found.audio = of_wave(tag, bits)
