"""Telling a bare JPEG XL codestream, whose signature has two bytes only.

ISO/IEC 18181-1 annex D: signature, SizeHeader, ImageMetadata, bits packed from
the lowest on.
"""

from dataclasses import dataclass

SIGNATURE = b"\xff\x0a"
_WIDTHS = (9, 13, 18, 30)
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_LEAST, _MOST = 8, 1 << 16
_MOST_PIXELS = 1 << 31


@dataclass(slots=True)
class _Bits:
    value: int

    def take(self, count: int) -> int:
        taken = self.value & ((1 << count) - 1)
        self.value >>= count
        return taken

    def length(self) -> int:
        """Read a side that is no multiple of eight, or a large one."""
        return 1 + self.take(_WIDTHS[self.take(2)])


def codestream_size(head: bytes) -> tuple[int, int] | None:
    """Give width and height in pixels that a JPEG XL codestream states; None when it is none."""
    if not head.startswith(SIGNATURE):
        return None
    bits = _Bits(int.from_bytes(head[2:16], "little"))
    small = bool(bits.take(1))
    height = 8 * (1 + bits.take(5)) if small else bits.length()
    ratio = bits.take(3)
    if ratio:
        over, under = _RATIOS[ratio - 1]
        return height * over // under, height
    return (8 * (1 + bits.take(5)) if small else bits.length()), height


def is_codestream(head: bytes, extension: str) -> bool:
    """Whether a picture's size follows the signature; the name may vouch for it as well."""
    size = codestream_size(head)
    if size is None or extension == "jxl":
        return size is not None
    width, height = size
    plausible = min(size) >= _LEAST and max(size) <= _MOST
    return plausible and width * height <= _MOST_PIXELS
