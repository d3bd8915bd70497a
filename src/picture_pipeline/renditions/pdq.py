"""PDQ, Meta's perceptual hash of 256 bits, from an upright rendition.

After "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
Algorithm" (Facebook, 2019): luminance, twice a box filter of a 128th of each
side (together a tent, "Jarosz"), 64 x 64 points, the 16 x 16 lowest
frequencies of its cosine transform without the constant one, one bit each for
being above their median. Two pictures with at most 31 bits of difference are
the same one re-encoded, scaled or toned; a shift of a few percent gives more
than 60 (measured, see docs/decisions/0008-same-shot.md).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.model.rendition import Rendered, RenditionSpec

_POINTS: Final = 64
_FREQUENCIES: Final = 16
_LEAST: Final = 5
"""Pixels a side; the reference refuses smaller ones."""
_HASHED_FROM: Final = 240
"""Pixels of a box from which on a rendition is hashed; smaller ones cost accuracy."""
GRAY_SIDE: Final = 32

_Plane = NDArray[np.float32]


def hashed_spec(specs: Sequence[RenditionSpec]) -> RenditionSpec | None:
    """Choose the rendition that is hashed: the smallest that is large enough, else the largest."""
    ordered = sorted(specs, key=lambda spec: max(spec.width, spec.height))
    enough = (spec for spec in ordered if min(spec.width, spec.height) >= _HASHED_FROM)
    return next(enough, ordered[-1] if ordered else None)


def hash_rendered(specs: Sequence[RenditionSpec], rendered: Rendered) -> PictureHash | None:
    """Hash the rendition that is meant for it; None when it is not among them."""
    spec = hashed_spec(specs)
    jpegs = (p.jpeg for p in rendered.pictures if spec and p.name == spec.name)
    return next((hash_jpeg(jpeg) for jpeg in jpegs), None)


def hash_jpeg(jpeg: bytes) -> PictureHash | None:
    """Hash a JPEG of ours; None when it cannot be read, or has hardly any pixels."""
    gray = _decoded(jpeg)
    return None if gray is None or min(gray.shape) < _LEAST else hash_gray(gray)


def gray_of(jpeg: bytes) -> bytes:
    """Give 32 x 32 levels of gray, row by row, for correlating; empty when unreadable."""
    gray = _decoded(jpeg)
    if gray is None:
        return b""
    return cv2.resize(gray, (GRAY_SIDE, GRAY_SIDE), interpolation=cv2.INTER_AREA).tobytes()


def _decoded(jpeg: bytes) -> NDArray[np.uint8] | None:
    try:
        # At full size: a decode at half saves 0.6 ms, but moves 24 bits away from the reference.
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(jpeg, "GRAY", strict=False)
    except ValueError:
        return None
    return pixels[:, :, 0]


def hash_gray(gray: NDArray[np.uint8]) -> PictureHash:
    """Hash a plane of luminance, height x width, at least 5 x 5."""
    points = _points(gray)
    cosines = _cosines()
    frequencies = cosines @ points @ cosines.T
    # The reference takes the lower of the two in the middle; with it 128 bits are set.
    median = np.partition(frequencies, frequencies.size // 2 - 1, axis=None)[
        frequencies.size // 2 - 1
    ]
    bits = np.packbits((frequencies > median).ravel()[::-1])  # as others write it: lowest last
    return PictureHash(bits.tobytes(), _quality(points))


def _points(gray: NDArray[np.uint8]) -> _Plane:
    """Filter twice, then take the points in the middle of each of 64 x 64 fields."""
    plane = gray.astype(np.float32)
    height, width = plane.shape
    if (height, width) != (_POINTS, _POINTS):
        window, anchor, shares = _box(width, height)
        for _ in range(2):
            plane = cv2.boxFilter(  # type: ignore[assignment]  # OpenCV's stubs widen the element type
                plane, -1, window, anchor=anchor, normalize=False, borderType=cv2.BORDER_CONSTANT
            )
            plane *= shares
    rows = ((np.arange(_POINTS) + 0.5) * height / _POINTS).astype(np.intp)
    columns = ((np.arange(_POINTS) + 0.5) * width / _POINTS).astype(np.intp)
    points: _Plane = plane[np.ix_(rows, columns)]
    return points


@lru_cache(maxsize=32)
def _box(width: int, height: int) -> tuple[tuple[int, int], tuple[int, int], _Plane]:
    """Give the box filter's window, its anchor, and one over how many pixels it covers where."""
    across, down = _window(width), _window(height)
    shares = np.outer(_covered(height, down), _covered(width, across))
    anchor = ((across - 1) // 2, (down - 1) // 2)
    return (across, down), anchor, (1 / shares).astype(np.float32)


def _window(side: int) -> int:
    return (side + 2 * _POINTS - 1) // (2 * _POINTS)


def _covered(side: int, window: int) -> NDArray[np.intp]:
    """Count for each pixel of a side those in the window around it that are in the picture."""
    at = np.arange(side)
    last = np.minimum(at + window // 2, side - 1)
    return last - np.maximum(at - (window - 1) // 2, 0) + 1


@lru_cache(maxsize=1)
def _cosines() -> _Plane:
    frequency = np.arange(1, _FREQUENCIES + 1)[:, None]
    place = 2 * np.arange(_POINTS)[None, :] + 1
    scaled = np.sqrt(2 / _POINTS) * np.cos(np.pi / (2 * _POINTS) * frequency * place)
    cosines: _Plane = scaled.astype(np.float32)
    return cosines


def _quality(points: _Plane) -> int:
    """Add up the gradients that are steep enough to count, as the reference does."""
    down = np.trunc(np.diff(points, axis=0) * 100 / 255)
    across = np.trunc(np.diff(points, axis=1) * 100 / 255)
    total = int(np.abs(down).sum() + np.abs(across).sum())
    return min(100, total // 90)
