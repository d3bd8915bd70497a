"""Adobe RGB (1998) where only EXIF tells of it: camera previews carry no profile."""

from functools import lru_cache

import numpy as np

from picture_pipeline.renditions.curves import CurvesAndMatrix, from_primaries, same_curve

_PRIMARIES = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
_GAMMA = 563 / 256
"""Adobe RGB (1998) Color Image Encoding, section 4.3.4.2."""


@lru_cache(maxsize=1)
def adobe_rgb_to_srgb() -> CurvesAndMatrix:
    """Give the way from Adobe RGB (1998) to sRGB."""
    curve = np.asarray((np.arange(256) / 255) ** _GAMMA, np.float64)
    return CurvesAndMatrix(same_curve(curve), from_primaries(_PRIMARIES))
