"""Sleep that another thread, or a signal, may end."""

import os
import select
from contextlib import suppress
from typing import Self


class Waker:
    """A sleep and what ends it; a context manager that closes its pipe.

    By a pipe, not ``threading.Event``: a signal handler that sets an event on which the
    same thread waits may wait for itself.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._woken = select.poll()  # select() knows no descriptor beyond 1023
        self._woken.register(self._read, select.POLLIN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._read)
        os.close(self._write)

    def wake(self) -> None:
        """End the sleep, or the next one; from any thread or signal handler."""
        with suppress(OSError):  # full: then it is awake anyway
            os.write(self._write, b"\0")

    def sleep(self, seconds: float) -> None:
        """Sleep at most so long."""
        self._woken.poll(max(0.0, seconds) * 1000)
        with suppress(BlockingIOError):
            while os.read(self._read, 4096):
                pass
