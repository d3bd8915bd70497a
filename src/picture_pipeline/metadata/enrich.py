"""What companions and sources add to an original: an order of trust for each field. Pure.

``ENRICHED`` is the table; docs/reference/metadata-fields.md shows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from picture_pipeline.metadata.telling import album_tags, row_of
from picture_pipeline.model.asset import Role
from picture_pipeline.model.metadata import TakenFrom
from picture_pipeline.model.original import Original
from picture_pipeline.model.times import format_offset, format_time, format_utc
from picture_pipeline.model.told import NOTHING, Told

OWN = "own"
"""What the original's own bytes say."""
SIDECAR = Role.SIDECAR.value
TAKEOUT = Role.TAKEOUT.value
CAMERA_METADATA = Role.CAMERA_METADATA.value
SOURCE = "source"
"""What the sources tell that it was seen in."""

DESCRIBED = (SIDECAR, OWN, CAMERA_METADATA, TAKEOUT, SOURCE)
"""Somebody edits in a program that writes sidecars, and means the picture as it is now."""
RECORDED = (OWN, CAMERA_METADATA, SIDECAR, TAKEOUT, SOURCE)
"""The camera knows best what the camera did."""


@dataclass(frozen=True, slots=True)
class Enriched:
    """One row: attributes of Original that go together, and who is trusted, best first.

    The first attribute tells whether somebody says anything.
    """

    attributes: tuple[str, ...]
    trust: tuple[str, ...]
    joined: bool = False
    """Lists: the sidecar's and the original's own add up; else the first that says something.
    What sources tell is always added."""

    @property
    def name(self) -> str:
        """What notes call it."""
        return self.attributes[0]


ENRICHED: tuple[Enriched, ...] = (
    Enriched(("rating",), DESCRIBED),
    Enriched(("title",), DESCRIBED),
    Enriched(("caption",), DESCRIBED),
    Enriched(("keywords",), DESCRIBED, joined=True),
    Enriched(("tags",), DESCRIBED, joined=True),
    Enriched(("stack",), DESCRIBED),
    Enriched(("make", "model"), RECORDED),
    Enriched(("lens",), RECORDED),
    Enriched(("latitude", "longitude", "altitude", "accuracy", "gps_time_utc"), RECORDED),
)
"""All but the capture time, which goes by ``taken_from``."""

ADDED_UP = ("albums", "people")
"""What all say: the original's own first, the rest sorted."""
ANY = ("favourite", "hidden")
"""True when anybody says so, else false when somebody does."""

_CAPTURE = ("taken_at", "taken_from", "taken_at_utc", "offset", "offset_from", "subsecond")
_FROM_COMPANIONS = frozenset({TakenFrom.SIDECAR.value, TakenFrom.TAKEOUT.value})
_TRUST_IN_TIMES = tuple(each.value for each in TakenFrom)

Teller = tuple[str, Original]
"""Who says it (own or a role), and the row in which it says it."""


def enrich(own: Original, companions: Sequence[Original], told: Told = NOTHING) -> Original:
    """Add to an original what its companions and its sources say. Pure and idempotent.

    ``own`` is as its own bytes say. ``companions`` are the members of its asset
    with the roles ``sidecar``, ``takeout`` and ``camera_metadata``, as their own
    bytes say; others are passed over. Their order does not matter. ``told`` is
    what all places tell together at which it was seen. Each change of what has
    one value, or one teller, is noted (``rating: from sidecar``). Albums become tags too.
    """
    tellers = _tellers(own, companions, told)
    found = own
    for row in ENRICHED:
        found = (_join if row.joined else _choose)(found, row, tellers)
    found = _with_albums_as_tags(_added_up(found, tellers))
    return _placed_in_time(_dated(found, tellers), own)


def _added_up(found: Original, tellers: Sequence[Teller]) -> Original:
    values: dict[str, Any] = {}
    for name in ADDED_UP:
        said = {word for _, teller in tellers for word in getattr(teller, name)}
        mine = getattr(found, name)
        values[name] = (*mine, *sorted(said.difference(mine)))
    for name in ANY:
        claims = [getattr(teller, name) for _, teller in tellers]
        values[name] = any(claims) if set(claims) != {None} else None
    return _set(found, values)


