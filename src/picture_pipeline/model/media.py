"""What kind of file some bytes are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaType:
    """A recognised file type: IANA name and the extension the archive gives it."""

    name: str
    """For instance ``image/jpeg``."""
    extension: str
    """Lower case, without the dot, for instance ``jpg``."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Recognised, but of a type that is not taken in (yet)."""

    name: str
    """IANA-like name, for instance ``video/quicktime``."""
