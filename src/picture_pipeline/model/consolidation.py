"""What comparing sources with the archive came to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest


class State(StrEnum):
    """What a file, or a whole asset, of a source is to the archive."""

    EQUAL = "equal"
    """The archive holds these bytes."""
    ARCHIVED_BETTER = "archived_better"
    """The archive holds a copy of the same shot that is at least as good."""
    BETTER_HERE = "better_here"
    """The archive's copy of the same shot is the lesser one, or lacks a part."""
    ONLY_HERE = "only_here"
    INCOMPLETE = "incomplete"
    """Cut short or undecodable, and the archive holds no other copy."""
    UNREADABLE = "unreadable"
    """Nobody knows what it is: it could not be read, or was still growing."""


class Verdict(StrEnum):
    """Whether a source may be switched off."""

    SAFE = "safe"
    UNIQUE = "unique"
    """It holds what the archive lacks."""
    UNFINISHED = "unfinished"
    """It was not seen whole, so nobody can tell."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file of a source."""

    path: bytes
    """Relative to the source."""
    size: int
    state: State
    digest: Digest | None = None
    archived_as: Digest | None = None
    """The archive's copy of the same shot."""
    probable: bool = False
    """Whether the archive's copy is the same shot in all likelihood only."""
    why: str = ""
    """By what the better copy is better, or why a file could not be read."""
    frees: int = 0
    """Bytes that giving it back would free: none for a link or a placeholder, once for a file
    with several names."""


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What one source adds to the archive."""

    name: SourceName
    path: bytes
    kind: str
    assets: int
    archived_equal_or_better: int
    only_here: int
    better_here: int
    differs: int
    """Assets of which the archive holds a copy with other bytes, whichever is the better one."""
    probable: int
    """Of those: how many are the same shot in all likelihood only."""
    unreadable: int
    verdict: Verdict
    reasons: tuple[str, ...]
    """Why it was not seen whole."""
    reclaimable_bytes: int
    files: int
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class PairReport:
    """What two sources share, in assets."""

    a: SourceName
    b: SourceName
    both: int
    only_a: int
    only_b: int


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The whole comparison."""

    sources: tuple[SourceReport, ...]
    pairs: tuple[PairReport, ...]
    unhashed: int = 0
    """Originals without a thumbnail on this computer: only their bytes were compared."""
    alone: Mapping[SourceName, int] = field(default_factory=dict)
    """Of several sources: the assets of each that none of the others has."""
