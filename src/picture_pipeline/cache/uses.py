"""Uses and checks that are booked a little later, many at once.

A hit must not wait for a disk. What is lost when a process is killed is the
order of the last second, and a hash of the last files that is then done again.
"""

import logging
import os
import threading
from dataclasses import dataclass, field

from picture_pipeline.cache.place import CachePlace
from picture_pipeline.errors import LocalDiskUnavailable
from picture_pipeline.model.cached import CachedFile
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.digest import Digest
from picture_pipeline.ports.caching import CacheBooks

_EVERY_NS = 1_000_000_000
_SETTLED_AFTER_NS = 35 * 1_000_000_000
"""By then the kernel has written a file by itself (30 s), and fsync has nothing to wait for."""
_AT_MOST = 1000
"""Uses, and files that are not settled, in memory."""
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Pending:
    """What is not booked yet."""

    used: dict[Digest, int] = field(default_factory=dict)
    checked: dict[Digest, tuple[CachedFile, int]] = field(default_factory=dict)
    """With the time of the check."""
    hits: int = 0
    misses: int = 0


class Uses:
    """Collects uses and freshly checked files, and books them; for many threads."""

    def __init__(self, place: CachePlace, books: CacheBooks) -> None:
        self._place = place
        self._books = books
        self._begin()

    def _begin(self) -> None:
        self._owner = os.getpid()
        self._lock = threading.Lock()
        self._pending = _Pending()
        self._booked_at: int | None = None
        self._booking: threading.Thread | None = None
        self._in_turn = threading.Lock()

    def checked(self, digest: Digest) -> CachedFile | None:
        """Give an entry that was checked here and is not booked so yet."""
        found = self._here().checked.get(digest)
        return found[0] if found else None

    def hit(self, digest: Digest, now: int) -> None:
        """Note that an original was given out from the local disk."""
        with self._lock:
            self._pending.used[digest] = now
            self._pending.hits += 1
        self._book_when_due(now)

    def miss(self) -> None:
        """Note that one had to be asked of the archive."""
        with self._lock:
            self._pending.misses += 1

    def check(self, entry: CachedFile, now: int) -> None:
        """Note that a file was found to hold what its name says."""
        with self._lock:
            self._pending.checked[entry.digest] = entry, now
        self._book_when_due(now)

    def book(self) -> None:
        """Book all that is pending, now. Raises nothing: what cannot be booked is lost."""
        self._here()
        with self._in_turn:
            self._book(None)

    def _here(self) -> _Pending:
        if self._owner != os.getpid():  # a fork: what is pending is the parent's to book
            self._begin()
        return self._pending

    def _book_when_due(self, now: int) -> None:
        pending = self._pending
        if self._booked_at is None:
            self._booked_at = now
        full = len(pending.used) >= _AT_MOST
        if not full and now - self._booked_at < _EVERY_NS:
            return
        if self._booking is None or not self._booking.is_alive():
            self._booked_at = now
            self._booking = threading.Thread(
                target=self._book_meanwhile, args=(now,), name="cache books"
            )
            self._booking.start()

    def _book_meanwhile(self, now: int) -> None:
        with self._in_turn:
            self._book(None if len(self._pending.checked) >= _AT_MOST else now - _SETTLED_AFTER_NS)

    def _book(self, checked_until: int | None) -> None:
        with self._lock:
            taken = self._pending
            checked = {
                digest: entry
                for digest, (entry, at) in taken.checked.items()
                if checked_until is None or at <= checked_until
            }
            # Those checked stay at hand until the books know them.
            self._pending = _Pending(checked=taken.checked)
        if not (taken.used or checked or taken.hits or taken.misses):
            return
        try:
            stamps = {d: e.stamp for d, e in checked.items() if e.stamp and self._settle(e)}
            self._books.note(taken.used, stamps, taken.hits, taken.misses)
        except TimeoutError:
            self._put_back(taken)
            return
        except (OSError, LocalDiskUnavailable) as error:
            _LOG.warning("uses of the cache were not booked: %s", error)
        self._strike(checked)

    def _settle(self, entry: CachedFile) -> bool:
        """Make a file durable that is still the one that was checked."""
        try:
            fd = os.open(self._place.file(entry.digest, entry.extension), os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            os.fsync(fd)
            return FileStamp.of(os.fstat(fd)) == entry.stamp
        finally:
            os.close(fd)

    def _put_back(self, taken: _Pending) -> None:
        with self._lock:
            pending = self._pending
            pending.used = {**taken.used, **pending.used}
            pending.hits += taken.hits
            pending.misses += taken.misses

    def _strike(self, booked: dict[Digest, CachedFile]) -> None:
        with self._lock:
            for digest, entry in booked.items():
                if self._pending.checked.get(digest, (None,))[0] is entry:
                    del self._pending.checked[digest]
