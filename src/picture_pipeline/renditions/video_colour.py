"""From Y, Cb, Cr of television to sRGB."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from picture_pipeline.renditions.canvas import Convert, Pixels
from picture_pipeline.renditions.colour import unchanged
from picture_pipeline.renditions.nclx import from_code_points

# Kr and Kb of the matrices, ITU-T H.273 table 4; the keys are its code points.
_BT709, _BT601, _BT2020 = 1, 6, 9
_WEIGHTS = {
    _BT709: (0.2126, 0.0722),
    4: (0.30, 0.11),
    5: (0.299, 0.114),
    _BT601: (0.299, 0.114),
    7: (0.212, 0.087),
    _BT2020: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
_SWSCALE = {_BT709: "ITU709", 7: "SMPTE240M"}
"""PyAV's names of what is not BT.601."""
_FULL_RANGE = 2
_HIGH_DEFINITION = (1280, 577)
"""From this width or height on, an untold matrix is BT.709, below it BT.601, as in players."""


@dataclass(frozen=True, slots=True)
class Colours:
    """How the samples of a frame are meant, in code points of ITU-T H.273."""

    matrix: int
    full_range: bool
    primaries: int
    transfer: int

    @property
    def matrix_of_swscale(self) -> str:
        """The matrix by PyAV's name."""
        return _SWSCALE.get(self.matrix, "ITU601")


def colours_of(frame: VideoFrame) -> Colours:
    """Read how the samples are meant; what is untold is guessed as players do."""
    told = int(frame.colorspace)
    return Colours(
        told if told in _WEIGHTS else _guessed_matrix(frame),
        frame.color_range == _FULL_RANGE or frame.format.name.startswith("yuvj"),
        int(frame.color_primaries),
        int(frame.color_trc),
    )


def _guessed_matrix(frame: VideoFrame) -> int:
    wide, high = _HIGH_DEFINITION
    if frame.format.name.startswith("yuvj"):
        return _BT601
    return _BT709 if frame.width >= wide or frame.height >= high else _BT601


@lru_cache(maxsize=16)
def from_ycc(colours: Colours) -> Convert:
    """Give the way from bands Y, Cb, Cr of 8 bits to sRGB."""
    matrix = _to_rgb(colours.matrix, full_range=colours.full_range)
    to_srgb = from_rgb(colours)

    def convert(pixels: Pixels) -> Pixels:
        return to_srgb(cv2.transform(pixels, matrix))

    return convert


def from_rgb(colours: Colours) -> Convert:
    """Give the way from non-linear RGB to sRGB: wide gamut narrowed, HDR tone mapped."""
    return from_code_points(colours.primaries, colours.transfer) or unchanged


def _to_rgb(matrix: int, *, full_range: bool) -> NDArray[np.float32]:
    """Give three rows of four: what Y, Cb, Cr and 1 add to each of R, G, B (0 to 255)."""
    red, blue = _WEIGHTS[matrix]
    green = 1 - red - blue
    from_cr, from_cb = 2 * (1 - red), 2 * (1 - blue)
    rows = np.array(
        [
            (1, 0, from_cr),
            (1, -from_cb * blue / green, -from_cr * red / green),
            (1, from_cb, 0),
        ]
    )
    black, luma, chroma = (0, 255, 255) if full_range else (16, 219, 224)
    rows *= (255 / luma, 255 / chroma, 255 / chroma)
    offset = -rows @ (black, 128, 128)
    return np.column_stack([rows, offset]).astype(np.float32)
