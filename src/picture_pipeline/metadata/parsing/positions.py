"""Positions: from EXIF and XMP to signed degrees, and back into XMP's form.

EXIF 2.32 section 4.6.6; XMP specification part 2, "GPSCoordinate".
"""

import re
from collections.abc import Callable
from fractions import Fraction

from picture_pipeline.metadata.parsing.values import Absurd, Values, clean, fraction, ratio

_LIMITS = {"N": 90, "S": 90, "E": 180, "W": 180}
_SIXTY = 60
"""Minutes of a degree, seconds of a minute; some receivers write 60 for the next one's 0."""
_NEGATIVE = frozenset("SW")
_MAX_ALTITUDE = 100_000
"""Metres either way; what lies beyond is a broken rational."""
_BELOW_SEA_LEVEL = frozenset({"1", "3"})
"""EXIF 3.0 adds 2 and 3 for the ellipsoid; odd is below."""
_XMP = re.compile(r"\s*([\d.,\s]+?)\s*([NSEWnsew])\s*")
_PLAIN = re.compile(r"[+-]?\d{1,3}(?:\.\d{0,20})?", re.ASCII)
_MINUTE_DIGITS = 8
"""Decimals of a minute: 2e-10 degrees, far below any receiver."""


def coordinate(values: Values, reference: Values) -> float | None:
    """Read ``48/1 11/1 5654/100`` with its N, S, E or W into signed degrees.

    None without either. Raises Absurd for 0/0, NaN and what lies beyond the
    poles or the date line.
    """
    direction = clean(reference[0])[:1].upper() if reference else ""
    parts = values[0].split() if values else []
    if not parts or direction not in _LIMITS:
        return None
    return _signed(parts, direction)


def _xmp_axis(positive: str, negative: str) -> Callable[..., float | None]:
    """Give a parser of one axis of XMP positions."""

    def parse(values: Values, reference: Values = ()) -> float | None:
        text = values[0].strip() if values else ""
        found = _XMP.fullmatch(text)
        if not text or found is not None:
            return _signed(found[1].split(","), found[2].upper()) if found else None
        if _PLAIN.fullmatch(text) is None:
            raise Absurd(text[:40])
        said = clean(reference[0])[:1].upper() if reference else ""
        sign = negative if text.startswith("-") else positive
        return _signed([text.lstrip("+-")], said if said in (positive, negative) else sign)

    return parse


xmp_latitude = _xmp_axis("N", "S")
"""Reads ``41,54.0N``, ``41,54,0N``, or signed degrees with or without a reference.

Plain degrees are no XMP, but icloudpd writes them so, and Photos on macOS with
``exif:GPSLatitudeRef`` beside them. Raises Absurd.
"""
xmp_longitude = _xmp_axis("E", "W")
"""The same for ``12,30.0E``."""


def _signed(parts: list[str], direction: str) -> float:
    if len(parts) > 3:  # noqa: PLR2004 - degrees, minutes, seconds
        raise Absurd(" ".join(parts)[:40])
    total, unit = 0, 1
    for power, part in enumerate(parts):
        over, under = ratio(part)
        if power and not 0 <= over <= 60 * under:
            raise Absurd(f"{' '.join(parts)[:40]} {direction}")
        under *= 60**power
        total, unit = total * under + over * unit, unit * under
    if not 0 <= total <= _LIMITS[direction] * unit:
        raise Absurd(f"{' '.join(parts)[:40]} {direction}")
    return -total / unit if direction in _NEGATIVE else total / unit


def altitude(values: Values, reference: Values) -> float | None:
    """Read metres above sea level, negative below. Raises Absurd."""
    if not values or not values[0].strip():
        return None
    metres = float(fraction(values[0]))
    if abs(metres) > _MAX_ALTITUDE:
        raise Absurd(values[0][:40])
    below = bool(reference) and clean(reference[0]) in _BELOW_SEA_LEVEL
    return -metres if below else metres


def signed_altitude(values: Values) -> float | None:
    """Read metres that are negative below sea level. Raises Absurd."""
    return altitude(values, ())


def xmp_coordinate_text(degrees: float, positive: str, negative: str) -> str:
    """Write signed degrees as ``41,54.0N``: whole degrees, decimal minutes.

    Eight decimals of a minute at most, so that 1e-6 degrees survive.
    """
    minutes = round(abs(degrees) * 60, _MINUTE_DIGITS)
    whole, rest = divmod(Fraction(str(minutes)), 60)
    text = f"{float(rest):.{_MINUTE_DIGITS}f}".rstrip("0")
    text = f"{text}0" if text.endswith(".") else text
    return f"{whole},{text}{negative if degrees < 0 else positive}"


def rational_text(value: float, digits: int = 3) -> str:
    """Write a number above zero as an XMP rational, ``171723/1000``."""
    scale = 10**digits
    return f"{round(abs(value) * scale)}/{scale}"
