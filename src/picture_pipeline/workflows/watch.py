"""Watch sources for ever: look, compare what changed with the catalog, take in what stood still.

Idling needs neither the archive nor the catalog. When one of them is away, that is said
once and tried again ever more rarely; a source that is away stops no other.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from picture_pipeline.errors import Interrupted, PipelineError, Unavailable, UsageError
from picture_pipeline.model.report import ImportReport
from picture_pipeline.model.times import format_utc
from picture_pipeline.model.watched import STOPPED
from picture_pipeline.ports import Catalog, Source
from picture_pipeline.ports.watching import ListableSource, WatchRooms
from picture_pipeline.workflows.outage import Outage
from picture_pipeline.workflows.watch_compare import Comparison
from picture_pipeline.workflows.watch_notes import WatchNotes
from picture_pipeline.workflows.watched import Clock, Watched

_LOG = logging.getLogger(__name__)

_SHORTEST_SLEEP = 0.1
_AFTER_UNFORESEEN = 60.0
"""Seconds; the first pause after an error that nobody foresaw."""
_AT_ONCE = 2000
"""Files of one import, about a minute's work: the other sources are looked at in between."""

Gated = Callable[[Watched, Source, tuple[bytes, ...] | None], Source]
"""Puts a source, of which these folders (None: all) are meant, behind its gate."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A progress that tells others that the watch is alive."""

    beat: Callable[[], None]

    def advance(self, entries: int, size: int) -> None:  # noqa: ARG002 - the port's signature
        """Count nothing; there is nobody to tell."""
        self.beat()


