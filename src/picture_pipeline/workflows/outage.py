"""Something we need is away: say so once, try again ever more rarely, and say when it is back."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

_LOG = logging.getLogger(__name__)

_FIRST = 5.0
_LONGEST = 300.0
"""Seconds between two tries."""


@dataclass(slots=True)
class Outage:
    """One thing that may be away. Times are seconds of a clock that never goes back."""

    seconds: Callable[[], float]
    first: float = _FIRST
    detail: str = ""
    """Why it is away; empty: it is there."""
    not_before: float = 0.0
    """When to try again."""
    _pause: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether it may be tried now."""
        return self.seconds() >= self.not_before

    def strike(self, error: Exception) -> None:
        """Note that it is away."""
        if str(error) != self.detail:
            self.detail = str(error)
            _LOG.warning("event=away kind=%s detail=%r", type(error).__name__, self.detail)
        self._pause = min(self._pause * 2 or self.first, _LONGEST)
        self.not_before = self.seconds() + self._pause

    def back(self) -> None:
        """Note that it answered."""
        if self.detail:
            _LOG.warning("event=back after=%r", self.detail)
        self.detail, self.not_before, self._pause = "", 0.0, 0.0
