"""Derived pictures. The user-facing word is thumbnail."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RenditionSpec:
    """A box in pixels that a rendition fits inside, never enlarged."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RenderedPicture:
    """One finished rendition: sRGB JPEG without metadata, upright."""

    name: str
    width: int
    height: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """All renditions of one original, from one decode."""

    pictures: tuple[RenderedPicture, ...]


@dataclass(frozen=True, slots=True)
class Unrenderable:
    """No rendition could be made; ``reason`` is a code of the documented table."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class RenditionEntry:
    """One rendition in the local books."""

    name: str
    width: int
    height: int
    size: int
    """Bytes of the file."""
