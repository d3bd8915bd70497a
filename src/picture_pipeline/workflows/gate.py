"""Which new files have stood still long enough to be taken. Pure: the clock comes as an argument.

A file is settled when two looks, at least ``settle`` seconds apart, found the same
stamp and none between them found another. One that keeps growing is looked at ever
more rarely. A settled file is taken if its container is whole; cut short, it waits
until it has stood still for ``incomplete_after`` seconds, and is then taken as it is.
The modification time alone says nothing: icloudpd sets it years back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.watched import Place, StandingStill, Verdict

_LONGEST_LOOK = 300.0
"""Seconds between two looks at a file that grows and grows."""
_LONGEST_TRY = 3600.0
"""Seconds between two tries of a file that cannot be read."""
_DOUBLINGS = 12
MOST_WAITING = 50_000
"""How many files of a source may wait; when there are more, their folders come later. Some 0.5 kB
each."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long files are to stand still, in seconds."""

    settle: float
    incomplete_after: float


@dataclass(frozen=True, slots=True)
class _Waiter:
    stamp: FileStamp
    since: float
    """When this stamp was seen first."""
    last: float
    """When it was seen last."""
    looks: int = 1
    changes: int = 0
    tries: int = 0
    next_try: float = 0.0


@dataclass(slots=True)
class Gate:
    """The files of one source that wait. Times are seconds of a clock that never goes back."""

    patience: Patience
    limit: int = MOST_WAITING
    _waiting: dict[bytes, dict[bytes, _Waiter]] = field(default_factory=dict)
    """By folder and name."""

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def is_full(self) -> bool:
        """Tell whether no further file is to be shown to it for now."""
        return len(self) >= self.limit

    def look(self, place: Place, stamp: FileStamp, now: float) -> None:
        """Note that an unknown file was seen with this stamp."""
        known = self._find(place)
        if known is None:
            self._keep(place, _Waiter(stamp, now, now))
        elif known.stamp == stamp:
            self._keep(place, replace(known, last=now, looks=known.looks + 1))
        else:
            self._keep(place, _Waiter(stamp, now, now, changes=known.changes + 1))

    def tried(self, place: Place, now: float) -> None:
        """Note that a file was offered, and is still to be taken: cut short, or unreadable."""
        known = self._find(place)
        if known is None:
            return
        tries = known.tries + 1
        pause = max(self.patience.settle, 1.0) * float(2 ** min(tries, _DOUBLINGS))
        next_try = now + min(pause, _LONGEST_TRY)
        as_it_is = known.since + self.patience.incomplete_after
        if as_it_is > now:
            next_try = min(next_try, as_it_is)
        self._keep(place, replace(known, tries=tries, next_try=next_try))

    def forget(self, place: Place) -> None:
        """Drop a file that is taken, or gone."""
        names = self._waiting.get(place.folder, {})
        names.pop(place.name, None)
        if not names:
            self._waiting.pop(place.folder, None)

    def verdict(self, place: Place, stamp: FileStamp, now: float) -> Verdict:
        """Tell what is to be done with a file that has this stamp now."""
        known = self._find(place)
        if known is None or known.stamp != stamp or not self._is_ready(known, now):
            return Verdict.WAIT
        # It has this stamp now: so it has stood still until now.
        if now - known.since >= self.patience.incomplete_after:
            return Verdict.AS_IT_IS
        return Verdict.IF_WHOLE

    def ready(self, now: float) -> Mapping[bytes, frozenset[bytes]]:
        """Give, by folder, the files that may be offered."""
        by_folder = {
            folder: frozenset(name for name, one in names.items() if self._is_ready(one, now))
            for folder, names in self._waiting.items()
        }
        return {folder: names for folder, names in by_folder.items() if names}

    def due(self, now: float) -> list[Place]:
        """Give the files that are to be looked at again."""
        return [place for place, one in self._all() if self._next_look(one) <= now]

    def next_due(self) -> float | None:
        """Tell when the first file is to be looked at, or offered, again."""
        return min((self._next_look(one) for _, one in self._all()), default=None)

    def in_folder(self, folder: bytes) -> frozenset[bytes]:
        """Name the files in one folder that wait."""
        return frozenset(self._waiting.get(folder, ()))

    def standing_still(self, offset: float) -> Iterator[StandingStill]:
        """Give what was tried and still waits; ``offset`` makes UTC of this clock."""
        for place, one in self._all():
            if one.tries:
                yield StandingStill(place, one.stamp, one.since + offset, one.tries)

    def take_up(self, files: Iterable[StandingStill], offset: float, now: float) -> None:
        """Go on waiting for what waited before a restart; no time of it lies in the future."""
        for one in files:
            since = min(one.since - offset, now)
            if self._find(one.place) is None:
                self._keep(one.place, _Waiter(one.stamp, since, since, tries=one.tries))

    def _find(self, place: Place) -> _Waiter | None:
        return self._waiting.get(place.folder, {}).get(place.name)

    def _keep(self, place: Place, one: _Waiter) -> None:
        self._waiting.setdefault(place.folder, {})[place.name] = one

    def _all(self) -> Iterator[tuple[Place, _Waiter]]:
        for folder, names in self._waiting.items():
            for name, one in names.items():
                yield Place(folder, name), one

    def _is_ready(self, one: _Waiter, now: float) -> bool:
        return self._stood_still(one) and now >= one.next_try

    def _stood_still(self, one: _Waiter) -> bool:
        return one.looks > 1 and one.last - one.since >= self.patience.settle

    def _next_look(self, one: _Waiter) -> float:
        if self._stood_still(one):
            return one.next_try
        settle = self.patience.settle
        pause = settle * float(2 ** min(one.changes, _DOUBLINGS))
        return one.since + max(settle, min(pause, _LONGEST_LOOK))
