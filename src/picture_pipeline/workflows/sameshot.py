"""When two pictures show the same shot, and which of the two is the better copy. Pure rules.

The reasons and the measured distances: docs/decisions/0008-same-shot.md.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from math import hypot
from typing import Final

from picture_pipeline.model.likeness import Likeness
from picture_pipeline.model.media import Family
from picture_pipeline.model.metadata import TakenFrom

NEAR: Final = 31
"""Bits of 256: re-encoded, scaled and toned copies stay below, shifts of a few percent do not."""
VERY_NEAR: Final = 20
LEAST_QUALITY: Final = 50
_CORRELATION: Final = 0.98
_ASPECT: Final = 0.01
_VIDEO_SECONDS: Final = 1.0
"""Seconds by which durations, and times of videos, of one shot may differ."""

_RECORDED = frozenset(
    {
        TakenFrom.EXIF_ORIGINAL,
        TakenFrom.EXIF_DIGITIZED,
        TakenFrom.XMP,
        TakenFrom.IPTC,
        TakenFrom.QUICKTIME,
        TakenFrom.QUICKTIME_UTC,
    }
)
"""Capture times that the file itself carries."""

Correlate = Callable[[Likeness, Likeness], float | None]
"""Correlation of two pictures' 32 x 32 levels of gray; None when one of them cannot be had."""


class Sameness(StrEnum):
    """How sure it is that two pictures show the same shot."""

    CONFIRMED = "confirmed"
    """They look alike, and capture second and camera agree."""
    PROBABLE = "probable"
    """They look very much alike, and one of them has lost its capture time or camera."""


def same_shot(
    one: Likeness, other: Likeness, distance: int | None, correlate: Correlate
) -> Sameness | None:
    """Tell whether two pictures show the same shot; None when they do not, or nobody can tell.

    ``distance`` is that of their hashes, None when one has none. Videos are
    compared with videos only. ``correlate`` is asked only where it decides.
    """
    if _of_different_kinds(one, other) or vetoed(one, other):
        return None
    near = distance if distance is not None and _meaningful(one, other) else None
    if _knows_itself(one) and _knows_itself(other):
        if not (_same_moment(one, other) and _same_camera(one, other)):
            return None
        sure = (near is not None and near <= NEAR) or _the_same_but_for_its_end(one, other)
        return Sameness.CONFIRMED if sure else None
    if near is None or near > VERY_NEAR or not _same_aspect(one, other):
        return None
    alike = correlate(one, other)
    return Sameness.PROBABLE if alike is not None and alike >= _CORRELATION else None


def _of_different_kinds(one: Likeness, other: Likeness) -> bool:
    if (one.family is Family.VIDEO) != (other.family is Family.VIDEO):
        return True
    lengths = (one.duration, other.duration)
    if one.family is not Family.VIDEO or None in lengths:
        return False
    return abs((one.duration or 0.0) - (other.duration or 0.0)) > _VIDEO_SECONDS


def vetoed(one: Likeness, other: Likeness) -> bool:
    """Tell whether both say that they are shots of their own, however alike they look."""
    identities = (
        (one.burst, other.burst),
        (one.content_identifier, other.content_identifier),
        (recorded_second(one), recorded_second(other))
        if one.family is not Family.VIDEO
        else (None, None),
        (_camera(one), _camera(other)),
    )
    if any(mine and its and mine != its for mine, its in identities):
        return True
    return bool(one.subsecond and other.subsecond) and not _same_subsecond(one, other)


def _same_subsecond(one: Likeness, other: Likeness) -> bool:
    """Compare as many digits as both tell."""
    mine, its = one.subsecond or "", other.subsecond or ""
    digits = min(len(mine), len(its))
    return digits > 0 and mine[:digits] == its[:digits]


def _meaningful(one: Likeness, other: Likeness) -> bool:
    hashes = (one.hash, other.hash)
    return all(its is not None and its.quality >= LEAST_QUALITY for its in hashes)


