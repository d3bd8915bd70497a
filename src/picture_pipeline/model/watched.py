"""What a watch knows of its sources, and keeps from one start to the next."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum
from typing import NamedTuple

from picture_pipeline.model.candidate import FileStamp, SourceName

STOPPED = "it was stopped"
"""What a watch that was asked to end notes as its trouble."""


class SourceStatus(StrEnum):
    """How a watched source stands."""

    WATCHED = "watched"
    UNMOUNTED = "unmounted"
    """Its folder is missing, empty, or another one than before: nothing is concluded from that."""
    SHRUNKEN = "shrunken"
    """It lost many files; new ones are taken in all the same."""
    TROUBLED = "troubled"
    """It could not be looked at; the detail says why."""


class Verdict(Enum):
    """What is to be done with a file now."""

    WAIT = "wait"
    IF_WHOLE = "if_whole"
    AS_IT_IS = "as_it_is"


class Place(NamedTuple):
    """Where in a source a candidate turned up; a tuple because many may wait."""

    folder: bytes
    name: bytes


@dataclass(frozen=True, slots=True)
class StandingStill:
    """A file that was looked at and found cut short, kept over a restart."""

    place: Place
    stamp: FileStamp
    since: float
    """Since when it is unchanged: seconds since 1970, UTC."""
    tries: int


@dataclass(frozen=True, slots=True)
class Glanced:
    """What one pass over a source came to."""

    changed: frozenset[bytes]
    """Folders to be compared with the catalog, relative to the source."""
    is_full: bool = False
    files: int = 0
    """All entries that are no folders; a folder pass counts only where it looked."""
    size: int = 0
    """Their bytes."""
    unlistable: int = 0
    """Folders that could not be listed; what lies in them is not counted."""


@dataclass(frozen=True, slots=True)
class Root:
    """What lies at a source's path."""

    device: int
    inode: int
    is_empty: bool
    markers: frozenset[bytes]
    """Which of the files that mark a mounted volume lie there."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a source was like when it was last seen whole."""

    device: int
    files: int
    markers: frozenset[bytes]
    shrunken_since: float | None = None
    """Seconds since 1970, UTC."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the watch last noted of a source. Times are seconds since 1970, UTC."""

    name: SourceName
    path: bytes
    status: SourceStatus
    detail: str = ""
    noted_at: float = 0.0
    last_pass: float | None = None
    last_new: float | None = None
    waiting: int = 0
    baseline: Baseline | None = None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source stands, for a person; times are aware, in UTC."""

    name: SourceName
    path: bytes
    status: SourceStatus
    detail: str
    last_pass: datetime | None
    last_new: datetime | None
    files: int | None
    """At the last full pass."""
    waiting: int
    is_stale: bool
    """Whether no new file came for ``storage.sync.stale_after_days``."""


@dataclass(frozen=True, slots=True)
class WatchHealth:
    """How the watch of this computer stands."""

    heartbeat: datetime | None
    """When a watch last told of itself; None: none ever ran here."""
    is_alive: bool
    """Whether that is recent: at most three poll intervals and ten minutes ago."""
    trouble: str
    """What the watch as a whole waits for (the archive, the database); empty when nothing."""
    sources: tuple[SourceHealth, ...]
    was_stopped: bool = False
    """Whether the last one that ran for ever was asked to end, and did."""
