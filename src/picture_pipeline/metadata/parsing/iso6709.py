"""Positions as movies hold them: ``+52.1641+004.4860+001.096/`` (ISO 6709 annex H)."""

import re

from picture_pipeline.metadata.parsing.values import Absurd, Values, clean

_POINT = re.compile(
    r"([+-]\d{2,6}(?:\.\d{0,12})?)([+-]\d{3,7}(?:\.\d{0,12})?)([+-]\d{1,6}(?:\.\d{0,12})?)?"
    r"(?:CRS\w{0,20})?/?",
    re.ASCII,
)
_MAX_ALTITUDE = 100_000
_SIXTIETHS = (1, 60, 3600)


def latitude(values: Values) -> float | None:
    """Read signed degrees north. Raises Absurd."""
    return _degrees(values, 1, 2, 90)


def longitude(values: Values) -> float | None:
    """Read signed degrees east. Raises Absurd."""
    return _degrees(values, 2, 3, 180)


def altitude(values: Values) -> float | None:
    """Read metres above sea level; None when the position has none. Raises Absurd."""
    found = _point(values)
    if found is None or found[3] is None:
        return None
    metres = float(found[3])
    if abs(metres) > _MAX_ALTITUDE:
        raise Absurd(found[3])
    return metres


def _point(values: Values) -> re.Match[str] | None:
    text = clean(values[0]) if values else ""
    if not text:
        return None
    found = _POINT.fullmatch(text)
    if found is None:
        raise Absurd(text[:40])
    return found


def _degrees(values: Values, group: int, digits: int, most: int) -> float | None:
    """Read ``DD.DDD``, ``DDMM.MMM`` or ``DDMMSS.SSS``, by how many digits there are."""
    found = _point(values)
    if found is None:
        return None
    sign, number = found[group][0], found[group][1:]
    whole, _, rest = number.partition(".")
    parts = [whole[:digits], *(whole[at : at + 2] for at in range(digits, len(whole), 2))]
    parts[-1] = f"{parts[-1]}.{rest or 0}"
    total = sum(float(part) / unit for part, unit in zip(parts, _SIXTIETHS, strict=False))
    if len(parts) > len(_SIXTIETHS) or total > most:
        raise Absurd(found[0][:40])
    return -total if sign == "-" else total
