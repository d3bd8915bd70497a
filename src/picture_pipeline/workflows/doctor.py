"""Look at everything that must be well, and tell what to do where it is not."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from picture_pipeline.errors import PipelineError
from picture_pipeline.model.finding import Finding, Severity
from picture_pipeline.model.watched import SourceHealth, SourceStatus, WatchHealth

Look = Callable[[], Iterable[Finding]]
"""One examination; may raise a PipelineError, which becomes a finding."""

GIB = 1 << 30
_WATCH = "watch"
_SOURCES = "sources"
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


def judge_watch(health: WatchHealth) -> Iterator[Finding]:
    """Judge how the watch and its sources stand."""
    if health.heartbeat is None:
        what = "no watch has run on this computer yet"
        yield Finding(_WATCH, Severity.NOTE, what, "start it: picture-pipeline watch")
    elif health.was_stopped:
        what = f"the watch was stopped on {health.heartbeat:%Y-%m-%d at %H:%M} UTC"
        yield Finding(_WATCH, Severity.WARNING, what, "start it again: picture-pipeline watch")
    elif not health.is_alive:
        what = f"no watch runs; it was last heard of on {health.heartbeat:%Y-%m-%d at %H:%M} UTC"
        yield Finding(_WATCH, Severity.ERROR, what, "start it again, and look at its log")
    elif health.trouble:
        do = "it tries again by itself; look at what is away"
        yield Finding(_WATCH, Severity.WARNING, f"the watch waits: {health.trouble}", do)
    else:
        yield Finding(_WATCH, Severity.OK, "the watch is at work")


def judge_watched(health: WatchHealth) -> Iterator[Finding]:
    """Judge the sources that are watched."""
    for source in health.sources:
        yield _judge_source(source)


def _judge_source(source: SourceHealth) -> Finding:
    if source.status is not SourceStatus.WATCHED:
        what = f"{source.name}: {source.status.value}: {source.detail}"
        do = "look whether it is mounted; nothing of it is forgotten"
        return Finding(_SOURCES, Severity.WARNING, what, do)
    if source.is_stale:
        last = f"{source.last_new:%Y-%m-%d}" if source.last_new else "ever"
        what = f"{source.name}: nothing new since {last}"
        do = "look whether what fills it still runs (for icloudpd: its login)"
        return Finding(_SOURCES, Severity.WARNING, what, do)
    waiting = f", {source.waiting} waiting" if source.waiting else ""
    return Finding(_SOURCES, Severity.OK, f"{source.name}: {source.files or 0} files{waiting}")
