"""Runs and batches: what one command did, and what is published together."""

from dataclasses import dataclass
from typing import NewType

from picture_pipeline.model.asset import Group
from picture_pipeline.model.event import Event
from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.model.original import Original, Refusal, Sighting
from picture_pipeline.model.rendition import RenditionEntry, Unrenderable
from picture_pipeline.model.trashed import Trashed

RunId = NewType("RunId", int)


@dataclass(frozen=True, slots=True)
class Counts:
    """How a run's entries ended; ``seen`` is always the sum of the other five."""

    imported: int = 0
    duplicate: int = 0
    skipped: int = 0
    rejected: int = 0
    failed: int = 0
    bytes_imported: int = 0

    @property
    def seen(self) -> int:
        """Every entry that is no real folder."""
        return self.imported + self.duplicate + self.skipped + self.rejected + self.failed


@dataclass(frozen=True, slots=True)
class Publication:
    """An original that is staged and about to be published, with its renditions."""

    token: str
    original: Original
    sighting: Sighting
    renditions: tuple[RenditionEntry, ...] = ()
    unrenderable: Unrenderable | None = None
    picture_hash: PictureHash | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of an original that was archived before."""

    original: Original
    """As it is to be from now on."""
    sidecar: bytes | None = None
    """The sidecar's new content; None leaves it as it is."""
    sidecar_before: str = ""
    """SHA-256 of the sidecar that may be replaced: the one that we wrote."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one publishing transaction writes, in a form that survives a crash.

    ``staging`` is the run's folder below ``incoming/``.
    """

    id: str
    run: RunId
    writer: str
    staging: str
    time: str
    """UTC of the batch; its events carry it."""
    publications: tuple[Publication, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    """Duplicates: further sightings of originals that the archive holds already."""
    refusals: tuple[Refusal, ...] = ()
    events: tuple[Event, ...] = ()
    changes: tuple[Change, ...] = ()
    """Of originals that were archived before: regrouped, or told more by a companion."""
    groups: tuple[Group, ...] = ()
    """The assets that are new or changed, whole."""
    removed: tuple[Trashed, ...] = ()
    """Originals that go into the trash."""
    restored: tuple[Trashed, ...] = ()
    """Originals that come back from the trash."""
