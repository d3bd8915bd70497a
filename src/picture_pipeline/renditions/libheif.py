"""HEIF by libheif (pillow-heif): whatever the fast path does not plainly understand."""

from dataclasses import replace

import pillow_heif

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions.canvas import Canvas, Demand
from picture_pipeline.renditions.nclx import from_code_points
from picture_pipeline.renditions.pillow import canvas_of
from picture_pipeline.renditions.specs import Size

_UPRIGHT = 1


def decode(data: bytes, demand: Demand) -> Canvas | Unrenderable:
    """Decode the primary picture; libheif applies clap, irot and imir.

    Raises whatever pillow-heif raises for hostile content.
    """
    picture = pillow_heif.open_heif(data, convert_hdr_to_8bit=True)
    stored = Size(*picture.size)
    if (refusal := demand.refuse(stored)) is not None:
        return refusal
    loaded = picture.to_pillow()
    stored = Size(*loaded.size)
    canvas = canvas_of(loaded, stored, demand.base(stored, _UPRIGHT), _UPRIGHT)
    told = picture.info.get("nclx_profile")
    if told is None or picture.info.get("icc_profile"):
        return canvas
    convert = from_code_points(told["color_primaries"], told["transfer_characteristics"])
    return canvas if convert is None else replace(canvas, convert=convert)
