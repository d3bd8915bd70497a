"""Movie headers made in memory, box by box: what encoders do not write on demand."""

import struct

SINCE_1904 = 2_082_844_800


def box(kind: bytes, *parts: bytes) -> bytes:
    """Make a box of its parts."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def movie(*children: bytes) -> bytes:
    """Make a file of a type box, pixels and a header."""
    return box(b"ftyp", b"qt  ", bytes(4)) + box(b"mdat", bytes(9)) + box(b"moov", *children)


def header(created: int = 0, scale: int = 600, length: int = 0) -> bytes:
    """Make ``mvhd``; ``created`` counts from 1904."""
    return box(b"mvhd", struct.pack(">5I", 0, created, 0, scale, length), bytes(80))


def track(
    kind: bytes = b"vide",
    entry: bytes = b"hvc1",
    size: tuple[int, int] = (1920, 1080),
    times: tuple[tuple[int, int], ...] = ((30, 20),),
    more: bytes = b"",
) -> bytes:
    """Make a track; ``times`` are pairs of a count of frames and how long each lasts."""
    shown = bytes(76) + struct.pack(">II", size[0] << 16, size[1] << 16)
    sample = box(entry, bytes(24), struct.pack(">HH", *size), bytes(50), more)
    table = box(
        b"stbl",
        box(b"stsd", bytes(4), struct.pack(">I", 1), sample),
        box(
            b"stts",
            bytes(4),
            struct.pack(">I", len(times)),
            *(struct.pack(">II", *t) for t in times),
        ),
    )
    media = (
        box(b"mdhd", struct.pack(">5I", 0, 0, 0, 600, 600), bytes(4)),
        box(b"hdlr", bytes(8), kind, bytes(13)),
        box(b"minf", table),
    )
    return box(b"trak", box(b"tkhd", shown), box(b"mdia", *media))


def data(text: bytes, kind: int = 1) -> bytes:
    """Make the value of one item."""
    return box(b"data", struct.pack(">II", kind, 0), text)


def keys(said: dict[str, bytes], kind: int = 1) -> bytes:
    """Make Apple's ``meta`` box of keys and values."""
    names = (box(b"mdta", name.encode()) for name in said)
    items = (
        box(struct.pack(">I", number), data(value, kind))
        for number, value in enumerate(said.values(), 1)
    )
    return box(
        b"meta",
        box(b"hdlr", bytes(8), b"mdta", bytes(13)),
        box(b"keys", bytes(4), struct.pack(">I", len(said)), *names),
        box(b"ilst", *items),
    )
