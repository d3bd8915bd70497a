"""AVIF by Pillow (libavif), with the colours that libavif leaves to its caller."""

import struct
from dataclasses import replace

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions import pillow
from picture_pipeline.renditions.canvas import Canvas, Demand
from picture_pipeline.renditions.curves import CurvesAndMatrix
from picture_pipeline.renditions.heif_items import HeifFile, nclx_of, profile_of
from picture_pipeline.renditions.nclx import from_code_points


def decode(data: bytes, demand: Demand) -> Canvas | Unrenderable:
    """Decode an AVIF; EXIF orientation is ignored, irot and imir count.

    Raises whatever Pillow raises for hostile content.
    """
    canvas = pillow.decode(data, demand, ("AVIF",))
    convert = _wide_gamut(data)
    if isinstance(canvas, Unrenderable) or convert is None:
        return canvas
    return replace(canvas, convert=convert)


def _wide_gamut(data: bytes) -> CurvesAndMatrix | None:
    """Read code points, where no ICC profile comes before them."""
    try:
        primary = HeifFile(data).primary()
        told = None if profile_of(primary) else nclx_of(primary)
    except (ValueError, KeyError, IndexError, struct.error):
        return None
    return None if told is None else from_code_points(told.primaries, told.transfer)
