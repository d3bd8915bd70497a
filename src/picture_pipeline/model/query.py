"""What is asked of the catalog, and what it answers."""

from dataclasses import dataclass

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.original import Original
from picture_pipeline.model.rendition import RenditionEntry
from picture_pipeline.model.run import Counts, RunId


@dataclass(frozen=True, slots=True)
class Filter:
    """Which originals are meant; every given part must fit.

    ``taken_from`` and ``taken_to`` are prefixes of local wall time
    (``2024``, ``2024-03``, ``2024-03-15T10``), both inclusive.
    """

    taken_from: str | None = None
    taken_to: str | None = None
    media_type: str | None = None
    """A media type, its first half (``image``), or its second (``heic``)."""
    camera: str | None = None
    """Part of make or model, whatever the case."""
    source: str | None = None
    tag: str | None = None
    """A keyword, or a hierarchical tag with everything below it."""
    album: str | None = None
    person: str | None = None
    """Whole names, as ``show`` tells them."""
    favourite: bool | None = None
    rating: int | None = None
    """At least this many stars."""
    has_gps: bool | None = None
    incomplete: bool | None = None
    """Cut short, and no whole one has come in its place."""


@dataclass(frozen=True, slots=True)
class SightingShown:
    """A sighting as ``show`` tells it; ``path`` is relative to the source."""

    source: str
    path: bytes
    first_seen: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class AssetMember:
    """An original's part in its asset."""

    digest: Digest
    role: str


@dataclass(frozen=True, slots=True)
class AssetListed:
    """An asset as ``list --assets`` tells it."""

    primary: Original
    """Without keywords."""
    kind: str
    members: tuple[AssetMember, ...]
    """The primary first."""


@dataclass(frozen=True, slots=True)
class OriginalShown:
    """All that is known of one original."""

    original: Original
    owner: str | None
    asset_kind: str
    members: tuple[AssetMember, ...]
    sightings: tuple[SightingShown, ...]
    renditions: tuple[RenditionEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Total:
    """Files and their bytes."""

    count: int
    size: int


@dataclass(frozen=True, slots=True)
class SourceTotal:
    """What a source was seen to hold."""

    name: str
    kind: str
    files: int
    size: int
    archived: int
    """Originals first or also seen there."""
    last_new: str | None


@dataclass(frozen=True, slots=True)
class CatalogTotals:
    """What the catalog adds up to."""

    assets: int
    originals: Total
    types: tuple[tuple[str, Total], ...]
    sources: tuple[SourceTotal, ...]
    incomplete: int
    """Originals whose container is known to be cut short."""


@dataclass(frozen=True, slots=True)
class RunListed:
    """A run that took files in, as ``imports`` lists it; times are UTC."""

    run: RunId
    command: str
    writer: str
    started_at: str
    ended_at: str | None
    status: str
    """``running`` (or killed since), ``finished``, ``interrupted`` or ``failed``."""
    counts: Counts
    sources: tuple[str, ...]
    undone_at: str | None
