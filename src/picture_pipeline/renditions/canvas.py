"""One decoded picture on its way to its renditions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from picture_pipeline.model.rendition import RenditionSpec, Unrenderable
from picture_pipeline.renditions.specs import Size, largest

Pixels: TypeAlias = NDArray[np.integer[Any] | np.floating[Any]]
"""Height x width x bands, always ``uint8``; the wide type is what OpenCV's signatures say."""

Convert: TypeAlias = Callable[[Pixels], Pixels]
"""Turns a decoder's own bands into sRGB (three bands R, G, B) of the same size."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is wanted from one decode."""

    orientation: int
    """EXIF orientation, 1 to 8, for formats that carry no rotation of their own."""
    specs: Sequence[RenditionSpec]
    max_pixels: int

    def base(self, stored: Size, orientation: int) -> Size:
        """Give the size of the largest rendition, in the axes in which the original is stored."""
        return largest(stored.turned(orientation), self.specs).turned(orientation)

    def refuse(self, stored: Size) -> Unrenderable | None:
        """Refuse a picture whose header promises more pixels than we decode."""
        if min(stored.width, stored.height) < 1:
            return Unrenderable("undecodable", f"{stored.width}x{stored.height} pixels")
        if stored.pixels > self.max_pixels:
            return Unrenderable(
                "too_large",
                f"{stored.width}x{stored.height} pixels; the limit is {self.max_pixels}",
            )
        return None


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a decoder hands over: pixels in stored axes, perhaps scaled down already.

    Never smaller than the largest rendition that was asked for.
    """

    pixels: Pixels
    stored: Size
    """Of the original at full size, in stored axes."""
    orientation: int
    """EXIF orientation, 1 to 8, still to be applied."""
    convert: Convert
    """Still to be applied; cheapest after scaling down."""


# What the decoder gave is turned by these steps: flip codes and rotations of OpenCV.
_MIRROR, _UPSIDE_DOWN = 1, 0
_STEPS: dict[int, tuple[Callable[[Pixels], Pixels], ...]] = {
    1: (),
    2: (lambda p: cv2.flip(p, _MIRROR),),
    3: (lambda p: cv2.rotate(p, cv2.ROTATE_180),),
    4: (lambda p: cv2.flip(p, _UPSIDE_DOWN),),
    5: (cv2.transpose,),
    6: (lambda p: cv2.rotate(p, cv2.ROTATE_90_CLOCKWISE),),
    7: (cv2.transpose, lambda p: cv2.rotate(p, cv2.ROTATE_180)),
    8: (lambda p: cv2.rotate(p, cv2.ROTATE_90_COUNTERCLOCKWISE),),
}


def stand_upright(pixels: Pixels, orientation: int) -> Pixels:
    """Apply an EXIF orientation, 1 to 8."""
    for step in _STEPS[orientation]:
        pixels = step(pixels)
    return pixels
