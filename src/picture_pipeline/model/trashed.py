"""An original that leaves the archive for its trash, with all that is booked of it."""

from dataclasses import dataclass

from picture_pipeline.model.asset import AssetKind, Membership
from picture_pipeline.model.original import Original, Sighting


@dataclass(frozen=True, slots=True)
class SeenAt:
    """A sighting as it was booked; ``sighting.seen_at`` is when it was first seen."""

    sighting: Sighting
    current: bool
    """Whether these bytes lay there when the source was last looked at."""
    last_seen: str | None = None
    """None: still there at the folder's last scan."""


@dataclass(frozen=True, slots=True)
class Trashed:
    """What is needed to bring an original back as it was."""

    original: Original
    kind: AssetKind
    """Of its asset."""
    seen: tuple[SeenAt, ...]
    folder: str
    """Of the trash, relative to the archive's root; below it lies the same path."""
    serves: tuple[Membership, ...] = ()
    """Further assets that it serves as a companion."""
