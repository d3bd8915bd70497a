"""Immich's answers as values: every field may be missing, or be something else.

Shapes as servers 2.5.6 and 3.1.0 gave them.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from uuid import UUID

from picture_pipeline.model.server_asset import ServerAsset, Visibility

Json = Mapping[str, object]

_SHA1_BYTES = 20
_BEYOND = {"+": "9999-12-31T23:59:59.999Z", "-": "0001-01-01T00:00:00.000Z"}
"""JavaScript's signs before years of six figures."""
_LARGEST = (1 << 63) - 1
"""What databases take; enough until the year 2262."""
_LONGEST = 1 << 16
"""Characters of a text that are kept."""


def asset_of(answer: object) -> ServerAsset | None:
    """Read one asset; None for what cannot be one."""
    told = as_object(answer)
    identity = as_id(told.get("id"))
    taken = as_time(told.get("fileCreatedAt"))
    if identity is None or taken is None:
        return None
    exif = as_object(told.get("exifInfo"))
    external = told.get("isExternal") is True or told.get("libraryId") is not None
    checksum = _text(told.get("checksum"))
    return ServerAsset(
        id=identity,
        name=_text(told.get("originalFileName")),
        path=_text(told.get("originalPath")),
        taken=taken,
        created=as_time(told.get("createdAt")) or "",
        modified_ns=_nanoseconds(as_time(told.get("fileModifiedAt")) or taken),
        size=_size(exif.get("fileSizeInByte")),
        checksum=checksum,
        sha1=None if external else _sha1(checksum),
        owner=_text(told.get("ownerId")),
        visibility=_visibility(told),
        favourite=told.get("isFavorite") is True,
        trashed=told.get("isTrashed") is True,
        offline=told.get("isOffline") is True,
        live_film=as_id(told.get("livePhotoVideoId")),
        people=tuple(dict.fromkeys(_names(told.get("people")))),
        caption=_text(exif.get("description")).strip() or None,
        rating=_rating(exif.get("rating")),
        position=_position(exif.get("latitude"), exif.get("longitude")),
    )


def as_object(answer: object) -> Json:
    """Give a JSON object; an empty one for anything else."""
    return answer if isinstance(answer, dict) else {}


def as_list(answer: object) -> list[object]:
    """Give a JSON list; an empty one for anything else."""
    return answer if isinstance(answer, list) else []


def as_id(text: object) -> str | None:
    """Give a UUID in lower case; None for anything else, so that it may stand in an address."""
    if not isinstance(text, str):
        return None
    try:
        return str(UUID(text))
    except ValueError:
        return None


def as_time(text: object) -> str | None:
    """Give an instant as ``YYYY-MM-DDTHH:MM:SS.mmmZ``; None for what is none.

    Years of more than four figures, or before our era, become the last or the
    first instant, so that the order stays.
    """
    if not isinstance(text, str):
        return None
    if text[:1] in _BEYOND:
        return _BEYOND[text[:1]]
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z".rjust(24, "0")


def named(answers: object, field: str) -> dict[str, str]:
    """Give the texts of a list of objects by their ids."""
    found: dict[str, str] = {}
    for answer in as_list(answers):
        told = as_object(answer)
        identity, name = as_id(told.get("id")), _text(told.get(field)).strip()
        if identity is not None and name:
            found[identity] = name
    return found


def ids_of(answers: object) -> Iterator[str]:
    """Give the ids of a list of objects."""
    for answer in as_list(answers):
        identity = as_id(as_object(answer).get("id"))
        if identity is not None:
            yield identity


def _text(value: object) -> str:
    """Give a text that every database and file takes: no lone surrogates, no endless ones."""
    if not isinstance(value, str):
        return ""
    return value[:_LONGEST].encode("utf-8", "replace").decode("utf-8")


def _names(people: object) -> Iterator[str]:
    for person in as_list(people):
        name = _text(as_object(person).get("name")).strip()
        if name:
            yield name


def _visibility(told: Json) -> Visibility:
    """Say where an asset is shown; servers before 2 say ``isArchived`` only."""
    try:
        return Visibility(str(told.get("visibility")))
    except ValueError:
        archived = told.get("isArchived") is True
        return Visibility.ARCHIVE if archived else Visibility.TIMELINE


def _size(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 < value < 1 << 62 else None


def _rating(value: object) -> int | None:
    """Give a rating; 0 means none. Version 2 knows -1 (rejected), version 3 no longer does."""
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value in {-1, 1, 2, 3, 4, 5} else None


def _position(latitude: object, longitude: object) -> tuple[float, float] | None:
    """Give a position; NaN, which JSON readers let pass, is in no range."""
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):  # noqa: PLR2004 - degrees
        return None
    return float(latitude), float(longitude)


def _sha1(checksum: str) -> str | None:
    try:
        raw = base64.b64decode(checksum, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw.hex() if len(raw) == _SHA1_BYTES else None


def _nanoseconds(text: str) -> int:
    moment = datetime.fromisoformat(text)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    exact = (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1000
    return max(-_LARGEST, min(exact, _LARGEST))
