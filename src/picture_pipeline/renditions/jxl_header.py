"""What a JPEG XL codestream says before anything is decoded (ISO/IEC 18181-1, annexes A and D)."""

from dataclasses import dataclass

from picture_pipeline.renditions.boxes import whole
from picture_pipeline.renditions.specs import Size

_SIGNATURE = b"\xff\x0a"
_WHOLE, _PARTIAL = b"jxlc", b"jxlp"
_PARTIAL_NUMBER = 4
_ENOUGH = 64
"""Bytes; the fields that are read here end before the twentieth."""
_SIDE_BITS = (9, 13, 18, 30)
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


@dataclass(frozen=True, slots=True)
class JxlHeader:
    """Size as stored, and the EXIF orientation (1 to 8) that decoders apply themselves."""

    size: Size
    orientation: int


class _Bits:
    """Reads bits, lowest first."""

    def __init__(self, data: bytes) -> None:
        self._bits = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._bits & ((1 << count) - 1)
        self._bits >>= count
        return value


def read_jxl_header(data: bytes) -> JxlHeader | None:
    """Read a bare codestream's or a container's header; None for what is neither."""
    start = _codestream(data)
    if not start.startswith(_SIGNATURE):
        return None
    bits = _Bits(start[len(_SIGNATURE) :])
    size = _size(bits)
    all_default = bits.take(1)
    orientation = 1 + bits.take(3) if not all_default and bits.take(1) else 1
    return JxlHeader(size, orientation)


def _codestream(data: bytes) -> bytes:
    if data.startswith(_SIGNATURE):
        return data[:_ENOUGH]
    try:
        for box in whole(data).boxes():
            if box.type in (_WHOLE, _PARTIAL):
                start = box.start + (_PARTIAL_NUMBER if box.type == _PARTIAL else 0)
                return data[start : min(box.end, start + _ENOUGH)]
    except ValueError:
        pass
    return b""


def _size(bits: _Bits) -> Size:
    in_eights = bits.take(1)
    height = _side(bits, in_eights)
    ratio = bits.take(3)
    if ratio == 0:
        return Size(_side(bits, in_eights), height)
    across, down = _RATIOS[ratio - 1]
    return Size(height * across // down, height)


def _side(bits: _Bits, in_eights: int) -> int:
    if in_eights:
        return 8 * (1 + bits.take(5))
    return 1 + bits.take(_SIDE_BITS[bits.take(2)])
