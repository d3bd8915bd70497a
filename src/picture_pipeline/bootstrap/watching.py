"""What the watch is made of, and how it stands."""

import time
from datetime import UTC, datetime

from picture_pipeline.catalog.watching import SqlWatchBooks
from picture_pipeline.config import Config
from picture_pipeline.model.watched import STOPPED, SourceHealth, SourceState, WatchHealth

_DAY = 86_400.0
_REMEMBERED = 7 * _DAY
"""A source that no watch looked at for so long is watched no more."""
_SILENCE = 600.0
"""Seconds: an import under way tells of itself at least so often."""


def read_health(config: Config, now: float | None = None) -> WatchHealth:
    """Tell how this computer's watch and its sources stand, by what they noted.

    Asks neither the archive nor the catalog. ``now``: seconds since 1970, UTC.
    Raises LocalDiskUnavailable.
    """
    path = config.storage.local.base_path / "local.db"
    if not path.exists():
        return WatchHealth(None, is_alive=False, trouble="", sources=())
    at = time.time() if now is None else now
    sync = config.storage.sync
    books = SqlWatchBooks(path)
    beat = books.heartbeat()
    stale_after = sync.stale_after_days * _DAY
    return WatchHealth(
        heartbeat=_utc(beat[0]) if beat else None,
        is_alive=beat is not None
        and beat[1] != STOPPED
        and at - beat[0] <= 3 * sync.poll_interval_seconds + _SILENCE,
        trouble=beat[1] if beat and beat[1] != STOPPED else "",
        was_stopped=beat is not None and beat[1] == STOPPED,
        sources=tuple(
            _health(state, at, stale_after)
            for state in books.states()
            if beat is not None and beat[0] - state.noted_at <= _REMEMBERED
        ),
    )


def _health(state: SourceState, now: float, stale_after: float) -> SourceHealth:
    return SourceHealth(
        name=state.name,
        path=state.path,
        status=state.status,
        detail=state.detail,
        last_pass=_utc(state.last_pass),
        last_new=_utc(state.last_new),
        files=state.baseline.files if state.baseline else None,
        waiting=state.waiting,
        is_stale=state.last_new is not None and now - state.last_new > stale_after,
    )


def _utc(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
