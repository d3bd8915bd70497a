"""What a comparison needs to know of a picture to tell whether another one shows the same shot."""

from dataclasses import dataclass

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.media import Family

HASHER_VERSION = 1
"""Rises when the hash of a picture that did not change may come out otherwise."""


@dataclass(frozen=True, slots=True)
class PictureHash:
    """The perceptual hash of a picture that stands upright."""

    pdq: bytes
    """PDQ, 256 bits in 32 bytes; their hex is what other PDQ programs write."""
    quality: int
    """0 to 100; below 50 the picture is too plain for its hash to mean anything."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """One original or candidate as far as comparing needs it; None is unknown.

    ``taken_at`` and ``taken_from`` as in ``model.original``. Pixels stand
    upright. The same for what is archived and what is not.
    """

    digest: Digest
    size: int
    """Bytes."""
    media_type: str
    family: Family
    taken_at: str
    taken_from: str
    subsecond: str | None = None
    make: str | None = None
    model: str | None = None
    burst: str | None = None
    content_identifier: str | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    """Seconds."""
    has_gps: bool = False
    details: int = 0
    """How many facts the bytes tell: lens, exposure, position, identifiers."""
    incomplete: bool = False
    """Whether its container is cut short."""
    decodes: bool = True
    hash: PictureHash | None = None
    gray: bytes = b""
    """32 x 32 levels of gray, row by row; empty where nobody asked for them."""
