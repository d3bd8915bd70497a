"""From one frame of a film, in whatever planes, to a canvas.

As with HEIC, luma is halved to the size that chroma has anyway where half is
enough (4K for 1920x1080); else each plane is scaled for itself to the wanted
size, which is cheaper than scaling three bands of luma's size. Of interlaced
frames one field is taken: two moments in one picture would comb.
"""

from fractions import Fraction

import cv2
import numpy as np
from av.video.frame import VideoFrame

from picture_pipeline.renditions.canvas import Canvas, Demand, Pixels
from picture_pipeline.renditions.resize import resize
from picture_pipeline.renditions.specs import Size
from picture_pipeline.renditions.video_colour import Colours, colours_of, from_rgb, from_ycc
from picture_pipeline.renditions.video_rotation import orientation_of

_BYTE = 8
"""Bits."""
_PROBE = 48
"""About the side, in samples, of the lattice by which a frame is judged."""
_WIDEST_PIXEL = 4
"""Sample aspect ratios beyond this, or below its inverse, are broken headers."""
_BITS = dict.fromkeys(
    (
        *("yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"),
        *("yuv440p", "yuvj440p", "yuv411p", "yuvj411p", "yuv410p"),
    ),
    8,
) | {f"yuv{chroma}p{bits}le": bits for chroma in ("420", "422", "440", "444") for bits in (10, 12)}
"""Bits of the formats that keep Y, Cb and Cr in three planes."""


def picture_of(frame: VideoFrame, pixel_aspect: Fraction | None, demand: Demand) -> Canvas:
    """Turn a decoded frame into a canvas of its size on a screen."""
    stored = _size_on_screen(frame, pixel_aspect)
    turned = orientation_of(frame)
    colours = colours_of(frame)
    if not _in_planes(frame):
        return Canvas(_packed(frame, colours), stored, turned, from_rgb(colours))
    pixels = _merged(_planes(frame), demand.base(stored, turned))
    return Canvas(pixels, stored, turned, from_ycc(colours))


def liveliness(frame: VideoFrame) -> float:
    """Tell how much there is to see: the standard deviation of luma, in levels of 255."""
    if not _in_planes(frame):
        small = frame.reformat(width=_PROBE, height=_PROBE, format="gray")
        return float(small.to_ndarray().std())
    luma = _samples(frame, 0)
    step = max(1, min(luma.shape) // _PROBE)
    return float(luma[::step, ::step].std()) * 256 / (1 << _BITS[frame.format.name])


def _size_on_screen(frame: VideoFrame, pixel_aspect: Fraction | None) -> Size:
    aspect = pixel_aspect or Fraction(1)
    if not Fraction(1, _WIDEST_PIXEL) <= aspect <= _WIDEST_PIXEL:
        aspect = Fraction(1)
    return Size(max(1, round(frame.width * aspect)), frame.height)


def _in_planes(frame: VideoFrame) -> bool:
    return frame.format.name in _BITS and all(plane.line_size > 0 for plane in frame.planes)


def _packed(frame: VideoFrame, colours: Colours) -> Pixels:
    """Let libswscale make sense of palettes, packed and other rare kinds of pixels."""
    converted = frame.reformat(format="rgb24", src_colorspace=colours.matrix_of_swscale)
    return np.asarray(converted.to_ndarray(), np.uint8)


def _planes(frame: VideoFrame) -> list[Pixels]:
    """Give Y, Cb and Cr of 8 bits."""
    step = 2 if frame.interlaced_frame else 1
    scale = 2.0 ** (_BYTE - _BITS[frame.format.name])
    planes = [_samples(frame, number)[::step] for number in range(3)]
    if scale == 1:
        return planes
    return [np.asarray(cv2.convertScaleAbs(plane, alpha=scale), np.uint8) for plane in planes]


def _samples(frame: VideoFrame, number: int) -> Pixels:
    plane = frame.planes[number]
    deep = _BITS[frame.format.name] > _BYTE
    samples: Pixels = np.frombuffer(memoryview(plane), np.uint16 if deep else np.uint8)
    rows = samples.reshape(-1, plane.line_size // samples.itemsize)
    return rows[: plane.height, : plane.width]


def _merged(planes: list[Pixels], base: Size) -> Pixels:
    """Bring all planes to the size of chroma where that is enough, else to the wanted one."""
    height, width = planes[1].shape
    if width >= base.width and height >= base.height:
        return cv2.merge([_halved(plane, Size(width, height)) for plane in planes])
    return cv2.merge([resize(plane[:, :, np.newaxis], base) for plane in planes])


def _halved(plane: Pixels, size: Size) -> Pixels:
    if plane.shape == (size.height, size.width):
        return plane
    return cv2.resize(plane, (size.width, size.height), interpolation=cv2.INTER_AREA)
