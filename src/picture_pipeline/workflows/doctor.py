"""Look at everything that must be well, and tell what to do where it is not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from picture_pipeline.errors import PipelineError
from picture_pipeline.model.finding import Finding, Severity

Look = Callable[[], Iterable[Finding]]
"""One examination; may raise a PipelineError, which becomes a finding."""

GIB = 1 << 30
_LEAST_FREE = 0.01
"""Part of a disk; below it imports stop."""
_SOON_FULL = 0.05


@dataclass(frozen=True, slots=True)
class Space:
    """What is left on a disk, bytes."""

    free: int
    total: int


def examine(looks: Mapping[str, Sequence[Look]], areas: Iterable[str] = ()) -> list[Finding]:
    """Look at some areas (none named: at all), in their order.

    An area in which nothing was found wrong gets one finding that says so.
    """
    wanted = list(areas) or list(looks)
    return [finding for area in looks if area in wanted for finding in _area(area, looks[area])]


def _area(area: str, looks: Sequence[Look]) -> Iterator[Finding]:
    found = [finding for look in looks for finding in _look(area, look)]
    yield from found
    if not found:
        yield Finding(area, Severity.OK, "nothing wrong")


def _look(area: str, look: Look) -> list[Finding]:
    try:
        return list(look())
    except PipelineError as error:
        what, _, do = str(error).partition("; ")
        return [Finding(area, Severity.ERROR, what, do or None)]


def is_well(findings: Iterable[Finding]) -> bool:
    """Tell whether nothing is broken; warnings are still well."""
    return not any(finding.severity is Severity.ERROR for finding in findings)


def judge_space(area: str, place: str, space: Space) -> Finding:
    """Judge what is left on a disk."""
    free = f"{place}: {space.free / GIB:,.1f} GB of {space.total / GIB:,.1f} GB are free"
    part = space.free / space.total if space.total else 0
    if part < _LEAST_FREE:
        do = "free space there, or move it to a larger disk; nothing more is taken in"
        return Finding(area, Severity.ERROR, free, do)
    if part < _SOON_FULL:
        return Finding(area, Severity.WARNING, free, "free space there soon")
    return Finding(area, Severity.OK, free)
