"""Everything that has no fast path, by Pillow: PNG, TIFF, WebP, GIF, BMP, AVIF, odd JPEGs."""

import io
import warnings
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions.canvas import Canvas, Demand, Pixels
from picture_pipeline.renditions.colour import converter, unchanged
from picture_pipeline.renditions.specs import Size

_ORIENTATION = 0x0112
_REDUCING_GAP = 3.0
"""Pillow shrinks by whole numbers first as long as this factor is left to Lanczos."""


def decode(data: bytes, demand: Demand, formats: tuple[str, ...]) -> Canvas | Unrenderable:
    """Decode the first frame as one of Pillow's ``formats``.

    Raises whatever Pillow raises for hostile content.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of broken metadata; pixels are all we want
        with Image.open(io.BytesIO(data), formats=formats) as picture:
            stored = Size(*picture.size)
            if (refusal := demand.refuse(stored)) is not None:
                return refusal
            orientation = _ORIENTATIONS.get(str(picture.format), _as_told)(picture, demand)
            base = demand.base(stored, orientation)
            picture.draft(None, (base.width, base.height))
            picture.load()
            return canvas_of(picture, stored, base, orientation)


def _as_told(_picture: Image.Image, demand: Demand) -> int:
    return demand.orientation


def _by_container(picture: Image.Image, _demand: Demand) -> int:
    """Give what irot and imir say; Pillow puts that in place of the EXIF orientation."""
    told = picture.getexif().get(_ORIENTATION, 1)
    return told if told in range(1, 9) else 1


def _already_upright(_picture: Image.Image, _demand: Demand) -> int:
    """Pillow turns TIFF itself while loading and gives the upright size."""
    return 1


_ORIENTATIONS: dict[str, Callable[[Image.Image, Demand], int]] = {
    "AVIF": _by_container,
    "TIFF": _already_upright,
}


def canvas_of(picture: Image.Image, stored: Size, base: Size, orientation: int) -> Canvas:
    """Turn a loaded picture of any mode into a canvas.

    Transparency is laid on white, deep samples are scaled to 8 bits.
    """
    profile = picture.info.get("icc_profile") or None
    if picture.has_transparency_data:
        return Canvas(_on_white(picture, base, profile), stored, orientation, unchanged)
    pixels = _MODES.get(picture.mode, _as_rgb)(picture)
    convert = converter(pixels.shape[2], _fitting(profile, picture.mode))
    return Canvas(pixels, stored, orientation, convert)


def _fitting(profile: bytes | None, mode: str) -> bytes | None:
    """Drop the profile where Pillow has already turned the bands it was made for into RGB."""
    return None if mode in ("LAB", "YCbCr", "HSV") else profile


def _on_white(picture: Image.Image, base: Size, profile: bytes | None) -> Pixels:
    """Scale with premultiplied alpha, convert the colours, lay them on white."""
    size = (base.width, base.height)
    small = picture.convert("RGBA").resize(
        size, Image.Resampling.LANCZOS, reducing_gap=_REDUCING_GAP
    )
    bands = np.asarray(small)
    colours = converter(3, profile)(np.ascontiguousarray(bands[:, :, :3])).astype(np.uint16)
    alpha = bands[:, :, 3:].astype(np.uint16)
    return ((colours * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)


def _as_is(picture: Image.Image) -> Pixels:
    pixels = np.asarray(picture)
    return pixels.reshape(pixels.shape[0], pixels.shape[1], -1)


def _as_grey(picture: Image.Image) -> Pixels:
    return _as_is(picture.convert("L"))


def _as_rgb(picture: Image.Image) -> Pixels:
    return _as_is(picture.convert("RGB"))


def _deep_grey(picture: Image.Image) -> Pixels:
    """Scale 16 bits to 8; Pillow's own conversion would clip at 255."""
    deep = np.asarray(picture).astype(np.uint16, copy=False)
    return _scaled_by(deep, 1 / 257)


def _wide_grey(picture: Image.Image) -> Pixels:
    """Scale whole numbers of 32 bits, which mostly hold 16, and fractions, mostly 0 to 1."""
    wide = np.nan_to_num(np.asarray(picture).astype(np.float32), posinf=0, neginf=0)
    top = float(wide.max(initial=0))
    ceiling = next((known for known in (1.0, 255.0, 65535.0) if top <= known), top)
    return _scaled_by(np.maximum(wide, 0), 255 / ceiling)


def _scaled_by(samples: cv2.typing.MatLike, factor: float) -> Pixels:
    grey = cv2.convertScaleAbs(samples, alpha=factor)
    return np.asarray(grey, np.uint8).reshape(samples.shape[0], samples.shape[1], 1)


_MODES: dict[str, Callable[[Image.Image], Pixels]] = {
    "1": _as_grey,
    "L": _as_is,
    "RGB": _as_is,
    "CMYK": _as_is,
    "I;16": _deep_grey,
    "I;16L": _deep_grey,
    "I;16B": _deep_grey,
    "I;16N": _deep_grey,
    "I": _wide_grey,
    "F": _wide_grey,
}
