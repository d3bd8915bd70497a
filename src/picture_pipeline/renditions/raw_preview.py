"""Pictures that cameras put into their RAW files beside what the sensor saw."""

import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import rawpy
from PIL import Image, UnidentifiedImageError

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.ports import Content
from picture_pipeline.renditions import jpeg
from picture_pipeline.renditions.adobe_rgb import adobe_rgb_to_srgb
from picture_pipeline.renditions.canvas import Canvas, Demand, Pixels
from picture_pipeline.renditions.colour import converter
from picture_pipeline.renditions.jpeg_header import JpegHeader, read_header
from picture_pipeline.renditions.specs import Size

_START = b"\xff\xd8\xff"
_MOST_SCANNED = 256 * 1024 * 1024
_MOST_STARTS = 256
"""Compressed sensor data holds the three bytes of a start by chance once in 16 MiB."""
_BITS, _COMPONENTS = 8, (1, 3)

_ORIENTATION, _EXIF, _INTEROPERABILITY = 0x0112, 0x8769, 0xA005
_COLOUR_SPACE, _INDEX = 0xA001, 0x0001
_ADOBE_BY_NUMBER, _UNCALIBRATED, _ADOBE_BY_INDEX = 2, 65535, "R03"
_EXIF_SCANNED = 512 * 1024
_TIFF_HEADS = (b"II*\0", b"MM\0*")

UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    KeyError,
    IndexError,
    TypeError,
    ArithmeticError,
    struct.error,
    UnidentifiedImageError,
)
"""What Pillow and simplejpeg raise for broken bytes."""


class Preview(Protocol):
    """An embedded picture, not yet decoded."""

    @property
    def size(self) -> Size:
        """As stored."""
        ...

    @property
    def orientation(self) -> int | None:
        """What its own EXIF says, None when it has none."""
        ...

    def decode(self, demand: Demand) -> Canvas | Unrenderable:
        """Decode; ``demand.orientation`` is the preview's. Raises one of ``UNREADABLE``."""
        ...


@dataclass(frozen=True, slots=True)
class JpegPreview:
    """A JPEG."""

    size: Size
    orientation: int | None
    data: bytes
    adobe_rgb: bool

    def decode(self, demand: Demand) -> Canvas | Unrenderable:
        """Decode no larger than needed."""
        canvas = jpeg.decode(self.data, demand)
        if isinstance(canvas, Canvas) and self.adobe_rgb:
            return replace(canvas, convert=adobe_rgb_to_srgb())
        return canvas


@dataclass(frozen=True, slots=True)
class BitmapPreview:
    """Uncompressed pixels."""

    size: Size
    pixels: Pixels
    orientation: int | None = None

    def decode(self, demand: Demand) -> Canvas | Unrenderable:
        """Hand over what is there."""
        convert = converter(self.pixels.shape[2], None)
        return Canvas(self.pixels, self.size, demand.orientation, convert)


def by_libraw(raw: rawpy.RawPy, content: Content, *, camera_colours: bool) -> Preview | None:
    """Give the preview that LibRaw takes for the largest.

    ``camera_colours`` tells whether it is in the colour space that the RAW's
    EXIF names; converters to DNG make theirs in sRGB.
    """
    found = _thumb(raw)
    if isinstance(found, bytes):
        return _jpeg_preview(found, content, camera_colours=camera_colours)
    return None if found is None else BitmapPreview(Size(found.shape[1], found.shape[0]), found)


def by_looking(content: Content, *, camera_colours: bool) -> Preview | None:
    """Give the largest JPEG among all bytes: LibRaw misses some, and knows not all makers.

    Costs 20 ms for 24 MB, so it comes after LibRaw's.
    """
    data = _largest_jpeg(content.read_at(0, _MOST_SCANNED))
    return None if data is None else _jpeg_preview(data, content, camera_colours=camera_colours)


def _thumb(raw: rawpy.RawPy) -> bytes | Pixels | None:
    try:
        thumb = raw.extract_thumb()
    except (rawpy.LibRawError, NotImplementedError, OSError):
        return None
    if isinstance(thumb.data, bytes):
        return thumb.data
    pixels = np.atleast_3d(np.array(thumb.data))
    return pixels if pixels.dtype == np.uint8 and pixels.shape[2] in _COMPONENTS else None


def _largest_jpeg(data: bytes) -> bytes | None:
    starts = {start: header.size for start, header in _jpegs(data)}
    if not starts:
        return None
    start = max(starts, key=lambda place: starts[place].pixels)
    return data[start:]


def _jpegs(data: bytes) -> Iterator[tuple[int, JpegHeader]]:
    """Find what looks like a picture; lossless sensor data has more than 8 bits."""
    place = -1
    for _ in range(_MOST_STARTS):
        place = data.find(_START, place + 1)
        if place < 0:
            return
        header = read_header(data[place : place + _EXIF_SCANNED])
        if header and header.precision == _BITS and header.components in _COMPONENTS:
            yield place, header


def _jpeg_preview(data: bytes, content: Content, *, camera_colours: bool) -> JpegPreview | None:
    header = read_header(data)
    if header is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of broken EXIF; two tags are all we want
        exif = _own_exif(data)
        told = exif.get(_ORIENTATION)
        adobe = _is_adobe_rgb(exif)
        if adobe is None and camera_colours:
            adobe = _is_adobe_rgb(_camera_exif(content))
    return JpegPreview(
        header.size,
        told if told in range(1, 9) else None,
        data,
        adobe_rgb=bool(adobe) and header.profile is None,
    )


def _own_exif(data: bytes) -> Image.Exif:
    head = _as_stored(data[:_EXIF_SCANNED])
    try:
        with Image.open(io.BytesIO(head), formats=("JPEG", "MPO")) as picture:
            return picture.getexif()
    except UNREADABLE:
        return Image.Exif()


def _as_stored(head: bytes) -> bytes:
    """Take out the EXIF that LibRaw puts in front of a JPEG that does not begin with its own."""
    end = 4 + int.from_bytes(head[4:6], "big")
    mine = head[6:10] == b"Exif" and b"dcraw v" in head[:end]
    return head[:2] + head[end:] if mine else head


def _camera_exif(content: Content) -> Image.Exif:
    """Read the RAW's own EXIF: a TIFF at its start, or a CR3's box of Exif tags."""
    head = content.read_at(0, _EXIF_SCANNED)
    box = head.find(b"CMT2")
    tiff = head[box + 4 :] if box > 0 else _TIFF_HEADS[head[:1] == b"M"] + head[4:]
    exif = Image.Exif()
    try:
        exif.load(tiff)
    except UNREADABLE:
        return Image.Exif()
    return exif


def _is_adobe_rgb(exif: Image.Exif) -> bool | None:
    """Tell whether EXIF says so (DCF 2.0, 65535 with R03, or Canon's 2); None when it is silent."""
    try:
        space = exif.get_ifd(_EXIF).get(_COLOUR_SPACE, exif.get(_COLOUR_SPACE))
        index = exif.get_ifd(_INTEROPERABILITY).get(_INDEX)
    except UNREADABLE:
        return None
    if space is None and index is None:
        return None
    return space == _ADOBE_BY_NUMBER or (space in (None, _UNCALIBRATED) and index in _R03)


_R03 = (_ADOBE_BY_INDEX, _ADOBE_BY_INDEX + "\0")
