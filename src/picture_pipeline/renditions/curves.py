"""Matrix-and-curve colour spaces, and the short way from them to sRGB.

Nearly all wide-gamut originals (Display P3, Adobe RGB, BT.2020) are described
by three tone curves and one 3x3 matrix. Table, matrix, table through OpenCV
costs a fifth of lcms and differs from it by at most one level in 255.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from picture_pipeline.renditions.canvas import Pixels

Floats = NDArray[np.float64]
Primaries = Sequence[tuple[float, float]]
"""Chromaticities x, y of red, green and blue."""

D65 = (0.3127, 0.3290)
BT709: Primaries = ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
"""Also those of sRGB."""

_SRGB_TOE, _LINEAR_TOE = 0.04045, 0.0031308
_STRIP = 64
"""Rows converted together, so that two buffers of this size serve a picture of any height."""
_LINEAR_TOP = 4095
"""Linear light is carried in 16 bits, of which 12 are 0 to 1: room for what is out of gamut."""


def srgb_to_linear(values: Floats) -> Floats:
    """Apply the sRGB curve, IEC 61966-2-1; 0 to 1 both ways."""
    return np.where(values <= _SRGB_TOE, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(values: Floats) -> Floats:
    """Apply the inverse of the sRGB curve; 0 to 1 both ways."""
    return np.where(values <= _LINEAR_TOE, values * 12.92, 1.055 * values ** (1 / 2.4) - 0.055)


def _encoding_table() -> Pixels:
    linear = np.minimum(np.arange(65536) / _LINEAR_TOP, 1.0)
    return np.rint(linear_to_srgb(linear) * 255).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class CurvesAndMatrix:
    """A way to sRGB: one curve for each band, then a matrix in linear light.

    ``curves`` has 256 rows and three columns, linear light 0 to 1 for each
    8-bit value; ``matrix`` goes from the space's linear RGB to linear sRGB.
    """

    curves: Floats
    matrix: Floats
    _decode: NDArray[np.uint16] = field(init=False, repr=False)
    _encode: Pixels = field(init=False, repr=False, default_factory=_encoding_table)

    def __post_init__(self) -> None:
        table = np.rint(np.clip(self.curves, 0, 1) * _LINEAR_TOP).astype(np.uint16)
        same = (table == table[:, :1]).all()  # one column is looked up twice as fast
        held = table[:, :1] if same else table
        object.__setattr__(self, "_decode", np.ascontiguousarray(held).reshape(1, 256, -1))

    def __call__(self, pixels: Pixels) -> Pixels:
        """Convert height x width x 3, in strips whose 16-bit stages stay in the cache."""
        matrix = self.matrix.astype(np.float32)
        shape = (min(_STRIP, len(pixels)), *pixels.shape[1:])
        linear, moved = np.empty(shape, np.uint16), np.empty(shape, np.uint16)
        converted = np.empty(pixels.shape, np.uint8)
        for top in range(0, len(pixels), _STRIP):
            strip = pixels[top : top + _STRIP]
            rows = len(strip)
            cv2.LUT(strip, self._decode, linear[:rows])
            cv2.transform(linear[:rows], matrix, moved[:rows])
            cv2.LUT(moved[:rows], self._encode, converted[top : top + rows])
        return converted

    @property
    def does_nothing(self) -> bool:
        """Tell whether no colour changes by more than one level in 255."""
        levels = np.linspace(0, 255, 18).astype(np.uint8)
        cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 18, 3)
        return int(cv2.absdiff(self(cube), cube).max()) <= 1


def same_curve(curve: Floats) -> Floats:
    """Use one curve of 256 values for all three bands."""
    return np.repeat(curve.reshape(256, 1), 3, axis=1)


def rgb_to_xyz(primaries: Primaries, white: tuple[float, float]) -> Floats:
    """Give the matrix from linear RGB to XYZ for chromaticities of R, G, B and white."""
    columns = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in (*primaries, white)]).T
    return columns[:, :3] * np.linalg.solve(columns[:, :3], columns[:, 3])


def from_primaries(primaries: Primaries) -> Floats:
    """Give the matrix from linear RGB with a white of D65 to linear sRGB."""
    return np.asarray(
        np.linalg.solve(rgb_to_xyz(BT709, D65), rgb_to_xyz(primaries, D65)), np.float64
    )
