"""What a command tells of its run."""

from dataclasses import dataclass

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.run import Counts, RunId


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was not taken in. ``path`` is absolute."""

    path: bytes
    outcome: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Warned:
    """An archived original that something is amiss with. ``path`` is absolute."""

    path: bytes
    digest: Digest
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How an import ended; ``seen`` of the counts adds up."""

    run: RunId
    counts: Counts
    seconds: float
    problems: tuple[Problem, ...]
    warnings: tuple[Warned, ...]
    interrupted: bool = False
