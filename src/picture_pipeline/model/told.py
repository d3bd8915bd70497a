"""What a source tells of a candidate besides its bytes."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """Facts from a source's own books: an album's folder, a CSV, another program's API.

    Empty and None mean that the source does not tell. Words are as the source
    has them. Every sighting may tell something else of the same original;
    they are added up when the original is described.
    """

    albums: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Paths of words, ``A/B``."""
    favourite: bool | None = None
    hidden: bool | None = None
    """Hidden or archived there; it is archived here all the same."""
    deleted: bool | None = None
    """In that program's trash."""
    title: str | None = None
    caption: str | None = None
    rating: int | None = None
    """-1 to 5."""
    taken_at: str | None = None
    """``YYYY-MM-DDTHH:MM:SS[.ffffff]``, with offset where one is known; ``+00:00`` for UTC."""
    latitude: float | None = None
    longitude: float | None = None
    """Degrees, WGS 84; both or none."""
    stack: str | None = None
    """Names what the source shows as one stack; equal for all in it."""
    original_name: str | None = None
    """The file's own name, where the source keeps it under another."""

    def said(self) -> dict[str, object]:
        """Give what is told, without what is not."""
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}

    def encoded(self) -> str:
        """Give canonical JSON of what is told; ``{}`` when nothing is."""
        return json.dumps(self.said(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def decoded(cls, text: str) -> "Told":
        """Read what ``encoded`` gave; keys of later versions are passed over."""
        known = {field.name for field in fields(cls)}
        said: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(text).items()
            if name in known
        }
        return cls(**said)


NOTHING = Told()
