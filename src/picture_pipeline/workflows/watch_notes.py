"""What a watch notes on this computer's disk, for its next start and for its health."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from picture_pipeline.errors import LocalDiskUnavailable
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.watched import SourceState
from picture_pipeline.ports.watching import WatchBooks
from picture_pipeline.workflows.outage import Outage
from picture_pipeline.workflows.watched import Clock, Watched

_NOTE_EVERY = 30.0
"""Seconds; what changed is noted at once."""


@dataclass(slots=True)
class WatchNotes:
    """Notes how sources stand; a local disk that is full or gone stops no watch."""

    books: WatchBooks
    clock: Clock
    _noted: dict[SourceName, SourceState] = field(default_factory=dict)
    _trouble: str = ""
    _noted_at: float = float("-inf")
    _standing: set[SourceName] = field(default_factory=set)
    """Sources of which files are noted as standing still."""
    _away: Outage = field(init=False)

    def __post_init__(self) -> None:
        self._away = Outage(self.clock.seconds)

    def take_up(self, sources: Iterable[Watched]) -> None:
        """Go on with what was noted before this start."""
        self._try(lambda: self._take_up(tuple(sources)))

    def note(self, sources: Iterable[Watched], trouble: str) -> None:
        """Note what changed, and now and then that we are alive."""
        states = {each.spec.name: _state(each) for each in sources}
        now = self.clock.seconds()
        overdue = now - self._noted_at >= _NOTE_EVERY
        same = _comparable(states) == _comparable(self._noted) and trouble == self._trouble
        if (same and not overdue) or not self._away.is_over:
            return
        self._try(lambda: self._write(states, trouble, now))

    def note_standing_still(self, watched: Watched) -> None:
        """Note which files were tried and wait; a restart goes on waiting."""
        name = watched.spec.name
        files = tuple(watched.gate.standing_still(self.clock.offset))
        if files or name in self._standing:
            self._try(lambda: self.books.note_standing_still(name, files))
        (self._standing.add if files else self._standing.discard)(name)

    def end(self, sources: Iterable[Watched], trouble: str) -> None:
        """Note everything a last time."""
        self._noted_at = float("-inf")
        kept = tuple(sources)
        for each in kept:
            self.note_standing_still(each)
        self.note(kept, trouble)

    def _take_up(self, sources: tuple[Watched, ...]) -> None:
        before = {state.name: state for state in self.books.states()}
        for each in sources:
            state = before.get(each.spec.name)
            known = state is not None and state.path == each.spec.path
            each.state = replace(
                each.state,
                baseline=state.baseline if state and known else None,
                last_new=(state.last_new if state and known else None) or self.clock.wall(),
            )
            files = self.books.standing_still(each.spec.name)
            each.gate.take_up(files, self.clock.offset, self.clock.seconds())
            if files:
                self._standing.add(each.spec.name)

    def _write(self, states: dict[SourceName, SourceState], trouble: str, now: float) -> None:
        wall = self.clock.wall()
        self.books.note(wall, trouble, [replace(each, noted_at=wall) for each in states.values()])
        self._noted, self._trouble, self._noted_at = states, trouble, now

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except LocalDiskUnavailable as error:
            self._away.strike(error)
        else:
            self._away.back()


def _state(watched: Watched) -> SourceState:
    return replace(watched.state, waiting=len(watched.gate))


def _comparable(states: dict[SourceName, SourceState]) -> list[SourceState]:
    """Leave out the times that change with each pass."""
    return [replace(state, last_pass=None, noted_at=0.0) for state in states.values()]
