"""What a source tells, as a row like any other teller's; what cannot be meant is left out. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from picture_pipeline.metadata.parsing.values import MAX_ITEMS, clean
from picture_pipeline.model.metadata import OffsetFrom, TakenFrom
from picture_pipeline.model.original import Original
from picture_pipeline.model.times import format_offset, format_time, format_utc
from picture_pipeline.model.told import Told

ALBUMS = "Albums"
"""Root of the tags that albums become: other programs know tags, but not our albums."""
_IN_PATHS = str.maketrans("/|", "--")
"""Both divide the levels of a tag."""
_FIRST, _LAST = 1826, 9998
"""Years: before the first photograph; so that every offset can be applied."""
_UNKNOWN = (
    *("make", "model", "lens", "altitude", "accuracy", "gps_time_utc"),
    *("offset", "offset_from", "taken_at_utc", "subsecond"),
)
_BLANK: dict[str, Any] = {
    **dict.fromkeys(_UNKNOWN),
    "keywords": (),
    "taken_from": TakenFrom.MTIME.value,
}
"""No source tells these."""


def row_of(own: Original, told: Told) -> Original:
    """Give what a source tells of an original, under the attributes of Original."""
    said: dict[str, Any] = {
        "albums": _texts(told.albums),
        "people": _texts(told.people),
        "tags": _texts(told.tags),
        "favourite": told.favourite,
        "hidden": told.hidden,
        "stack": _text(told.stack),
        "title": _text(told.title),
        "caption": _text(told.caption),
        "rating": told.rating if told.rating in range(-1, 6) else None,
    }
    return replace(own, **_BLANK | said | _position(told) | _taken(told.taken_at))


def album_tags(albums: Iterable[str]) -> tuple[str, ...]:
    """Give the tags that albums become: ``Albums/<name>``, of one level below."""
    return tuple(f"{ALBUMS}/{album.translate(_IN_PATHS)}" for album in albums)


def _text(text: str | None) -> str | None:
    sound = (text or "").encode("utf-8", "replace").decode()  # JSON may hold lone surrogates
    return clean(sound) or None


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    found = (_text(text) for text in texts)
    return tuple(dict.fromkeys(text for text in found if text))[:MAX_ITEMS]


def _position(told: Told) -> dict[str, float | None]:
    """Give a position on the globe; at exactly 0, 0 it is none."""
    latitude, longitude = told.latitude, told.longitude
    known = latitude is not None and longitude is not None and (latitude, longitude) != (0, 0)
    if not known or not (abs(latitude or 0) <= 90 and abs(longitude or 0) <= 180):  # noqa: PLR2004 - the poles, the date line
        return {"latitude": None, "longitude": None}
    return {"latitude": latitude, "longitude": longitude}


def _taken(text: str | None) -> dict[str, object]:
    """Give the capture time; UTC tells nothing of the local time, and so of no offset's origin."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return {}
    if not _FIRST <= moment.year <= _LAST:
        return {}
    fraction = f"{moment.microsecond:06}".rstrip("0")
    local = moment.utcoffset() is not None and moment.tzinfo is not UTC
    return {
        "taken_at": format_time(moment),
        "taken_from": TakenFrom.TAKEOUT.value,
        "taken_at_utc": format_utc(moment) if moment.tzinfo else None,
        "offset": format_offset(moment),
        "offset_from": OffsetFrom.TAG.value if local else None,
        "subsecond": fraction or None,
    }
