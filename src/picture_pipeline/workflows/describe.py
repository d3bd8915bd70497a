"""Describe an original by its companions and sources: what they add, and how it is taken back."""

import json
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

from picture_pipeline.model.original import Original
from picture_pipeline.model.told import NOTHING, Told

Enrich = Callable[[Original, Sequence[Original], Told], Original]
"""Given an original, its companions and what sources tell: the original with all of it."""
_FIXED = frozenset({"own", "asset", "role"})
_NAMES = tuple(field.name for field in fields(Original) if field.name not in _FIXED)


def described(
    original: Original,
    companions: Sequence[Original],
    told: Told,
    enrich: Enrich,
) -> Original:
    """Give an original with what others say of it, in place of what they said before.

    What its own bytes say of the same fields is kept in ``own``.
    """
    own = without_companions(original)
    if not companions and told == NOTHING:
        return own
    now = enrich(own, companions, told)
    replaced = {
        name: getattr(own, name) for name in _NAMES if getattr(own, name) != getattr(now, name)
    }
    return replace(now, own=json.dumps(replaced, sort_keys=True) if replaced else None)


def without_companions(original: Original) -> Original:
    """Give an original as its own bytes tell it."""
    if original.own is None:
        return original
    values: dict[str, Any] = json.loads(original.own)
    plain: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return replace(original, own=None, **plain)
