"""What kind of file some bytes are."""

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """What an original is good for: which decoder it meets, and its part in an asset."""

    STILL = "still"
    RAW = "raw"
    VIDEO = "video"
    COMPANION = "companion"
    """Says something about a picture (AAE, XMP, JSON, XML) or belongs to one (WAV)."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """A recognised file type: IANA name and the extension the archive gives it."""

    name: str
    """For instance ``image/jpeg``."""
    extension: str
    """Lower case, without the dot, for instance ``jpg``."""
    family: Family = Family.STILL


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Recognised, but of a type that is not taken in (yet)."""

    name: str
    """IANA-like name, for instance ``image/svg+xml``."""
