"""What another program's server tells of one of its assets."""

from dataclasses import dataclass
from enum import StrEnum


class Visibility(StrEnum):
    """Where an Immich server shows an asset; its words."""

    TIMELINE = "timeline"
    ARCHIVE = "archive"
    HIDDEN = "hidden"
    """The films of Live Photos."""


@dataclass(frozen=True, slots=True)
class ServerAsset:
    """One asset of an Immich server; its id is a UUID in lower case."""

    id: str
    name: str
    """As the person's file was called; hostile: it may hold anything."""
    path: str
    """Where the server itself finds the bytes."""
    taken: str
    """The server's idea of the capture time, UTC, ``YYYY-MM-DDTHH:MM:SS.mmmZ``."""
    created: str
    """When the server got it, the same form; empty where it does not tell."""
    modified_ns: int
    """Modification time of the file, nanoseconds since 1970."""
    size: int | None
    """Bytes; None while the server has not looked at the file yet."""
    checksum: str
    """Base64; equal for equal bytes of uploads, and for equal paths of external libraries."""
    sha1: str | None
    """Of the bytes, in hexadecimal; None for external libraries, whose bytes nobody hashed."""
    owner: str
    visibility: Visibility
    favourite: bool
    trashed: bool
    offline: bool
    live_film: str | None
    """Id of the film that belongs to a Live Photo."""
    people: tuple[str, ...] = ()
    caption: str | None = None
    rating: int | None = None
    position: tuple[float, float] | None = None
    """Latitude and longitude, degrees, WGS 84."""
