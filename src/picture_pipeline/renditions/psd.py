"""Photoshop's composite: the flat picture that PSD and PSB hold beside their layers.

Pillow reads 8 bits and no PSB; the composite is simple enough to be read
here (Adobe Photoshop File Formats Specification, 2019). Transparency needs no
care: Photoshop lays the composite on white itself.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions.canvas import Canvas, Convert, Demand, Pixels
from picture_pipeline.renditions.colour import converter
from picture_pipeline.renditions.curves import linear_to_srgb
from picture_pipeline.renditions.specs import Size

_HEADER = struct.Struct(">4sH6xHIIHH")
_PSB = 2
_ICC, _VERSION = 1039, 1057
_INDEXED, _CMYK, _LAB = 2, 4, 9
_RAW, _PACKED = 0, 1
_BANDS = {0: 1, 1: 1, 2: 1, 3: 3, 4: 4, 7: 1, 8: 1, 9: 3}
"""Colour modes, and how many of their channels make the picture."""
_HAS_COMPOSITE = 4
"""Place of the flag in the version resource."""
_MOST_RESOURCES, _MOST_CHANNELS = 5000, 56
_PALETTE = 768
_LINEAR_BITS = 32

Samples = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Composite:
    """The header, and where the parts lie."""

    size: Size
    channels: int
    depth: int
    """Bits a sample: 1, 8, 16 or 32."""
    mode: int
    large: bool
    """PSB: longer counts."""
    palette: bytes
    profile: bytes | None
    missing: bool
    """The file was saved without a composite; a white one stands in its place."""
    start: int

    @property
    def row(self) -> int:
        """Bytes in a row of one channel."""
        return -(-self.size.width * self.depth // 8)


def decode(data: bytes, demand: Demand) -> Canvas | Unrenderable:
    """Decode the composite. Raises ValueError or struct.error for broken files."""
    found = read_composite(data)
    if (refusal := demand.refuse(found.size)) is not None:
        return refusal
    if found.missing:
        return Unrenderable("unsupported_picture", "saved without a flat picture of its layers")
    if found.mode not in _BANDS or found.depth not in _TO_EIGHT_BITS:
        return Unrenderable("unsupported_picture", f"mode {found.mode}, {found.depth} bits")
    bands = min(_BANDS[found.mode], found.channels)
    planes = [_TO_EIGHT_BITS[found.depth](rows, found.size) for rows in _planes(data, found, bands)]
    return _canvas(found, planes, demand.orientation)


def read_composite(data: bytes) -> Composite:
    """Read the header and the image resources. Raises ValueError or struct.error."""
    signature, version, channels, height, width, depth, mode = _HEADER.unpack_from(data)
    if signature != b"8BPS" or version not in (1, _PSB) or not 1 <= channels <= _MOST_CHANNELS:
        raise ValueError("not a PSD")
    palette, place = _block(data, _HEADER.size, ">I")
    resources, place = _block(data, place, ">I")
    (length,) = struct.unpack_from(">Q" if version == _PSB else ">I", data, place)
    start = place + (8 if version == _PSB else 4) + length
    held = dict(_resources(resources))
    told = held.get(_VERSION, b"")
    return Composite(
        Size(width, height),
        channels,
        depth,
        mode,
        version == _PSB,
        palette,
        held.get(_ICC),
        missing=told[_HAS_COMPOSITE : _HAS_COMPOSITE + 1] == b"\0",
        start=start,
    )


def _block(data: bytes, place: int, length_as: str) -> tuple[bytes, int]:
    """Give what stands behind a length, and the place after it."""
    (length,) = struct.unpack_from(length_as, data, place)
    start = place + struct.calcsize(length_as)
    if start + length > len(data):
        raise ValueError("a section is longer than the file")
    return data[start : start + length], start + length


def _resources(block: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    for _ in range(_MOST_RESOURCES):
        if not block.startswith(b"8BIM", place):
            return
        (number, name) = struct.unpack_from(">HB", block, place + 4)
        value, after = _block(block, place + 6 + (name + 2) // 2 * 2, ">I")
        yield number, value
        place = after + after % 2


def _planes(data: bytes, found: Composite, bands: int) -> Iterator[Samples]:
    """Give each channel's bytes, height x bytes in a row."""
    (compression,) = struct.unpack_from(">H", data, found.start)
    if compression not in (_RAW, _PACKED):
        raise ValueError(f"compression {compression}")
    place = found.start + 2
    unpacked = _unpacked if compression == _PACKED else _plain
    yield from unpacked(data, place, found, bands)


def _plain(data: bytes, place: int, found: Composite, bands: int) -> Iterator[Samples]:
    length = found.row * found.size.height
    for _ in range(bands):
        rows = np.frombuffer(data, np.uint8, length, place)
        yield rows.reshape(found.size.height, found.row)
        place += length


def _unpacked(data: bytes, place: int, found: Composite, bands: int) -> Iterator[Samples]:
    """Unpack PackBits; the lengths of all rows of all channels stand in front."""
    rows = found.size.height
    kind = ">u4" if found.large else ">u2"
    lengths = np.frombuffer(data, kind, rows * found.channels, place)
    place += lengths.nbytes
    for band in range(bands):
        length = int(lengths[band * rows : (band + 1) * rows].sum(dtype=np.int64))
        packed = data[place : place + length]
        yield np.asarray(Image.frombytes("L", (found.row, rows), packed, "packbits", "L"))
        place += length


def _bits(rows: Samples, size: Size) -> Pixels:
    """Of one bit: a set one is black."""
    return 255 * (1 - np.unpackbits(rows, axis=1)[:, : size.width])


def _bytes(rows: Samples, _size: Size) -> Pixels:
    return rows


def _words(rows: Samples, _size: Size) -> Pixels:
    return cv2.convertScaleAbs(rows.view(">u2").astype(np.uint16), alpha=1 / 257)


def _fractions(rows: Samples, _size: Size) -> Pixels:
    """Linear light, 0 to 1 and brighter."""
    light = np.clip(np.nan_to_num(rows.view(">f4").astype(np.float64)), 0, 1)
    return np.rint(linear_to_srgb(light) * 255).astype(np.uint8)


_TO_EIGHT_BITS: dict[int, Callable[[Samples, Size], Pixels]] = {
    1: _bits,
    8: _bytes,
    16: _words,
    32: _fractions,
}


def _canvas(found: Composite, planes: list[Pixels], orientation: int) -> Canvas:
    if found.mode == _INDEXED:
        colours = np.frombuffer(found.palette, np.uint8, _PALETTE).reshape(3, 256)
        planes = [band[planes[0]] for band in colours]
    pixels = np.ascontiguousarray(np.dstack(planes))
    if found.mode == _CMYK:
        pixels = cv2.bitwise_not(pixels)  # stored as the paper that is left, not as ink
    return Canvas(pixels, found.size, orientation, _converter(found, pixels.shape[2]))


def _converter(found: Composite, bands: int) -> Convert:
    if found.mode == _LAB:
        return _lab_to_srgb
    return converter(bands, found.profile if found.depth != _LINEAR_BITS else None)


def _lab_to_srgb(pixels: Pixels) -> Pixels:
    return cv2.cvtColor(pixels, cv2.COLOR_Lab2RGB)
