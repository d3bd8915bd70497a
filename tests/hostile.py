"""Files that lie about themselves, made in memory: bombs, loops, absurd values, broken XML."""

import io
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from pictures import jpeg, picture

ASCII, SHORT, LONG, RATIONAL = 2, 3, 4, 5
EXIF_POINTER, GPS_POINTER = 0x8769, 0x8825
FIRST_DIRECTORY = 8
_ENTRY = 12

Entry = tuple[int, int, bytes]
"""Tag, type, value."""
_SIZES = {ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8}


@dataclass(frozen=True, slots=True)
class Exif:
    """A little-endian TIFF structure, with the link to the next directory to lie about."""

    first: Sequence[Entry] = ()
    exif: Sequence[Entry] = ()
    gps: Sequence[Entry] = ()
    next_directory: int = 0
    exif_at: int | None = None
    """Where the Exif directory is said to be."""

    def bytes(self) -> bytes:
        """Lay out the three directories one after the other."""
        first = list(self.first)
        pointers = [EXIF_POINTER, *([GPS_POINTER] if self.gps else [])]
        exif_at = FIRST_DIRECTORY + _length([*first, *((tag, LONG, bytes(4)) for tag in pointers)])
        gps_at = exif_at + _length(self.exif)
        told = exif_at if self.exif_at is None else self.exif_at
        first.append((EXIF_POINTER, LONG, struct.pack("<I", told)))
        if self.gps:
            first.append((GPS_POINTER, LONG, struct.pack("<I", gps_at)))
        return (
            b"II*\0"
            + struct.pack("<I", FIRST_DIRECTORY)
            + _directory(first, FIRST_DIRECTORY, self.next_directory)
            + _directory(self.exif, exif_at, 0)
            + _directory(self.gps, gps_at, 0)
        )


def _length(entries: Sequence[Entry]) -> int:
    outside = sum(len(value) + len(value) % 2 for _, _, value in entries if len(value) > 4)
    return 2 + _ENTRY * len(entries) + 4 + outside


def _directory(entries: Sequence[Entry], start: int, following: int) -> bytes:
    outside, table = b"", struct.pack("<H", len(entries))
    place = start + 2 + _ENTRY * len(entries) + 4
    for tag, kind, value in sorted(entries):
        held = value.ljust(4, b"\0")
        if len(value) > 4:
            held = struct.pack("<I", place + len(outside))
            outside += value + bytes(len(value) % 2)
        table += struct.pack("<HHI", tag, kind, len(value) // _SIZES[kind]) + held
    return table + struct.pack("<I", following) + outside


def text(tag: int, value: str) -> Entry:
    """Make an entry of letters."""
    return tag, ASCII, value.encode() + b"\0"


def fractions(tag: int, *values: tuple[int, int]) -> Entry:
    """Make an entry of unsigned fractions."""
    return tag, RATIONAL, b"".join(struct.pack("<II", *value) for value in values)


def with_exif(number: int, exif: Exif) -> bytes:
    """Make a JPEG that carries this Exif."""
    return with_segment(jpeg(number), 0xE1, b"Exif\0\0" + exif.bytes())


def with_segment(data: bytes, marker: int, payload: bytes) -> bytes:
    """Put a segment behind a JPEG's start."""
    return data[:2] + struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload + data[2:]


def dated(number: int, taken: str) -> bytes:
    """Make a JPEG of this DateTimeOriginal."""
    return with_exif(number, Exif(exif=[text(0x9003, taken)]))


def positioned(number: int, latitude: Sequence[tuple[int, int]]) -> bytes:
    """Make a JPEG at this latitude (degrees, minutes, seconds as fractions) and 11 degrees east."""
    gps = [
        text(1, "N"),
        fractions(2, *latitude),
        text(3, "E"),
        fractions(4, (11, 1), (0, 1), (0, 1)),
    ]
    return with_exif(number, Exif(gps=gps))


def xmp_packet(body: str = "", *, doctype: str = "") -> str:
    """Make an XMP packet with a rating of three and a title of ``body``."""
    return (
        f'<?xml version="1.0"?>{doctype}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmp:Rating="3"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{body}</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def with_xmp(number: int, packet: bytes) -> bytes:
    """Make a JPEG that carries this packet, of less than 64 kB."""
    return with_segment(jpeg(number), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)


def png_with_xmp(number: int, packet: bytes) -> bytes:
    """Make a PNG that carries this packet, of any size."""
    data = picture(number, "PNG")
    chunk = b"iTXtXML:com.adobe.xmp\0\0\0\0\0" + packet
    told = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return data[:33] + told + data[33:]


def billion_laughs() -> str:
    """Give a DOCTYPE of entities that grow tenfold nine times."""
    grown = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY e0 "ha">{grown}]>'


def outside(path: str) -> str:
    """Give a DOCTYPE whose entity ``e9`` is another file's content."""
    return f'<!DOCTYPE x [<!ENTITY e9 SYSTEM "file://{path}">]>'


def png_bomb(side: int = 60_000) -> bytes:
    """Make a PNG of one bit a pixel whose pixels are all there: half a gigabyte of zeros."""
    rows = zlib.compressobj(9)
    row, packed = bytes(1 + side // 8), []
    packed += [rows.compress(row * 500) for _ in range(side // 500)]
    data = b"".join(packed) + rows.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))
        for kind, held in ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    )


def looping_tiff() -> bytes:
    """Make a TIFF whose only directory names itself as the next."""
    out = io.BytesIO()
    Image.new("L", (64, 48), 99).save(out, "TIFF")
    data = bytearray(out.getvalue())
    (start,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, start)
    struct.pack_into("<I", data, start + 2 + _ENTRY * entries, start)
    return bytes(data)


def box(kind: bytes, *inside: bytes, told: int | None = None) -> bytes:
    """Make a box of ISO/IEC 14496-12 that may lie about its length."""
    payload = b"".join(inside)
    return struct.pack(">I4s", 8 + len(payload) if told is None else told, kind) + payload


def nested_boxes(depth: int = 5_000) -> bytes:
    """Make a film whose ``moov`` holds boxes in boxes in boxes."""
    inside = b""
    for _ in range(depth):
        inside = box(b"trak", inside)
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(b"moov", inside)
