"""Width and height of the picture that a RAW is developed into, from its headers.

Pure Python. The sensor has more pixels than the picture: each maker tells the
picture's size somewhere else. After ExifTool's tables and the DNG specification.
"""

import struct
from collections.abc import Callable, Mapping

from picture_pipeline.metadata.containers.ifd import Entry
from picture_pipeline.metadata.containers.jpeg_header import Size
from picture_pipeline.metadata.stills import raw_odd
from picture_pipeline.metadata.stills.raw_directories import (
    Ifd,
    directories,
    largest,
    numbers,
    sized,
)
from picture_pipeline.ports import Content

_PIXEL_X, _PIXEL_Y = 0xA002, 0xA003
_CROP_SIZE = 0xC620
_FRACTION, _TWO_FRACTIONS = 5, 16
_BORDERS = (0x0004, 0x0005, 0x0006, 0x0007)
"""Panasonic: top, left, bottom, right of the picture on the sensor."""


def raw_size(content: Content, name: str) -> Size | None:
    """Give width and height in pixels before rotation; None when they cannot be read."""
    try:
        return _READERS.get(name, _tiff)(content)
    except struct.error:
        return None


def _tiff(content: Content) -> Size | None:
    """Take what EXIF says when it is near the largest picture's size, else that one's."""
    return _usual(list(directories(content.read_at)))


def _usual(ifds: list[Ifd]) -> Size | None:
    most = largest(ifds)
    claimed = next(filter(None, (numbers(ifd, _PIXEL_X, _PIXEL_Y) for ifd in ifds)), None)
    if claimed is None or most is None:
        return claimed or most
    return claimed if 2 * claimed[0] >= most[0] and 2 * claimed[1] >= most[1] else most


def _dng(content: Content) -> Size | None:
    ifds = list(directories(content.read_at))
    crops = (_crop(ifd[_CROP_SIZE]) for ifd in ifds if _CROP_SIZE in ifd)
    return next(filter(None, crops), None) or largest(ifds)


def _crop(entry: Entry) -> Size | None:
    """Read DefaultCropSize: two integers or two fractions."""
    if entry.type == _FRACTION and len(entry.data) == _TWO_FRACTIONS:
        over, under, over_2, under_2 = struct.unpack(f"{entry.endian}4I", entry.data)
        return sized(over // (under or 1), over_2 // (under_2 or 1))
    width, height, *_ = (*entry.integers(), 0, 0)
    return sized(width, height)


def _panasonic(content: Content) -> Size | None:
    """Panasonic's own header looks like a TIFF with another number in it."""
    ifds = list(directories(content.read_at, _as_tiff(content.read_at(0, 16))))
    ifd0 = ifds[0] if ifds else {}
    borders = [ifd0[tag].integer() or 0 for tag in _BORDERS if tag in ifd0]
    if len(borders) < len(_BORDERS):
        return _usual(ifds)
    top, left, bottom, right = borders
    return sized(right - left, bottom - top)


def _olympus(content: Content) -> Size | None:
    return _usual(list(directories(content.read_at, _as_tiff(content.read_at(0, 16)))))


def _as_tiff(header: bytes) -> bytes:
    """Put TIFF's number in the place of the maker's own."""
    number = {b"II": b"*\0", b"MM": b"\0*"}.get(header[:2], b"")
    return header[:2] + number + header[4:]


_READERS: Mapping[str, Callable[[Content], Size | None]] = {
    "image/x-adobe-dng": _dng,
    "image/x-gopro-gpr": _dng,
    "image/x-panasonic-rw2": _panasonic,
    "image/x-leica-rwl": _panasonic,
    "image/x-raw": _panasonic,
    "image/x-olympus-orf": _olympus,
    "image/x-olympus-ori": _olympus,
    "image/x-canon-cr3": raw_odd.canon_cr3,
    "image/x-canon-crw": raw_odd.canon_crw,
    "image/x-minolta-mrw": raw_odd.minolta,
    "image/x-fujifilm-raf": raw_odd.fuji,
    "image/x-sigma-x3f": raw_odd.sigma,
}
"""Those that are no plain TIFF; the others are."""
