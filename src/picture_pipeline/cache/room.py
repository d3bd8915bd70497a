"""Which originals leave the cache, and when: too old, or longest unused when it is full."""

from collections.abc import Callable
from dataclasses import dataclass

from picture_pipeline.model.cached import CachedFile, CacheLimits
from picture_pipeline.ports.caching import CacheChange

_AT_ONCE = 16

Remove = Callable[[CachedFile], bool]
"""Removes a file; False when it is in use."""


@dataclass(slots=True)
class Room:
    """What has to fit."""

    needed: int
    """Bytes that are to come."""
    free: int
    """Bytes that are free on the disk now."""
    now: int
    """Nanoseconds since 1970."""

    def is_short(self, size: int, limits: CacheLimits) -> bool:
        """Tell whether what is needed fits beside ``size`` bytes that are kept."""
        return size + self.needed > limits.size or self.free - self.needed < limits.min_free


def make_room(change: CacheChange, room: Room, limits: CacheLimits, remove: Remove) -> bool:
    """Let go of what is too old, then of what was longest unused, until the needed fits.

    What is pinned or in use stays. False when it does not fit even so; then
    nothing more can be removed. The cost depends on what goes, not on what is
    kept.
    """
    size = change.totals().size
    tried: set[str] = set()
    at_once = 1  # mostly the longest unused one tells that there is nothing to do
    while candidates := [
        file for file in change.longest_unused(at_once) if file.digest not in tried
    ]:
        for file in candidates:
            is_old = room.now - file.used_at > limits.age_ns
            if not is_old and not room.is_short(size, limits):
                return True
            tried.add(file.digest)
            if remove(file):
                change.drop(file.digest)
                size -= file.size
                room.free += file.size
            else:
                change.use(file.digest, room.now)
        at_once = _AT_ONCE + len(tried)
    return not room.is_short(size, limits)
