"""Reading Windows Media (ASF): header object only, pure Python. ASF specification 1.20."""

import struct
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.films.codec_names import FOUR_LETTERS, of_wave
from picture_pipeline.metadata.parsing.values import Values
from picture_pipeline.model.metadata import Recording
from picture_pipeline.ports import Content

_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")
_STREAM = bytes.fromhex("9107dcb7b7a9cf118ee600c00c205365")
_DESCRIPTION = bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c")
_PICTURE = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
_SOUND = bytes.fromhex("409e69f84d5bcf11a8fd00805f5c442b")

_HEADER = 30
_MAX_HEADER = 4 * 1024 * 1024
_MAX_OBJECTS = 256
_TICKS = 1e7
"""100 nanoseconds each."""
_SINCE_1601 = datetime(1601, 1, 1, tzinfo=UTC)
_MAX_SECONDS = 100 * 365 * 24 * 3600.0


def open_asf(content: Content) -> Contents:
    """Read a Windows Media file's header. Hostile input gives less, never an exception."""
    length = int.from_bytes(content.read_at(16, 8), "little")
    header = content.read_at(0, min(length, _MAX_HEADER))
    objects = list(_objects(header))
    properties = next((data for kind, data in objects if kind == _FILE), b"")
    streams = {data[:16]: data[54:] for kind, data in reversed(objects) if kind == _STREAM}
    words = next((data for kind, data in objects if kind == _DESCRIPTION), b"")
    picture = streams.get(_PICTURE, b"")
    return Contents(
        size=_size(picture),
        evidence=dict((*_moment(properties), *_described(words))),
        duration=_seconds(properties),
        recording=_recording(streams),
    )


def _objects(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = _HEADER
    for _ in range(_MAX_OBJECTS):
        size = int.from_bytes(header[at + 16 : at + 24], "little")
        if size < 24 or at + 24 > len(header):  # noqa: PLR2004 - GUID and size
            return
        yield header[at : at + 16], header[at + 24 : at + size]
        at += size


def _moment(properties: bytes) -> Iterator[tuple[str, Values]]:
    ticks = int.from_bytes(properties[24:32], "little")
    try:
        moment = _SINCE_1601 + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return
    if ticks:
        yield "ASF.CreationDate", (moment.isoformat(),)


def _seconds(properties: bytes) -> float | None:
    """Give the play duration, of which the wait before playing ("preroll") is no part."""
    waiting = int.from_bytes(properties[56:64], "little") / 1000
    seconds = int.from_bytes(properties[40:48], "little") / _TICKS - waiting
    return seconds if 0 < seconds <= _MAX_SECONDS else None


def _size(picture: bytes) -> tuple[int, int] | None:
    if len(picture) < 8:  # noqa: PLR2004 - both numbers
        return None
    width, height = struct.unpack_from("<ii", picture)
    return (width, abs(height)) if width > 0 and height else None


def _recording(streams: Mapping[bytes, bytes]) -> Recording:
    """Name the codecs; a frame rate stands in no header object that must be there."""
    picture, sound = streams.get(_PICTURE, b""), streams.get(_SOUND, b"")
    audio = None
    if len(sound) >= 16:  # noqa: PLR2004 - WAVEFORMATEX up to and with the bits of a sample
        audio = of_wave(*struct.unpack_from("<H12xH", sound))
    return Recording(codec=FOUR_LETTERS.get(picture[27:31].upper()), audio=audio)


def _described(words: bytes) -> Iterator[tuple[str, Values]]:
    """Read the title and the description out of the five texts of a content description."""
    if len(words) < 10:  # noqa: PLR2004 - five lengths
        return
    at = 10
    names = ("ASF.Title", None, None, "ASF.Description", None)
    for name, length in zip(names, struct.unpack_from("<5H", words), strict=True):
        text = words[at : at + length].decode("utf-16-le", "replace")
        if name and text.strip("\0 "):
            yield name, (text,)
        at += length