@dataclass(slots=True)
class Watch:
    """The loop; make a new one for each run."""

    sources: tuple[Watched, ...]
    rooms: WatchRooms
    notes: WatchNotes
    gated: Gated
    clock: Clock
    sleep: Callable[[float], None]
    """Sleeps at most so many seconds; a file event or a signal ends it sooner."""
    pulse: Callable[[], None]
    """Tells the service manager that we are; raises Interrupted when asked to stop."""
    alive: Callable[[], None]
    """The same, without an end."""
    stopping: Callable[[], bool]
    tell: Callable[[ImportReport], None]
    """Is given the report of each import."""
    _away: Outage = field(init=False)
    _unforeseen: Outage = field(init=False)

    def __post_init__(self) -> None:
        self._away = Outage(self.clock.seconds)
        self._unforeseen = Outage(self.clock.seconds, first=_AFTER_UNFORESEEN)

    def run(self) -> None:
        """Watch until asked to stop.

        Raises IntegrityError: then a person has to look.
        """
        try:
            self.notes.take_up(self.sources)
            while not self.stopping():
                self._round_within_bounds()
                self.alive()
                if not self.stopping():
                    self.sleep(self._until_next())
        finally:
            self.end(STOPPED)

    def round(self) -> None:
        """Look at each source, compare what changed, take in what stood still."""
        for source in self.sources:
            self._apart(source, source.look)
        if self._away.is_over:
            self.compare_changed()
            self._take_in_ready()
            self._away.back()

    def _round_within_bounds(self) -> None:
        """Make a round; whatever befalls it, the next one is made."""
        self.rooms.rest()
        if not self._unforeseen.is_over:
            return
        try:
            self.round()
            self._unforeseen.back()
        except Interrupted:
            return  # asked to stop: the loop ends by itself
        except Unavailable as error:
            self._away.strike(error)
        except PipelineError:
            raise  # integrity: going on would cover it up
        except Exception as error:  # noqa: BLE001 - border: one round; the next one is made
            _LOG.exception("event=unforeseen")
            self._unforeseen.strike(error)
        self.notes.note(self.sources, self._away.detail or self._unforeseen.detail)

    def _apart(self, watched: Watched, work: Callable[[], None]) -> None:
        """Work for one source; an error that nobody foresaw stops no other source."""
        try:
            work()
        except PipelineError:
            raise
        except Exception as error:  # noqa: BLE001 - border: one source's part of a round
            _LOG.exception("event=unforeseen source=%r", watched.spec.name)
            watched.trouble(f"{type(error).__name__}: {error}")

    def compare_changed(self) -> None:
        """Compare the folders that changed with the catalog; what is unknown goes to the gates."""
        pending = [
            each for each in self.sources if each.is_there and (each.uncompared or each.counted)
        ]
        if not pending:
            return
        with self.rooms.catalog() as catalog:
            for each in pending:
                self._apart(each, partial(self._compare, catalog, each))
                self._book_count(catalog, each)

    def _compare(self, catalog: Catalog, watched: Watched) -> None:
        source = watched.source
        if source is None or watched.gate.is_full():
            return
        folders = sorted(watched.uncompared)
        try:
            catalog.add_source(source.spec)
            for folder in self._comparison(catalog, watched, source, {}).run(folders):
                watched.uncompared.discard(folder)
                if watched.gate.is_full():
                    return  # the other folders have their turn when these files are taken
        except (UsageError, OSError) as error:
            watched.trouble(str(error))
        if isinstance(source, ListableSource):
            watched.glance.doubt(watched.uncompared.intersection(folders))  # could not be listed
        watched.uncompared.difference_update(folders)

    def _book_count(self, catalog: Catalog, watched: Watched) -> None:
        if watched.counted is not None:
            time = format_utc(datetime.fromtimestamp(int(self.clock.wall()), UTC))
            catalog.note_source_scan(watched.spec.name, *watched.counted, time)
            watched.counted = None

    def _comparison(
        self,
        catalog: Catalog,
        watched: Watched,
        source: Source,
        offered: Mapping[bytes, frozenset[bytes]],
    ) -> Comparison:
        return Comparison(
            catalog=catalog,
            source=source,
            gate=watched.gate,
            recogniser=self.rooms.recogniser,
            now=self.clock.seconds,
            pulse=self.pulse,
            offered=offered,
        )

    def _take_in_ready(self) -> None:
        for watched in self.sources:
            ready = watched.gate.ready(self.clock.seconds())
            if ready and watched.source is not None and not self.stopping():
                take_in = partial(self._take_in, watched, watched.source, _some(ready))
                self._apart(watched, take_in)

    def _take_in(
        self, watched: Watched, source: Source, ready: Mapping[bytes, frozenset[bytes]]
    ) -> None:
        gated = self.gated(watched, source, tuple(sorted(ready)))
        try:
            report = self.rooms.take_in([gated], Pulse(self._beat), whole=False)
        except UsageError as error:
            watched.drop_out(str(error))
            return
        self.tell(report)
        if not report.interrupted:
            self.took(watched, source, ready, report)

    def took(
        self,
        watched: Watched,
        source: Source,
        ready: Mapping[bytes, frozenset[bytes]],
        report: ImportReport,
    ) -> None:
        """Note what became of the files that were offered: taken, or tried once more."""
        self._log(watched, report)
        with self.rooms.catalog() as catalog:
            for _ in self._comparison(catalog, watched, source, ready).run(sorted(ready)):
                pass
        self.notes.note_standing_still(watched)

    def _log(self, watched: Watched, report: ImportReport) -> None:
        counts = report.counts
        _LOG.info(
            "event=import source=%r run=%d imported=%d duplicate=%d rejected=%d failed=%d "
            "waiting=%d seconds=%.1f",
            *(watched.spec.name, report.run, counts.imported, counts.duplicate),
            *(counts.rejected, counts.failed),
            sum(problem.reason == "waiting" for problem in report.problems),
            report.seconds,
        )
        if counts.imported or counts.duplicate:
            watched.state = replace(watched.state, last_new=self.clock.wall())

    def _beat(self) -> None:
        self.alive()
        self.notes.note(self.sources, self._away.detail)

    def _until_next(self) -> float:
        """Give the seconds until something is to be done."""
        now, away = self.clock.seconds(), self._away.not_before
        times = [_next(each, away) for each in self.sources]
        if away > now and any(each.uncompared for each in self.sources):
            times.append(away)
        due = max(min(times, default=now), self._unforeseen.not_before)
        return max(_SHORTEST_SLEEP, due - now)

    def end(self, trouble: str = "") -> None:
        """Let go of everything, and note how all stand."""
        for watched in self.sources:
            watched.hints.end()
        self.rooms.close()
        self.notes.end(self.sources, trouble)


def _next(watched: Watched, not_before: float) -> float:
    """Tell when a source has something to be done; what needs the archive not before it is due."""
    waiting = watched.next_waiting()
    return min(watched.next_look(), max(waiting, not_before))


def _some(ready: Mapping[bytes, frozenset[bytes]]) -> Mapping[bytes, frozenset[bytes]]:
    """Give the first folders, with about as many files as are taken at once."""
    some: dict[bytes, frozenset[bytes]] = {}
    files = 0
    for folder, names in ready.items():
        if files >= _AT_ONCE:
            break
        some[folder] = names
        files += len(names)
    return some
