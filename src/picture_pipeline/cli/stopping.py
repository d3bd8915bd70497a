"""Ctrl-C and SIGTERM: finish the files in flight, then end."""

import os
import signal
from contextlib import suppress
from types import FrameType
from typing import Self

_SAID = (
    b"\npicture-pipeline: stopping: the files in flight are finished first "
    b"(once more to stop at once)\n"
)
_STDERR = 2
_LAST_SECONDS = 15
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Stopping:
    """Whether someone asked us to stop; a second Ctrl-C ends at once.

    A context manager that puts the signals' earlier handlers back.
    """

    def __init__(self) -> None:
        self._asked = False
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for each in _SIGNALS:
            self._before[each] = signal.signal(each, self._ask)
        return self

    def __exit__(self, *_: object) -> None:
        for each in _SIGNALS:
            signal.signal(each, self._before[each])  # type: ignore[arg-type]  # what signal() gave us

    def __call__(self) -> bool:
        """Tell whether to stop."""
        return self._asked

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            # Whatever is met on the way out, a lock perhaps, must not hold us up for ever.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_LAST_SECONDS)
            raise KeyboardInterrupt
        self._asked = True
        # Not print(): the signal may have come in the middle of one.
        with suppress(OSError):
            os.write(_STDERR, _SAID)
