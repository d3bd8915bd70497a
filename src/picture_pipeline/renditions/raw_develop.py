"""Developing RAW files with LibRaw, for where no embedded preview is large enough.

LibRaw hands over linear light; brightness is ours. Its own automatic
brightness makes day of every night, and without it pictures come out one to
two stops darker than the camera's own. So the camera's own small preview, which
nearly every RAW holds, tells how bright the picture shall be.
"""

import ctypes
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import rawpy
from numpy.typing import NDArray

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions.canvas import Canvas, Demand, Pixels
from picture_pipeline.renditions.colour import converter
from picture_pipeline.renditions.curves import Floats, linear_to_srgb
from picture_pipeline.renditions.memory import cleared_memory
from picture_pipeline.renditions.raw_frame import Frame
from picture_pipeline.renditions.specs import Size

_TOP = 65535
_LEAST_GAIN, _MOST_GAIN = 0.5, 8.0
_STEPS = 16
"""Halvings of the gain's range: the last is a 250th of a stop."""
_SAMPLES = 96
"""Samples along each side that brightness is judged by."""
_CLIPPED = 0.99
_MOST_GAIN_UNSEEN = 2.5
"""Without a preview to go by: LibRaw's rule (1 % may clip), but never more than this."""
_HOLLOW = 0.99
_EVERY = 8


def develop(
    raw: rawpy.RawPy, frame: Frame, demand: Demand, preview: Pixels | None
) -> Canvas | Unrenderable:
    """Develop an opened RAW; ``preview`` is the camera's own rendering, small, in sRGB.

    In sRGB with the camera's white balance, at half of the size where that is
    enough. Raises rawpy.LibRawError.
    """
    sizes = raw.sizes
    for size in (Size(sizes.raw_width, sizes.raw_height), frame.visible):
        if (refusal := demand.refuse(size)) is not None:
            return refusal
    _use_one_thread()
    with cleared_memory():
        raw.unpack()
    if _is_hollow(raw.raw_image):
        return Unrenderable("undecodable", "the sensor's data are missing")
    linear = _linear(raw, half=frame.half_covers(demand.base(frame.size, frame.orientation)))
    linear = _cropped(linear, frame)
    height, width, bands = linear.shape
    pixels = cv2.LUT(linear, _tone(linear, preview)).reshape(height, width, bands)
    convert = converter(bands, None)
    return Canvas(pixels, _full_size(pixels, frame), frame.orientation, convert)


def _linear(raw: rawpy.RawPy, *, half: bool) -> NDArray[np.uint16]:
    """Give 16-bit linear sRGB primaries, height x width x 1 or 3, in the sensor's axes."""
    developed = raw.postprocess(
        half_size=half,
        use_camera_wb=True,
        no_auto_bright=True,
        output_bps=16,
        gamma=(1, 1),
        user_flip=0,
        # Only small pictures are developed at full size, and then scaled down.
        demosaic_algorithm=rawpy.DemosaicAlgorithm.PPG,
    )
    return np.atleast_3d(developed).astype(np.uint16, copy=False)


def _cropped(linear: NDArray[np.uint16], frame: Frame) -> NDArray[np.uint16]:
    """Cut off the edges that the camera does not show."""
    for by in (1, 2):
        if linear.shape[:2] == (-(-frame.visible.height // by), -(-frame.visible.width // by)):
            left, top = frame.left // by, frame.top // by
            width, height = frame.size.width // by, frame.size.height // by
            return linear[top : top + height, left : left + width]
    return linear


def _full_size(pixels: Pixels, frame: Frame) -> Size:
    """Give the size at full scale; LibRaw sets a sensor that stands on its corner upright."""
    height, width = pixels.shape[:2]
    for by in (1, 2):
        if (width, height) == (frame.size.width // by, frame.size.height // by):
            return frame.size
    return Size(width, height)


def _is_hollow(sensor: NDArray[np.uint16]) -> bool:
    """Tell whether nearly all samples are zero: the file was cut, LibRaw only prints that."""
    looked_at = sensor[::_EVERY]
    return bool(np.count_nonzero(looked_at) < (1 - _HOLLOW) * looked_at.size)


def _tone(linear: NDArray[np.uint16], preview: Pixels | None) -> Pixels:
    """Give the table from linear 16 bits to sRGB's 8."""
    light = _sampled(linear) / _TOP
    gain = _unseen_gain(light) if preview is None else _gain_like(light, _brightness(preview))
    values = np.minimum(np.arange(_TOP + 1) / _TOP * gain, 1)
    return np.rint(linear_to_srgb(values) * 255).astype(np.uint8)


def _sampled(pixels: NDArray[np.generic]) -> Floats:
    """Give samples of the middle half; previews may have black borders."""
    height, width = pixels.shape[:2]
    middle = pixels[height // 4 : max(1, height * 3 // 4), width // 4 : max(1, width * 3 // 4)]
    rows, columns = (max(1, side // _SAMPLES) for side in middle.shape[:2])
    return np.asarray(middle[::rows, ::columns], np.float64)


def _brightness(preview: Pixels) -> float:
    return float(_sampled(preview).mean()) / 255


def _gain_like(light: Floats, wanted: float) -> float:
    """Find the exposure at which the picture is as bright as the camera made it."""
    low, high = np.log2(_LEAST_GAIN), np.log2(_MOST_GAIN)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        reached = linear_to_srgb(np.minimum(light * 2**middle, 1)).mean()
        low, high = (middle, high) if reached < wanted else (low, middle)
    return float(2 ** ((low + high) / 2))


def _unseen_gain(light: Floats) -> float:
    bright = float(np.quantile(light.max(axis=2), _CLIPPED))
    return float(np.clip(1 / max(bright, 1 / _TOP), 1, _MOST_GAIN_UNSEEN))


def _use_one_thread() -> None:
    """Let LibRaw's OpenMP start no threads: parallelism is a matter of worker processes."""
    for library in _openmp():
        library.omp_set_num_threads(1)


@lru_cache(maxsize=1)
def _openmp() -> tuple[ctypes.CDLL, ...]:
    """Find the OpenMP that rawpy's wheel brings; none where rawpy was built otherwise."""
    folder = Path(rawpy.__file__).parent.parent / "rawpy.libs"
    return tuple(ctypes.CDLL(str(path)) for path in sorted(folder.glob("libgomp*.so*")))
