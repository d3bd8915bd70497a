"""JPEG by libjpeg-turbo, decoded no larger than the renditions need."""

import logging

import simplejpeg

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions import pillow
from picture_pipeline.renditions.canvas import Canvas, Demand, Pixels
from picture_pipeline.renditions.colour import converter
from picture_pipeline.renditions.jpeg_header import JpegHeader, read_header
from picture_pipeline.renditions.specs import Size

_LOG = logging.getLogger(__name__)

# The scales that cost least, in eighths, and by how much the decode must at least exceed the
# base: a small decode that is hardly scaled down any more comes out soft (3/8 at 1.05 loses
# 0.002 to 0.010 SSIM against 4/8). 5/8 to 7/8 cost more than 8/8.
_EIGHTHS = ((1, 1.25), (2, 1.25), (3, 1.25), (4, 1.0), (8, 1.0))
_MAY_END_IN_A_FRACTION = 4
"""From this scale on a last column that covers a fraction of a pixel does no visible harm."""
_COLOURSPACES = {1: "GRAY", 3: "RGB"}
_BITS = 8


def decode(data: bytes, demand: Demand) -> Canvas | Unrenderable:
    """Decode a JPEG; what is cut short gives what there is.

    Raises what Pillow raises for what neither library can read.
    """
    header = read_header(data)
    if header is None:
        return Unrenderable("undecodable", "no JPEG frame with a scan")
    if header.precision != _BITS:
        return Unrenderable("unsupported_picture", f"JPEG of {header.precision} bits a sample")
    if (refusal := demand.refuse(header.size)) is not None:
        return refusal
    pixels = _scaled(data, header, demand) if header.components in _COLOURSPACES else None
    if pixels is None:
        return pillow.decode(data, demand, ("JPEG", "MPO"))
    convert = converter(header.components, header.profile)
    return Canvas(pixels, header.size, demand.orientation, convert)


def _scaled(data: bytes, header: JpegHeader, demand: Demand) -> Pixels | None:
    floor = scaled_size(header.size, demand.base(header.size, demand.orientation))
    try:
        pixels: Pixels = simplejpeg.decode_jpeg(
            data,
            _COLOURSPACES[header.components],
            min_width=floor.width,
            min_height=floor.height,
            strict=False,
        )
    except ValueError as error:
        _LOG.debug("libjpeg-turbo refuses, Pillow's turn: %s", error)
        return None
    return pixels


def scaled_size(stored: Size, base: Size) -> Size:
    """Give the smallest size, among those that are cheap to decode to, that covers ``base``."""
    for eighths, excess in _EIGHTHS:
        size = Size(-(-stored.width * eighths // 8), -(-stored.height * eighths // 8))
        exact = (
            size.width * 8 == stored.width * eighths and size.height * 8 == stored.height * eighths
        )
        if not exact and eighths < _MAY_END_IN_A_FRACTION:
            continue
        if size.width >= excess * base.width and size.height >= excess * base.height:
            return size
    return stored
