"""The date and place that camcorders hide in the pictures of an AVCHD film.

Sony's and Panasonic's camcorders write an SEI message of their own ("MDPM")
into each H.264 picture: pairs of a tag byte and four bytes of binary-coded
decimals. After ExifTool's H264.pm; checked against its sample. Pure Python.
"""

import struct
from collections.abc import Iterator, Mapping

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.containers.ifd import ReadAt
from picture_pipeline.metadata.parsing.values import Values
from picture_pipeline.ports import Content

_MARK = bytes.fromhex("17ee8c60f84d11d98cd60800200c9a66") + b"MDPM"
_PACKET = 188
_SYNC = 0x47
_LENGTHS = ((188, 0), (192, 4), (204, 0))
"""Bytes of a packet in broadcast, AVCHD and error-corrected streams, and where it begins."""
_MAX_SEARCHED = 1024 * 1024
"""Bytes of one stream that are looked through: the message stands in the first picture."""
_MAX_STREAMS = 16
_MAX_TAGS = 64
_DATE, _TIME, _MAKE, _ALTITUDE = 0x18, 0x19, 0xE0, 0xBA
_RATIONALS = {
    "H264.GPSLatitude": 0xB2,
    "H264.GPSLongitude": 0xB6,
    "H264.GPSAltitude": _ALTITUDE,
    "H264.GPSTimeStamp": 0xBB,
}
_REFERENCES = {
    "H264.GPSLatitudeRef": 0xB1,
    "H264.GPSLongitudeRef": 0xB5,
    "H264.GPSAltitudeRef": 0xB9,
}
_MAKES = {b"\x01\x03": "Panasonic", b"\x01\x08": "Sony", b"\x10\x11": "Canon", b"\x11\x04": "JVC"}


def open_transport_stream(content: Content) -> Contents:
    """Look for the camcorder's date; all else of the film FFmpeg must tell."""
    for payload in _payloads(content.read_at):
        at = payload.find(_MARK)
        if at >= 0:
            message = payload[at + len(_MARK) : at + len(_MARK) + 8 * _MAX_TAGS]
            return Contents(evidence=_evidence(message.replace(b"\0\0\3", b"\0\0")))
    return Contents()


def _payloads(read_at: ReadAt) -> Iterator[bytes]:
    """Give the first part of each stream, freed of its packets."""
    data = read_at(0, 2 * _MAX_SEARCHED)
    layout = next((row for row in _LENGTHS if _fits(data, *row)), None)
    if layout is None:
        return
    streams: dict[int, list[bytes]] = {}
    for at in range(layout[1], len(data) - _PACKET + 1, layout[0]):
        if data[at] == _SYNC:
            pid = int.from_bytes(data[at + 1 : at + 3], "big") & 0x1FFF
            if pid in streams or len(streams) < _MAX_STREAMS:
                streams.setdefault(pid, []).append(_payload(data[at : at + _PACKET]))
    yield from (b"".join(parts) for parts in streams.values())


def _fits(data: bytes, step: int, first: int) -> bool:
    """Whether packets of this length begin here: as many as there are, up to four."""
    starts = range(first, min(len(data), first + 4 * step), step)
    return len(starts) > 1 and all(data[at] == _SYNC for at in starts)


def _payload(packet: bytes) -> bytes:
    """Cut off the packet's header and adaptation field (ISO/IEC 13818-1 section 2.4.3)."""
    has = packet[3] >> 4 & 3
    start = 4 + (1 + packet[4] if has & 2 else 0)
    return packet[start:] if has & 1 else b""


def _evidence(message: bytes) -> dict[str, Values]:
    tags = _tags(message)
    found = {name: _rationals(tags, first) for name, first in _RATIONALS.items()}
    found |= {name: _reference(tags, tag) for name, tag in _REFERENCES.items()}
    found["H264.DateTimeOriginal"] = _moment(tags.get(_DATE, b""), tags.get(_TIME, b""))
    found["H264.Make"] = _MAKES.get(tags.get(_MAKE, b"")[:2])
    return {name: (text,) for name, text in found.items() if text}


def _moment(date: bytes, time: bytes) -> str | None:
    """Read offset, century, year, month; day, hour, minute, second: decimals but for the first."""
    if len(date + time) != 8:  # noqa: PLR2004 - both tags are there
        return None
    zone, numbers = date[0], f"{date[1:].hex()}{time.hex()}"
    day = f"{numbers[:4]}-{numbers[4:6]}-{numbers[6:8]}"
    clock = f"{numbers[8:10]}:{numbers[10:12]}:{numbers[12:]}"
    sign, hours, half = "-" if zone & 0x20 else "+", zone >> 1 & 0x0F, zone & 1
    return f"{day}T{clock}{sign}{hours:02}:{30 if half else 0:02}"


def _rationals(tags: Mapping[int, bytes], first: int) -> str | None:
    """Read up to three fractions of two 16-bit numbers each, from tags that follow each other."""
    count = 1 if first == _ALTITUDE else 3
    parts = [tags.get(tag, b"") for tag in range(first, first + count)]
    if not all(parts):
        return None
    return " ".join("{}/{}".format(*struct.unpack(">HH", part)) for part in parts)


def _reference(tags: Mapping[int, bytes], tag: int) -> str | None:
    if tag not in tags:
        return None
    letter = tags[tag][:1]
    return letter.decode("ascii") if letter.isalpha() else str(int(any(tags[tag])))


def _tags(message: bytes) -> Mapping[int, bytes]:
    """Read the pairs of a tag and four bytes."""
    count = min(message[0] if message else 0, _MAX_TAGS)
    pairs = (message[1 + 5 * number : 6 + 5 * number] for number in range(count))
    return {pair[0]: pair[1:] for pair in pairs if len(pair) == 5}  # noqa: PLR2004
