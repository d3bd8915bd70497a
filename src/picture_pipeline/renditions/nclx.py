"""Colour spaces told by code points (ITU-T H.273), as HEIC and AVIF have them."""

from functools import lru_cache

import numpy as np

from picture_pipeline.renditions.curves import (
    BT709,
    CurvesAndMatrix,
    Floats,
    from_primaries,
    same_curve,
    srgb_to_linear,
)

# The television primaries of code points 5, 6 and 7 stand for sRGB in stills; all browsers
# take them so.
_WIDE_PRIMARIES = {
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # BT.2020
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # Display P3
}
_REFERENCE_WHITE = 203.0
"""cd/m2 of diffuse white in HDR pictures, ITU-R BT.2408."""
_BRIGHTEST = 1000.0
"""cd/m2 that still differ from white after tone mapping."""


def _pq_to_nits(signal: Floats) -> Floats:
    """SMPTE ST 2084: signal 0 to 1 to cd/m2."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    power = signal ** (1 / m2)
    return np.asarray(1e4 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** (1 / m1), np.float64)


def _hlg_to_nits(signal: Floats) -> Floats:
    """ARIB STD-B67 for a display of 1000 cd/m2, system gamma 1.2 (on each band alone)."""
    a, b, c, knee = 0.17883277, 0.28466892, 0.55991073, 0.5
    scene = np.where(signal <= knee, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
    return np.asarray(_BRIGHTEST * scene**1.2, np.float64)


_KEPT = 0.35
"""Light up to here, diffuse white being 1, comes out as it is: skin and sky keep their colours."""


def _tone_mapped(nits: Floats) -> Floats:
    """Bring 0 to ``_BRIGHTEST`` down to 0 to 1: straight first, then bending (Mobius' curve).

    Reinhard's, which bends from the start, leaves films of telephones dull.
    """
    light, peak = nits / _REFERENCE_WHITE, _BRIGHTEST / _REFERENCE_WHITE
    scale = _KEPT**2 - 2 * _KEPT + peak
    a = -(_KEPT**2) * (peak - 1) / scale
    b = (_KEPT**2 - 2 * _KEPT * peak + peak) / (peak - 1)
    bent = (b**2 + 2 * b * _KEPT + _KEPT**2) / (b - a) * (light + a) / (light + b)
    return np.clip(np.where(light <= _KEPT, light, bent), 0, 1)


_SIGNAL = np.arange(256) / 255
_TRANSFERS = {
    8: lambda: _SIGNAL,
    16: lambda: _tone_mapped(_pq_to_nits(_SIGNAL)),
    18: lambda: _tone_mapped(_hlg_to_nits(_SIGNAL)),
}


@lru_cache(maxsize=16)
def from_code_points(primaries: int, transfer: int) -> CurvesAndMatrix | None:
    """Give the way to sRGB; None where the pixels are as good as sRGB already."""
    if primaries not in _WIDE_PRIMARIES and transfer not in _TRANSFERS:
        return None
    curve = _TRANSFERS.get(transfer, lambda: srgb_to_linear(_SIGNAL))()
    return CurvesAndMatrix(same_curve(curve), from_primaries(_WIDE_PRIMARIES.get(primaries, BT709)))
