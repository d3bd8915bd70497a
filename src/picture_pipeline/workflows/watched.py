"""One source under watch: look at it, tell what changed, keep how it stands."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from picture_pipeline.errors import Interrupted, UsageError
from picture_pipeline.model.candidate import SourceSpec, printable
from picture_pipeline.model.watched import Glanced, Root, SourceState, SourceStatus
from picture_pipeline.ports import Source
from picture_pipeline.ports.watching import Glance, Hints, ListableSource, SourceFolder
from picture_pipeline.workflows.gate import Gate, Patience
from picture_pipeline.workflows.mounted import judge, why_unmounted

_LOG = logging.getLogger(__name__)

_HINT_SHARE = 20
"""A hinted pass is made at most so often that passes take this part of the time."""
_HINT_PAUSE = 1.0
"""Seconds between two hinted passes at the least."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Both clocks, in seconds."""

    seconds: Callable[[], float]
    """Never goes back."""
    wall: Callable[[], float]
    """Since 1970, UTC."""

    @property
    def offset(self) -> float:
        """What makes UTC of the first."""
        return self.wall() - self.seconds()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a source is looked at, and how long files stand still. Seconds."""

    interval: float
    full_interval: float
    polled: Patience
    hinted: Patience
    """While file events are heard of."""


@dataclass(slots=True)
class Watched:
    """One source, what is remembered of it, and what waits."""

    spec: SourceSpec
    folder: SourceFolder
    glance: Glance
    hints: Hints
    make_source: Callable[[SourceSpec], Source]
    pace: Pace
    clock: Clock
    state: SourceState
    gate: Gate
    source: Source | None = None
    """None while it is away: what fills the folder is recognised when it is there."""
    uncompared: set[bytes] = field(default_factory=set)
    """Folders that changed since they were last compared with the catalog."""
    counted: tuple[int, int] | None = None
    """Files and bytes of the last full pass, until they are booked."""
    next_pass: float = float("-inf")
    next_full: float = float("-inf")
    _next_hinted: float = 0.0
    _root: Root | None = None
    _said: str = ""

    @property
    def is_there(self) -> bool:
        """Whether files may be taken in."""
        return self.state.status in (SourceStatus.WATCHED, SourceStatus.SHRUNKEN)

    def look(self) -> None:
        """Make the pass that is due, if one is, and look at the files that wait."""
        now = self.clock.seconds()
        try:
            if self._is_timed(now) or self._is_hinted(now):
                self._pass(now)
            if self.is_there:
                self.look_at_waiting()
        except (OSError, UsageError) as error:
            self.trouble(str(error))

    def is_same(self) -> bool:
        """Tell whether the source's own folder is the one that the last pass looked at."""
        root, before = self.folder.look(), self._root
        return root is not None and before is not None and _same(root, before)

    def drop_out(self, detail: str) -> None:
        """Note that it is away; nothing is concluded from what seems to be missing."""
        self._stand(SourceStatus.UNMOUNTED, detail)
        self.source, self._root = None, None
        self.hints.end()

    def trouble(self, detail: str) -> None:
        """Note that it cannot be looked at; the next pass tries again."""
        self._stand(SourceStatus.TROUBLED, detail)
        self.source = None

    def next_look(self) -> float:
        """Tell when the next pass is due, or a file event may cause one."""
        times = [self.next_pass]
        if self.is_there:
            times.append(self.next_full)
        if self.hints.pending:
            times.append(self._next_hinted)
        return min(times)

    def next_waiting(self) -> float:
        """Tell when a file that waits is to be looked at, or taken."""
        waiting = self.gate.next_due() if self.is_there else None
        return float("inf") if waiting is None else waiting

    def _is_timed(self, now: float) -> bool:
        return now >= self.next_pass or (self.is_there and now >= self.next_full)

    def _is_hinted(self, now: float) -> bool:
        return self.hints.pending and now >= self._next_hinted

    def _pass(self, now: float) -> None:
        hinted = self.hints.take()
        self.next_pass = now + self.pace.interval
        root = self._present()
        if root is not None:
            self._glance(root, hinted, now)
        after = self.clock.seconds()
        self._next_hinted = after + max(_HINT_PAUSE, (after - now) * _HINT_SHARE)

    def _present(self) -> Root | None:
        root = self.folder.look()
        why_not = why_unmounted(root, self.state.baseline)
        if why_not is not None or root is None:
            self.drop_out(why_not or "the folder is not there")
            return None
        if self.source is None or self._root is None or not _same(root, self._root):
            self.next_full = float("-inf")  # another volume, or seen for the first time
            self._root = root
            self.hints.begin()
            self.source = self.make_source(self.spec)
        self.gate.patience = self.pace.hinted if self.hints.works else self.pace.polled
        return root

    def _glance(self, root: Root, hinted: frozenset[bytes], now: float) -> None:
        is_full = now >= self.next_full
        glanced = self.glance.full_pass() if is_full else self.glance.folder_pass(hinted)
        after = self.folder.look()
        if after is None or not _same(root, after):
            self.drop_out("the volume dropped out while it was looked at")
            return
        if is_full and not self._is_whole(root, glanced, now):
            return
        self.glance.keep()
        self._root = root
        self.uncompared |= glanced.changed
        if not self.is_there:
            self._stand(SourceStatus.WATCHED, "")
        self.state = replace(self.state, last_pass=self.clock.wall())

    def _is_whole(self, root: Root, glanced: Glanced, now: float) -> bool:
        """Judge a full pass; False when its volume seems to be another one."""
        self.next_full = now + self.pace.full_interval
        if glanced.unlistable:
            self._stand(SourceStatus.WATCHED, f"{glanced.unlistable} folders could not be listed")
            return True
        status, detail, baseline = judge(
            root, glanced.files, self.state.baseline, self.clock.wall()
        )
        self.state = replace(self.state, baseline=baseline)
        if status is SourceStatus.UNMOUNTED:
            self.drop_out(detail)
            return False
        self._stand(status, detail)
        if status is SourceStatus.WATCHED:
            self.counted = (glanced.files, glanced.size)
        return True

    def look_at_waiting(self) -> None:
        """Look again at the files that wait, where it is time."""
        now = self.clock.seconds()
        due = self.gate.due(now)
        if due and not isinstance(self.source, ListableSource):
            self.uncompared.add(b"")  # its files may be no files of their own: list it all again
            return
        for place in due:
            stamp = self.folder.stamp(place.folder, place.name)
            if stamp is None:  # gone; or its volume is, or an error that passes
                self.gate.forget(place)
                self.glance.doubt([place.folder])
            else:
                self.gate.look(place, stamp, now)

    def _stand(self, status: SourceStatus, detail: str) -> None:
        self.state = replace(self.state, status=status, detail=detail)
        if (said := f"{status} {detail}") != self._said:
            self._said = said
            _LOG.log(
                logging.INFO if status is SourceStatus.WATCHED else logging.WARNING,
                *("event=source source=%r status=%s path=%r detail=%r", self.spec.name, status),
                *(printable(self.spec.path), detail),
            )


def _same(one: Root, other: Root) -> bool:
    return (one.device, one.inode) == (other.device, other.inode)


def stop_if(stopping: Callable[[], bool], alive: Callable[[], None]) -> Callable[[], None]:
    """Give what long looks call again and again: raises Interrupted when asked to stop."""

    def pulse() -> None:
        alive()
        if stopping():
            raise Interrupted("stopped while looking at a source")

    return pulse
