"""Find the films that belong to Live Photos while stills pass by in the order of time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from picture_pipeline.model.server_asset import ServerAsset
from picture_pipeline.ports import AssetServer

_AROUND = timedelta(days=1)
"""A still without an offset and its film, which has one, differ by up to 14 hours."""


@dataclass(slots=True)
class Films:
    """The films around one moment, which moves on; constant memory.

    A film that is nowhere near its still is asked for by its id. What no
    still asked for is left over: known when all stills have passed.
    """

    server: AssetServer
    hidden: Iterator[ServerAsset]
    """By ``taken``."""
    _near: dict[str, ServerAsset] = field(default_factory=dict)
    _far: set[str] = field(default_factory=set)
    """Of films that were asked for by their ids."""
    _unclaimed: list[ServerAsset] = field(default_factory=list)
    _next: ServerAsset | None = None

    def move_to(self, day: str) -> None:
        """Move to a day, ``YYYY-MM-DD``; days only ever grow."""
        first, last = _day(day, -_AROUND), _day(day, 2 * _AROUND)
        while self._next is not None or self._advance():
            if self._next is None or self._next.taken > last:
                break
            self._near[self._next.id] = self._next
            self._next = None
        for film in [film for film in self._near.values() if film.taken < first]:
            self._unclaimed.append(self._near.pop(film.id))

    def _advance(self) -> bool:
        self._next = next(self.hidden, None)
        return self._next is not None

    def of(self, still: ServerAsset) -> ServerAsset | None:
        """Give the film of a still; None when there is none, or none to be had."""
        if still.live_film is None:
            return None
        film = self._near.pop(still.live_film, None)
        if film is None:
            self._far.add(still.live_film)
            film = self.server.asset(still.live_film)
        return film

    def left_over(self) -> Iterator[ServerAsset]:
        """Give the films that no still asked for, by ``taken``; after the last still."""
        unclaimed: Iterable[Iterable[ServerAsset]] = (
            self._unclaimed,
            self._near.values(),
            () if self._next is None else (self._next,),
            self.hidden,
        )
        for some in unclaimed:
            yield from (film for film in some if film.id not in self._far)


def _day(day: str, step: timedelta) -> str:
    """Give a day before or after; at the ends of time the same."""
    try:
        return (date.fromisoformat(day) + step).isoformat()
    except OverflowError:
        return day
