"""THE table of sources: one row a kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from picture_pipeline.sources.albums import no_albums, photosync_albums
from picture_pipeline.sources.glimpse import Glimpse
from picture_pipeline.sources.ignored import GENERAL, IMMICH, SYNOLOGY, Rules
from picture_pipeline.sources.recognising import (
    Guess,
    recognise_apple_photos,
    recognise_camera,
    recognise_icloudpd,
    recognise_immich,
    recognise_iphone,
    recognise_nothing,
    recognise_photosync,
    recognise_rsync,
    recognise_synology,
)
from picture_pipeline.sources.takeout_signs import recognise_icloud_takeout, recognise_takeout

AUTO = "auto"
"""No kind: whatever is recognised."""
FALLBACK = "folder"


@dataclass(frozen=True, slots=True)
class SourceKind:
    """What is known of all sources of a kind."""

    name: str
    title: str
    """For people, with its article."""
    recognise: Callable[[Glimpse], Guess | None]
    rules: Rules = GENERAL
    albums: Callable[[bytes, bytes], tuple[str, ...]] = no_albums
    """Given the source's path and a folder in it: the albums that its files are in."""
    schemes: tuple[str, ...] = ()
    """Of one that is no folder, what its address begins with: ``usb`` of ``usb:``."""
    rank: int = 1
    """0: files as the device wrote them; the higher, the likelier they were changed on the way."""


_ROWS = (
    SourceKind("apple_photos", "an Apple Photos library", recognise_apple_photos, rank=0),
    SourceKind("takeout", "a Google Takeout, or zips", recognise_takeout, rank=1),
    SourceKind("icloud_takeout", "an iCloud export", recognise_icloud_takeout, rank=0),
    SourceKind("immich", "Immich's own storage", recognise_immich, IMMICH, rank=2),
    SourceKind(
        "immich_api", "an Immich server", recognise_nothing, schemes=("http", "https"), rank=2
    ),
    SourceKind("iphone", "an iPhone's DCIM", recognise_iphone, rank=0),
    SourceKind("iphone_usb", "an iPhone by USB", recognise_nothing, schemes=("usb",), rank=0),
    SourceKind("camera", "a camera's card", recognise_camera, rank=0),
    SourceKind("icloudpd", "an icloudpd folder", recognise_icloudpd, rank=0),
    SourceKind(
        "photosync", "a PhotoSync folder", recognise_photosync, albums=photosync_albums, rank=1
    ),
    SourceKind("synology", "a Synology folder", recognise_synology, SYNOLOGY, rank=1),
    SourceKind("rsync", "a folder that rsync fills", recognise_rsync, rank=1),
    SourceKind(FALLBACK, "a plain folder", recognise_nothing, rank=1),
)
KINDS: Mapping[str, SourceKind] = {row.name: row for row in _ROWS}
"""By name; of two that are equally sure, the one that stands first wins."""


def kind_of_address(path: bytes) -> str | None:
    """Give the kind of a source that is no folder, by its address; None for a path."""
    scheme, colon, _ = path.partition(b":")
    by_scheme = {scheme: row.name for row in KINDS.values() for scheme in row.schemes}
    return by_scheme.get(scheme.decode("ascii", "replace").lower()) if colon else None


LEAST_CONFIDENCE = 0.5
"""Below it a folder is a plain one."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What kind a source is, and how that is known."""

    kind: SourceKind
    confidence: float
    """0 to 1; 1 for one that was configured."""
    reason: str
    by_itself: bool
    """Whether the folder told, not the person."""


def recognise(glimpse: Glimpse) -> Recognised:
    """Find the kind that a folder looks like most; a plain folder when none is likely."""
    guesses = [(row, row.recognise(glimpse)) for row in KINDS.values()]
    likely = [(row, g) for row, g in guesses if g and g.confidence >= LEAST_CONFIDENCE]
    if not likely:
        return Recognised(KINDS[FALLBACK], 0.0, "no program's or device's layout", by_itself=True)
    row, guess = max(likely, key=lambda pair: pair[1].confidence)
    return Recognised(row, guess.confidence, guess.reason, by_itself=True)
