"""Taking an import back: what a run added, and what is to become of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.run import RunId


class Staying(StrEnum):
    """Why an original stays in the archive though its run is taken back."""

    ONLY_COPY = "only_copy"
    """Its file in the source was freed or reclaimed."""
    SEEN_AGAIN = "seen_again"
    """Another run saw the same bytes."""
    OLDER = "older"
    """It lay in the archive before the run; the run only booked it."""
    MISSING = "missing"
    """It does not lie where the catalog says."""
    EDITED = "edited"
    """Another program has changed its sidecar."""
    MEMBER = "member"
    """It is of one asset with an original that stays."""
    NEEDED = "needed"
    """An original that stays names it as what superseded it, or as what it revises."""


@dataclass(frozen=True, slots=True)
class Added:
    """An original that a run archived, with what else refers to it."""

    digest: Digest
    path: str
    size: int
    sidecar_sha256: str
    assets: frozenset[Digest]
    """Its own, and those that it serves as a companion."""
    names: frozenset[Digest] = frozenset()
    """Originals that it names: what superseded it, what it revises."""
    seen_by: tuple[RunId, ...] = ()
    """Other runs that saw it, without those taken back."""
    only_copy: bool = False


@dataclass(frozen=True, slots=True)
class Additions:
    """All that a run archived and the archive still holds."""

    run: RunId
    started_at: str
    originals: tuple[Added, ...] = ()
    occupied: frozenset[Digest] = frozenset()
    """Assets that have members which other runs archived."""
    named: frozenset[Digest] = frozenset()
    """Originals that others, which other runs archived, name."""
    heads: Mapping[str, int] = field(default_factory=dict)
    """Where each writer's events ended when this was read."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What lies in the archive of an original."""

    present: bool
    sidecar_sha256: str | None
    """None: it has no sidecar."""
    ingested_at: str | None
    """What its sidecar says."""


@dataclass(frozen=True, slots=True)
class Leave:
    """An original that goes into the trash."""

    digest: Digest
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Stay:
    """An original that stays, and why."""

    digest: Digest
    path: str
    reason: Staying
    detail: str


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What taking a run back does."""

    run: RunId
    parts: tuple[tuple[Leave, ...], ...] = ()
    """Those that belong together go together: whole assets, never a part of one."""
    stays: tuple[Stay, ...] = ()

    @property
    def leaves(self) -> tuple[Leave, ...]:
        """All that go."""
        return tuple(leave for part in self.parts for leave in part)

    @property
    def size(self) -> int:
        """Bytes of all that go."""
        return sum(leave.size for part in self.parts for leave in part)


@dataclass(frozen=True, slots=True)
class News:
    """What others booked since a plan was made."""

    heads: Mapping[str, int]
    digests: frozenset[Digest] = frozenset()
    assets: frozenset[Digest] = frozenset()
    named: frozenset[Digest] = frozenset()


@dataclass(frozen=True, slots=True)
class TrashFolder:
    """A folder of the trash."""

    path: str
    """Relative to the archive's root."""
    run: RunId
    day: str
    """``YYYY-MM-DD``, UTC, on which it was begun."""
    count: int
    """Originals in it."""
    size: int
    """Bytes of all files in it."""
