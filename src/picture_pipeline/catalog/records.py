"""From frozen values to rows and back."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.original import Original
from picture_pipeline.model.told import NOTHING, Told

_WORDS = {"keyword": "keywords", "tag": "tags", "album": "albums", "person": "people"}
"""Kind of a row in the table ``keywords`` -> attribute."""
_NOT_COLUMNS = {*_WORDS.values(), "notes"}
_PLAIN = tuple(field.name for field in fields(Original) if field.name not in _NOT_COLUMNS)
_LARGEST = 0x7FFF_FFFF_FFFF_FFFF
_WALL = re.compile(r"(.{19})(?:\.(\d{1,6}))?")


def clean(text: str) -> str:
    """Make text storable: PostgreSQL takes no NUL, no database takes lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def original_row(original: Original) -> dict[str, object]:
    """Give the row of the table ``originals``."""
    row = {name: _clean_value(getattr(original, name)) for name in _PLAIN}
    row["taken_sort"] = taken_sort(original.taken_at)
    row["notes"] = clean("\n".join(original.notes)) or None
    return row


def _clean_value(value: object) -> object:
    return clean(value) if isinstance(value, str) else value


def folder_key(path: bytes) -> bytes:
    """Give what a folder is found by, whatever its path's length."""
    return hashlib.sha256(path).digest()


def taken_sort(taken_at: str) -> str:
    """Give a key that sorts by local wall time: fixed width, without the offset."""
    wall = _WALL.match(taken_at)
    whole, fraction = wall.groups() if wall else (taken_at, None)
    return f"{whole}.{fraction or '':0<6}"


def keyword_rows(original_id: int, original: Original) -> list[dict[str, object]]:
    """Give the rows of the table ``keywords``."""
    return [
        {"original_id": original_id, "kind": kind, "position": position, "word": clean(word)}
        for kind, attribute in _WORDS.items()
        for position, word in enumerate(getattr(original, attribute))
    ]


Words = Mapping[str, tuple[str, ...]]
"""Attribute -> what the rows of ``keywords`` hold of it."""


def words_of(pairs: Iterable[tuple[str, str]]) -> Words:
    """Sort words, each behind its kind, by attribute; they come in the order of their positions."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for kind, word in pairs:
        found[_WORDS[kind]].append(word)
    return {name: tuple(words) for name, words in found.items()}


def original_of(row: RowMapping, words: Words | None = None) -> Original:
    """Build the value from a row of ``originals`` and its keywords."""
    plain: dict[str, Any] = {name: row[name] for name in _PLAIN}
    plain["original_name"] = bytes(plain["original_name"])
    notes = tuple(row["notes"].split("\n")) if row["notes"] else ()
    return Original(**plain | dict(words or {}), notes=notes)


def told_text(told: Told) -> str | None:
    """Give what the column ``told`` holds of a sighting; nothing for a source that is silent."""
    return clean(told.encoded()) if told != NOTHING else None


def told_of(text: str | None) -> Told:
    """Read the column ``told``."""
    return Told.decoded(text) if text else NOTHING


def stamp_columns(stamp: FileStamp) -> dict[str, int]:
    """Give the columns that hold a stamp; databases hold signed 64 bits.

    Some file systems keep times beyond the year 2262; such a file is never
    taken for unchanged.
    """
    return {name: max(-_LARGEST - 1, min(n, _LARGEST)) for name, n in stamp._asdict().items()}