def _with_albums_as_tags(found: Original) -> Original:
    tags = tuple(dict.fromkeys((*found.tags, *album_tags(found.albums))))
    return _set(found, {"tags": tags}) if tags != found.tags else found


def _tellers(own: Original, companions: Sequence[Original], told: Told) -> tuple[Teller, ...]:
    """Put companions in an order of their own: role, latest time, digest; not of arrival."""
    by_digest = sorted(companions, key=lambda each: each.digest)
    by_time = sorted(by_digest, key=lambda each: each.taken_at_utc or each.taken_at, reverse=True)
    telling = [each for each in by_time if each.role in RECORDED]
    sources = [(SOURCE, row_of(own, told))] if told != NOTHING else []
    return ((OWN, own), *((each.role, each) for each in telling), *sources)


def _trusted(row: Enriched, tellers: Sequence[Teller]) -> Iterator[Teller]:
    """Give those who say something of a row, the most trusted first."""
    for role in row.trust:
        yield from (each for each in tellers if each[0] == role and _says(each[1], row.name))


def _says(original: Original, attribute: str) -> bool:
    return getattr(original, attribute) not in (None, "", ())


def _choose(found: Original, row: Enriched, tellers: Sequence[Teller]) -> Original:
    role, teller = next(_trusted(row, tellers), (OWN, found))
    return _take(found, row.attributes, teller, row.name, role)


def _join(found: Original, row: Enriched, tellers: Sequence[Teller]) -> Original:
    """Add the lists up; a companion behind the original's own only fills what is empty."""
    telling = tuple(_trusted(row, tellers))
    companions = tuple(each for each in telling if each[0] != SOURCE)
    first = tuple(each for each in companions if each[0] in (SIDECAR, OWN)) or companions[:1]
    heard = (*first, *(each for each in telling if each[0] == SOURCE))
    values = tuple(dict.fromkeys(v for _, teller in heard for v in getattr(teller, row.name)))
    if values == getattr(found, row.name):
        return found
    return _noted(_set(found, {row.name: values}), row.name, next(t for t, _ in heard if t != OWN))


def _dated(found: Original, tellers: Sequence[Teller]) -> Original:
    """Take the most trusted time; of a companion's only what it was told by its content."""
    telling = [each for each in tellers if each[0] == OWN or each[1].taken_from in _FROM_COMPANIONS]
    role, best = min(telling, key=lambda each: _TRUST_IN_TIMES.index(each[1].taken_from))
    return _take(found, _CAPTURE, best, "taken_at", role)


def _placed_in_time(found: Original, own: Original) -> Original:
    """Work the offset out by a position, or satellites' time, that only a companion knew."""
    known = (found.latitude, found.longitude, found.gps_time_utc)
    if found.offset is not None or known == (own.latitude, own.longitude, own.gps_time_utc):
        return found
    from picture_pipeline.metadata.parsing.zones import find_offset  # noqa: PLC0415 - zone shapes are large

    wall = datetime.fromisoformat(found.taken_at)
    fix = datetime.fromisoformat(found.gps_time_utc) if found.gps_time_utc else None
    position = (
        (found.latitude, found.longitude)
        if found.latitude is not None and found.longitude is not None
        else None
    )
    told = find_offset(wall, fix, position)
    if told.offset is None or told.offset_from is None:
        return found
    moment = wall.replace(tzinfo=told.offset)
    return replace(
        found,
        taken_at=format_time(moment),
        taken_at_utc=format_utc(moment),
        offset=format_offset(moment),
        offset_from=told.offset_from.value,
    )


def _take(
    found: Original, attributes: Sequence[str], teller: Original, name: str, role: str
) -> Original:
    said = {attribute: getattr(teller, attribute) for attribute in attributes}
    if role == OWN or all(getattr(found, key) == value for key, value in said.items()):
        return found
    return _noted(_set(found, said), name, role)


def _set(found: Original, values: dict[str, Any]) -> Original:
    return replace(found, **values)


def _noted(found: Original, name: str, role: str) -> Original:
    note = f"{name}: from {role}"
    return found if note in found.notes else replace(found, notes=(*found.notes, note))
