"""JSON beside a picture: Google Takeout's and immich-go's.

Takeout: ``name.jpg.json``, since 2024 ``name.jpg.supplemental-metadata.json``.
Its ``title`` is the file's name when it was uploaded, no title; its position is
0, 0 where it has none, its altitude 0. The times are UTC.
immich-go: ``assets.Metadata`` of simulot/immich-go.
"""

import json
from collections.abc import Iterator, Mapping

from picture_pipeline.metadata.companions.markup import read_text
from picture_pipeline.metadata.parsing.values import MAX_ITEMS, Evidence, Values
from picture_pipeline.ports import Content

_NO_TIME = "0001-01-01"
"""What Go writes for a time that was never set."""


def read_notes(content: Content) -> Evidence:
    """Read the JSON that stands beside a picture; other JSON gives nothing.

    Keys are ``Takeout.*`` and ``ImmichGo.*``. Numbers come as they are written.
    """
    found = _parsed(read_text(content) or "")
    rows = (*_takeout(found), *_immich_go(found))
    return {key: values for key, values in rows if any(values)}


def _parsed(text: str) -> Mapping[str, object]:
    try:
        found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _takeout(found: Mapping[str, object]) -> Iterator[tuple[str, Values]]:
    if not {"photoTakenTime", "geoData", "geoDataExif"} & found.keys():
        return
    yield "Takeout.photoTakenTime", (_text(_below(found, "photoTakenTime"), "timestamp"),)
    yield "Takeout.description", (_text(found, "description"),)
    yield "Takeout.title", (_text(found, "title"),)
    yield "Takeout.url", (_text(found, "url"),)
    yield "Takeout.favorited", (_flag(found, "favorited"),)
    yield "Takeout.archived", (_flag(found, "archived"),)
    yield "Takeout.people", _texts(found, "people", "name")
    place = next(filter(_is_placed, (_below(found, "geoData"), _below(found, "geoDataExif"))), {})
    yield "Takeout.latitude", (_text(place, "latitude"),)
    yield "Takeout.longitude", (_text(place, "longitude"),)
    yield "Takeout.altitude", (_text(place, "altitude") if _is_set(place, "altitude") else "",)


def _immich_go(found: Mapping[str, object]) -> Iterator[tuple[str, Values]]:
    if "fileName" not in found:
        return
    taken = _text(found, "dateTaken")
    yield "ImmichGo.dateTaken", ("" if taken.startswith(_NO_TIME) else taken,)
    for key in ("fileName", "description", "rating"):
        yield f"ImmichGo.{key}", (_text(found, key),)
    yield "ImmichGo.favorited", (_flag(found, "favorited"),)
    yield "ImmichGo.archived", (_flag(found, "archived"),)
    yield "ImmichGo.albums", _texts(found, "albums", "title")
    yield "ImmichGo.tags", _texts(found, "tags", "value")
    if _is_placed(found):
        yield "ImmichGo.latitude", (_text(found, "latitude"),)
        yield "ImmichGo.longitude", (_text(found, "longitude"),)


def _is_placed(place: Mapping[str, object]) -> bool:
    return _is_set(place, "latitude") or _is_set(place, "longitude")


def _is_set(place: Mapping[str, object], key: str) -> bool:
    """Tell whether a number is there and not zero: 0, 0.0, -0.0."""
    return bool(_text(place, key).strip("-0."))


def _below(found: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def _text(found: Mapping[str, object], key: str) -> str:
    value = found.get(key)
    return value if isinstance(value, str) else ""


def _flag(found: Mapping[str, object], key: str) -> str:
    return "true" if found.get(key) is True else ""


def _texts(found: Mapping[str, object], key: str, name: str) -> Values:
    entries = found.get(key)
    if not isinstance(entries, list):
        return ()
    texts = (_text(entry, name) for entry in entries[:MAX_ITEMS] if isinstance(entry, dict))
    return tuple(filter(None, texts))
