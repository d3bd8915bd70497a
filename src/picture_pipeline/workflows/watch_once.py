"""Watch once: the two looks that the gate needs, then one import, as cron runs it."""

from dataclasses import dataclass

from picture_pipeline.errors import Interrupted
from picture_pipeline.model.report import ImportReport
from picture_pipeline.ports import Source
from picture_pipeline.workflows.watch import Pulse, Watch
from picture_pipeline.workflows.watched import Watched


@dataclass(frozen=True, slots=True)
class WatchedOnce:
    """How it ended."""

    report: ImportReport
    away: tuple[Watched, ...]
    """Sources that were not there, or could not be looked at."""


def watch_once(watch: Watch) -> WatchedOnce:
    """Look twice, take in what stood still, and say what still waits.

    Raises ArchiveUnavailable, CatalogUnavailable, IntegrityError, Interrupted.
    """
    watch.notes.take_up(watch.sources)
    try:
        for each in watch.sources:
            each.look()
        watch.compare_changed()
        _wait(watch)
        _must_go_on(watch)
        there = [(each, each.source) for each in watch.sources if each.source is not None]
        report = _take_in(watch, there)
        away = tuple(each for each in watch.sources if each.source is None)
        return WatchedOnce(report, away)
    finally:
        watch.end()


def _wait(watch: Watch) -> None:
    """Wait until all that stands still now could have been seen twice."""
    until = watch.clock.seconds() + max(
        (each.gate.patience.settle for each in watch.sources if len(each.gate)), default=0.0
    )
    if not any(len(each.gate) for each in watch.sources):
        return
    while watch.clock.seconds() < until and not watch.stopping():
        watch.sleep(until - watch.clock.seconds())
    for each in watch.sources:
        each.look_at_waiting()
    watch.compare_changed()


def _must_go_on(watch: Watch) -> None:
    if watch.stopping():
        raise Interrupted("stopped before anything was taken in; run the command again")


def _take_in(watch: Watch, there: list[tuple[Watched, Source]]) -> ImportReport:
    ready = [each.gate.ready(watch.clock.seconds()) for each, _ in there]
    gated = [watch.gated(each, source, None) for each, source in there]
    report = watch.rooms.take_in(gated, Pulse(watch.alive), whole=True)
    if not report.interrupted:
        for (each, source), offered in zip(there, ready, strict=True):
            watch.took(each, source, offered, report)
    return report
