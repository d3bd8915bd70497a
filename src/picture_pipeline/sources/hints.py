"""File events as a hint to look sooner; only on local file systems, and never relied upon.

inotify sees only what this computer's own kernel changed: writes by another machine to an
NFS or SMB share never arrive. One watch is needed for each folder; where the system has no
more of them, the source is polled.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from watchfiles import watch

from picture_pipeline.model.candidate import printable

_LOG = logging.getLogger(__name__)

_STEP_MS = 500
"""How often the library looks whether its events have ceased; at its default of 50 ms it takes 1 %
of a core for ever."""
_DEBOUNCE_MS = 1000
_MOST_FOLDERS = 1000
"""More than these are not told one by one; the folder pass finds what came and went."""


@dataclass(slots=True)
class EventHints:
    """Events below one folder, heard by a thread; see ``ports.Hints``."""

    root: bytes
    wake: Callable[[], None]
    is_local: Callable[[], bool]
    """Whether events of all who write there arrive here."""
    _stop: threading.Event | None = None
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _folders: set[bytes] = field(default_factory=set)
    _said: bool = False

    @property
    def works(self) -> bool:
        """Whether changes are heard of now."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def pending(self) -> bool:
        """Whether something happened."""
        return bool(self._folders)

    def take(self) -> frozenset[bytes]:
        """Give, once, the folders in which something happened."""
        with self._lock:
            found = frozenset(self._folders)
            self._folders.clear()
            return found

    def begin(self) -> None:
        """Begin to listen, anew when it did before."""
        self.end()
        if not self.is_local():
            return
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self._listen, args=(self._stop,), name="hints", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """Stop listening."""
        thread, self._thread = self._thread, None
        if self._stop is not None:
            self._stop.set()
        if thread is not None:
            thread.join(2 * _DEBOUNCE_MS / 1000)

    def _listen(self, stop: threading.Event) -> None:
        try:
            for changes in watch(
                os.fsdecode(self.root),
                watch_filter=None,
                debounce=_DEBOUNCE_MS,
                step=_STEP_MS,
                rust_timeout=_DEBOUNCE_MS,
                yield_on_timeout=True,
                stop_event=stop,
                raise_interrupt=False,
                force_polling=False,
            ):
                if changes:
                    self._note(os.fsencode(path) for _, path in changes)
        except Exception as error:  # noqa: BLE001 - border: a hint that fails is only a hint less
            self._say(error)

    def _note(self, paths: Iterator[bytes]) -> None:
        below = self.root.rstrip(b"/") + b"/"
        with self._lock:
            for path in paths:
                if path.startswith(below) and len(self._folders) < _MOST_FOLDERS:
                    self._folders.add(path[len(below) :].rpartition(b"/")[0])
        self.wake()

    def _say(self, error: Exception) -> None:
        if not self._said:
            self._said = True
            _LOG.warning(
                "event=polling path=%r detail=%r", printable(self.root), f"no file events: {error}"
            )


@dataclass(frozen=True, slots=True)
class NoHints:
    """Where nobody waits for file events."""

    works: bool = False
    pending: bool = False

    def take(self) -> frozenset[bytes]:
        """Give nothing."""
        return frozenset()

    def begin(self) -> None:
        """Do nothing."""

    def end(self) -> None:
        """Do nothing."""
