"""WAV: a voice memo beside a picture. When it was recorded, and how long it is.

EBU Tech 3285 (the ``bext`` chunk), Microsoft's RIFF INFO list (``ICRD``).
"""

import struct
from dataclasses import dataclass, field

from picture_pipeline.metadata.parsing.values import Evidence, Values
from picture_pipeline.ports import Content

_MAX_CHUNKS = 256
_MAX_INFO = 65_536
_DATE_AND_TIME = (320, 18)
"""Offset in ``bext``, behind description and originator: ten letters of date, eight of time."""


@dataclass(slots=True)
class Sound:
    """What a WAV says; the duration in seconds."""

    evidence: dict[str, Values] = field(default_factory=dict)
    duration: float | None = None


def read_sound(content: Content) -> Sound:
    """Read a WAV's chunks; hostile input gives less, never an exception."""
    found, rate, offset = Sound(), 0, 12
    for _ in range(_MAX_CHUNKS):
        head = content.read_at(offset, 8)
        if len(head) < 8:  # noqa: PLR2004 - name and length
            break
        name, length = head[:4], int.from_bytes(head[4:], "little")
        body = offset + 8
        if name == b"fmt ":
            rate = int.from_bytes(content.read_at(body + 8, 4), "little")
        elif name == b"data" and rate:
            found.duration = min(length, max(0, content.size - body)) / rate
        else:
            found.evidence.update(_dated(name, content, body, length))
        offset = body + length + length % 2
    return found


def _dated(name: bytes, content: Content, body: int, length: int) -> Evidence:
    if name == b"bext":
        offset, size = _DATE_AND_TIME
        text = content.read_at(body + offset, size)
        return {"WAV.OriginationDate": (f"{_ascii(text[:10])} {_ascii(text[10:])}".strip(),)}
    if name == b"LIST":
        return _info(content.read_at(body, min(length, _MAX_INFO)))
    return {}


def _info(data: bytes) -> Evidence:
    at = data.find(b"ICRD")
    if not data.startswith(b"INFO") or at < 0 or len(data) < at + 8:
        return {}
    (length,) = struct.unpack_from("<I", data, at + 4)
    return {"WAV.ICRD": (_ascii(data[at + 8 : at + 8 + min(length, 64)]),)}


def _ascii(raw: bytes) -> str:
    return raw.decode("ascii", "replace").partition("\0")[0].strip()
