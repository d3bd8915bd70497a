"""From whatever a decoder gives to sRGB: one ``Convert`` for each kind of bands."""

import io
import struct
from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from PIL import Image, ImageCms

from picture_pipeline.renditions.canvas import Convert, Pixels
from picture_pipeline.renditions.icc import curves_and_matrix, space_of

_KEPT_PROFILES = 32
"""Profiles remembered; a family's pictures have a handful, each of 0.5 to 600 kB."""


def unchanged(pixels: Pixels) -> Pixels:
    """Give sRGB for sRGB."""
    return pixels


def converter(bands: int, profile: bytes | None) -> Convert:
    """Give the way to sRGB for 1 (grey), 3 (RGB) or 4 (CMYK) bands.

    A profile that is broken or made for other bands counts as none; without
    one, grey and RGB are taken for sRGB. Raises KeyError for other bands.
    """
    space, plain = _BANDS[bands]
    if profile is None or space_of(profile) != space:
        return plain
    return _by_profile(bands, profile)


def _grey(pixels: Pixels) -> Pixels:
    return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)


def _cmyk(pixels: Pixels) -> Pixels:
    return np.asarray(Image.fromarray(pixels, "CMYK").convert("RGB"))


_BANDS: dict[int, tuple[bytes, Convert]] = {
    1: (b"GRAY", _grey),
    3: (b"RGB ", unchanged),
    4: (b"CMYK", _cmyk),
}
_RGB = 3
_PILLOW_MODES = {1: "L", 3: "RGB", 4: "CMYK"}


@lru_cache(maxsize=_KEPT_PROFILES)
def _by_profile(bands: int, profile: bytes) -> Convert:
    ways: tuple[Callable[[int, bytes], Convert | None], ...] = (_short_way, _by_lcms)
    for way in ways:
        try:
            found = way(bands, profile)
        except (ValueError, KeyError, IndexError, ArithmeticError, struct.error, OSError):
            continue
        if found is not None:
            return found
    return _BANDS[bands][1]


def _short_way(bands: int, profile: bytes) -> Convert | None:
    short = curves_and_matrix(profile) if bands == _RGB else None
    if short is None:
        return None
    return unchanged if short.does_nothing else short


def _by_lcms(bands: int, profile: bytes) -> Convert:
    """Let lcms do it, perceptually. Raises OSError or ImageCms.PyCMSError when it cannot."""
    mode = _PILLOW_MODES[bands]
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
        )
    except ImageCms.PyCMSError as error:
        raise ValueError(str(error)) from error

    def convert(pixels: Pixels) -> Pixels:
        held = pixels[:, :, 0] if bands == 1 else pixels
        picture = Image.fromarray(np.ascontiguousarray(held), mode)
        return np.asarray(ImageCms.applyTransform(picture, transform))

    return convert
