"""ICC profiles, read as far as the short way to sRGB needs (ICC.1:2022)."""

import struct
from collections.abc import Callable, Sequence

import numpy as np

from picture_pipeline.renditions.curves import CurvesAndMatrix, Floats

# Linear sRGB to XYZ under D50 (the profile connection space), Bradford adapted.
_SRGB_TO_PCS = np.array(
    [
        (0.4360747, 0.3850649, 0.1430804),
        (0.2225045, 0.7168786, 0.0606169),
        (0.0139322, 0.0971045, 0.7141733),
    ]
)
_D50 = np.array((0.9642, 1.0, 0.8249))
_NEARLY_D50 = 0.02
_TAG_TABLE = 128
_MOST_TAGS = 200


def space_of(profile: bytes) -> bytes:
    """Give the four-letter colour space of the device side, for instance ``b"RGB "``."""
    return profile[16:20]


def curves_and_matrix(profile: bytes) -> CurvesAndMatrix | None:
    """Read an RGB profile that consists of curves and a matrix.

    None for every other kind (tables, Lab, a white that is not D50): those are
    lcms's. Raises ValueError, struct.error, KeyError or IndexError for a
    profile that is cut short or absurd.
    """
    if space_of(profile) != b"RGB " or profile[20:24] != b"XYZ ":
        return None
    tags = _tags(profile)
    if b"A2B0" in tags or not {b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"} <= tags.keys():
        return None
    matrix = np.stack([_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")], axis=1)
    if np.abs(matrix.sum(axis=1) - _D50).max() > _NEARLY_D50:
        return None
    curves = np.stack([_curve(tags[name]) for name in (b"rTRC", b"gTRC", b"bTRC")], axis=1)
    return CurvesAndMatrix(curves, np.linalg.solve(_SRGB_TO_PCS, matrix))


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, _TAG_TABLE)
    if count > _MOST_TAGS:
        raise ValueError(f"{count} tags in an ICC profile")
    rows = struct.iter_unpack(">4sII", profile[_TAG_TABLE + 4 : _TAG_TABLE + 4 + 12 * count])
    return {name: profile[start : start + length] for name, start, length in rows}


def _xyz(tag: bytes) -> Floats:
    return np.array(struct.unpack_from(">3i", tag, 8), np.float64) / 65536


def _curve(tag: bytes) -> Floats:
    read = {b"curv": _sampled, b"para": _parametric}[tag[:4]]
    return read(tag, np.arange(256) / 255)


def _sampled(tag: bytes, x: Floats) -> Floats:
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return x
    values = np.array(struct.unpack_from(f">{count}H", tag, 12))
    if count == 1:
        return np.asarray(x ** (values[0] / 256), np.float64)
    return np.asarray(np.interp(x, np.linspace(0, 1, count), values / 65535), np.float64)


def _parametric(tag: bytes, x: Floats) -> Floats:
    (kind,) = struct.unpack_from(">H", tag, 8)
    arity, curve = _PARAMETRIC[kind]
    numbers = [value / 65536 for value in struct.unpack_from(f">{arity}i", tag, 12)]
    return np.asarray(np.clip(curve(x, numbers), 0, 1), np.float64)


def _power(x: Floats, g: float, a: float = 1, b: float = 0) -> Floats:
    return np.asarray(np.maximum(a * x + b, 0) ** g, np.float64)


# Function types 0 to 4 of table 68: how many parameters, and the curve.
_PARAMETRIC: tuple[tuple[int, Callable[[Floats, Sequence[float]], Floats]], ...] = (
    (1, lambda x, p: _power(x, p[0])),
    (3, lambda x, p: np.where(x >= -p[2] / p[1], _power(x, *p[:3]), 0)),
    (4, lambda x, p: np.where(x >= -p[2] / p[1], _power(x, *p[:3]) + p[3], p[3])),
    (5, lambda x, p: np.where(x >= p[4], _power(x, *p[:3]), p[3] * x)),
    (7, lambda x, p: np.where(x >= p[4], _power(x, *p[:3]) + p[5], p[3] * x + p[6])),
)
