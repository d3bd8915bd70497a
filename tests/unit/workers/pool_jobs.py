"""Jobs for the pool's tests; worker processes import them from here."""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable

from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.workers.limits import memory_limit, time_limit

MEBIBYTE = 1 << 20
Job = tuple[str, int]


class TwoWordsError(Exception):
    """An exception that can be pickled, and not be unpickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(f"{one} {two}")


def crash(_: int) -> object:
    return ctypes.string_at(0)


def hang(_: int) -> object:
    with time_limit(0.2):
        while True:
            pass


def hog(size: int) -> object:
    with memory_limit(256 * MEBIBYTE):
        return len(bytearray(size))


def fail(number: int) -> object:
    raise ValueError(number)


def fail_oddly(_: int) -> object:
    raise TwoWordsError("one", "two")


def leave(status: int) -> object:
    sys.exit(status)


def leave_at_once(status: int) -> object:
    os._exit(status)


def answer_oddly(_: int) -> object:
    return lambda: None


def lose_the_archive(_: int) -> object:
    raise ArchiveUnavailable("the archive dropped out")


def speak(_: int) -> object:
    os.write(1, b"from native code")
    return None


def stop_signals(_: int) -> object:
    for each in (signal.SIGINT, signal.SIGTERM):
        os.kill(os.getpid(), each)
    return "still here"


def tell_pid(_: int) -> object:
    return os.getpid()


def twice(number: int) -> object:
    return number * 2


def go_on(_: int) -> object:
    """Work until killed."""
    while True:
        time.sleep(1)


JOBS: dict[str, Callable[[int], object]] = {
    job.__name__: job
    for job in (
        *(crash, hang, hog, fail, fail_oddly, leave, leave_at_once, answer_oddly),
        *(lose_the_archive, speak, stop_signals, tell_pid, twice, go_on),
    )
}


def do(job: Job) -> object:
    name, number = job
    return JOBS[name](number)


def prepare() -> Callable[[Job], object]:
    return do


def prepare_in_vain() -> Callable[[Job], object]:
    raise ArchiveUnavailable("nothing is mounted")


def die_while_preparing() -> Callable[[Job], object]:
    os._exit(7)
