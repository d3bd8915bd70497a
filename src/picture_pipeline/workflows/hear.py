"""Hear what sources tell of an original: every place it lies at, added up. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import fields

from picture_pipeline.model.asset import Place
from picture_pipeline.model.told import NOTHING, Told

Said = tuple[object, ...]
"""What several places say of one field, those that say nothing left out."""


def heard(places: Iterable[Place]) -> Told:
    """Give what all current places of an original tell together.

    A place tells as long as no other bytes were seen there, so also when it is
    gone: a card that was freed keeps its albums. Neither the order of the places
    nor how often one is named makes a difference: lists add up, sorted; of
    single values that of the first place by source, folder and name counts.
    """
    telling = {p for p in places if p.current and p.told != NOTHING}
    if not telling:
        return NOTHING
    ordered = [p.told for p in sorted(telling, key=lambda p: (p.source, p.folder, p.name))]
    together = {name: how(_said(ordered, name)) for name, how in _HOW.items()}
    return Told(**together, **_position(ordered))  # type: ignore[arg-type]  # a row for each field


def _said(told: Iterable[Told], name: str) -> Said:
    values = (getattr(one, name) for one in told)
    return tuple(value for value in values if value not in (None, ()))


def _added(said: Said) -> tuple[str, ...]:
    return tuple(sorted({word for words in said if isinstance(words, tuple) for word in words}))


def _any(said: Said) -> bool | None:
    return any(said) if said else None


def _first(said: Said) -> object:
    return said[0] if said else None


def _position(told: Iterable[Told]) -> dict[str, float]:
    """Give the first position that is whole."""
    for one in told:
        if one.latitude is not None and one.longitude is not None:
            return {"latitude": one.latitude, "longitude": one.longitude}
    return {}


_SINGLE = (field.name for field in fields(Told) if field.name not in ("latitude", "longitude"))
_HOW: dict[str, Callable[[Said], object]] = {
    **dict.fromkeys(_SINGLE, _first),
    "albums": _added,
    "people": _added,
    "tags": _added,
    "favourite": _any,
    "hidden": _any,
    "deleted": _any,
}
