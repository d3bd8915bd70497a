"""Tell whether some bytes are one whole JPEG, by walking its markers."""

from dataclasses import dataclass

SOI = b"\xff\xd8"
EOI = 0xD9
SOS = 0xDA
# SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC); ITU-T T.81 table B.1.
SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Markers without a length: TEM and RST0 to RST7.
BARE = frozenset({0x01, *range(0xD0, 0xD8)})


class UnsoundJpeg(ValueError):
    """The bytes are not one whole JPEG; the message says where they stop being one."""


@dataclass(frozen=True, slots=True)
class Size:
    """Pixels."""

    width: int
    height: int


def size_of(data: bytes) -> Size:
    """Walk from SOI to EOI and give the frame's size. Raises UnsoundJpeg."""
    if not data.startswith(SOI):
        raise UnsoundJpeg(f"no SOI in {len(data)} bytes")
    size, at = None, 2
    while True:
        marker, at = _marker(data, at)
        if marker == EOI:
            return _ended(data, at, size)
        if marker in BARE:
            continue
        length = _u16(data, at)
        if marker in SIZES:
            size = Size(_u16(data, at + 5), _u16(data, at + 3))
        at += length
        if marker == SOS:
            at = _after_scan(data, at)


def _ended(data: bytes, at: int, size: Size | None) -> Size:
    if at != len(data):
        raise UnsoundJpeg(f"{len(data) - at} bytes after EOI")
    if size is None:
        raise UnsoundJpeg("EOI without a frame")
    return size


def _marker(data: bytes, at: int) -> tuple[int, int]:
    if data[at : at + 1] != b"\xff":
        raise UnsoundJpeg(f"no marker at {at} of {len(data)}")
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise UnsoundJpeg(f"cut off at {at}")
    return data[at], at + 1


def _u16(data: bytes, at: int) -> int:
    if at + 2 > len(data):
        raise UnsoundJpeg(f"cut off at {len(data)}")
    return int.from_bytes(data[at : at + 2], "big")


def _after_scan(data: bytes, at: int) -> int:
    """Skip entropy-coded data: FF00 is a stuffed FF, FFD0 to FFD7 are restarts."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise UnsoundJpeg("cut off inside the picture data")
        if data[at + 1] != 0 and data[at + 1] not in BARE:
            return at
        at += 2