def _knows_itself(likeness: Likeness) -> bool:
    return recorded_second(likeness) is not None and _camera(likeness) is not None


def recorded_second(likeness: Likeness) -> str | None:
    """Give the wall time to the second, when the file itself carries it."""
    return likeness.taken_at[:19] if likeness.taken_from in _RECORDED else None


def _camera(likeness: Likeness) -> str | None:
    name = likeness.model or likeness.make
    return " ".join(name.split()).casefold() if name else None


def _same_camera(one: Likeness, other: Likeness) -> bool:
    return _camera(one) == _camera(other)


def _same_moment(one: Likeness, other: Likeness) -> bool:
    """Compare wall times to the second; videos also by UTC, for some tell only that."""
    mine, its = recorded_second(one), recorded_second(other)
    if mine == its:
        return True
    a, b = (datetime.fromisoformat(each.taken_at) for each in (one, other))
    if one.family is not Family.VIDEO or a.tzinfo is None or b.tzinfo is None:
        return False
    return abs((a.astimezone(UTC) - b.astimezone(UTC)).total_seconds()) <= _VIDEO_SECONDS


def _the_same_but_for_its_end(one: Likeness, other: Likeness) -> bool:
    """Tell of pictures that cannot be compared by their looks: cut short, or too plain.

    Then second, fraction of it, camera and dimensions have to agree.
    """
    comparable = _meaningful(one, other) and not (one.incomplete or other.incomplete)
    whole = {(one.width, one.height), (other.width, other.height)}
    known = None not in (one.width, one.height)
    return not comparable and known and len(whole) == 1 and _same_subsecond(one, other)


def _same_aspect(one: Likeness, other: Likeness) -> bool:
    """Compare long to short side: which of them is up does not matter here."""
    sides = (one.width, one.height, other.width, other.height)
    if any(side is None or side < 1 for side in sides):
        return False
    a, b, c, d = (float(side or 1) for side in sides)
    mine, its = max(a, b) / min(a, b), max(c, d) / min(c, d)
    return abs(mine - its) <= _ASPECT * max(mine, its)


def correlation(one: bytes, other: bytes) -> float | None:
    """Give Pearson's correlation of two pictures' levels of gray; None when one is missing or flat.

    Both have the same number of levels, one byte each.
    """
    if not one or len(one) != len(other):
        return None
    mean_one, mean_other = sum(one) / len(one), sum(other) / len(other)
    a = [level - mean_one for level in one]
    b = [level - mean_other for level in other]
    size = hypot(*a) * hypot(*b)
    return sum(x * y for x, y in zip(a, b, strict=True)) / size if size else None


_FORMATS: Final = {
    "image/heic": 1,
    "image/heif": 1,
    "image/avif": 1,
    "image/jxl": 1,
}
"""Above JPEG, which is 0, and below RAW, which is 2."""
_RAW_FORMAT: Final = 2

Worth = tuple[bool, int, int, int, int, int]


def worth(likeness: Likeness, origin: int) -> Worth:
    """Give the order of copies of one shot, the better the greater.

    Whole before cut short, whatever the source: a copy that lacks its end is
    never the one to keep. Then as the device wrote it (``origin`` is the rank
    of the source's kind, 0 best) before what passed through other programs,
    larger before smaller, RAW before HEIC before JPEG, more facts, more bytes.
    """
    is_raw = likeness.family is Family.RAW
    return (
        likeness.decodes and not likeness.incomplete,
        -origin,
        (likeness.width or 0) * (likeness.height or 0),
        _RAW_FORMAT if is_raw else _FORMATS.get(likeness.media_type, 0),
        likeness.details,
        likeness.size,
    )


_WHY: Final = ("whole", "closer to the device", "larger", "better format", "more metadata", "bytes")


def why_better(one: Worth, other: Worth) -> str:
    """Say by what the first of two copies is the better one; empty when they are equal."""
    differing = (what for what, a, b in zip(_WHY, one, other, strict=True) if a > b)
    first = next((n for n, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), None)
    return next(differing, "") if first is not None and one > other else ""
