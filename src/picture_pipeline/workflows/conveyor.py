"""Keeps the workers busy and hands results back in the order of submission.

The order matters: of several files with the same bytes the first one listed
decides the capture day where the bytes do not say it, so that a run that was
killed and repeated ends in the same tree as one that was not.
"""

import logging
import signal
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import count
from typing import Generic, TypeVar

from picture_pipeline.errors import PipelineError
from picture_pipeline.model.inspected import Care, Failed, Inspected, InspectJob
from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.ports import Workers

_LOG = logging.getLogger(__name__)
_SIGALRM = -signal.SIGALRM
_KILLED = (-signal.SIGKILL, 255)
"""255 is told of a worker whose fork server was killed, which takes its workers along."""


J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class TryAgain(Generic[J]):
    """Do this job instead."""

    job: J


@dataclass(frozen=True, slots=True)
class Settled(Generic[R]):
    """Live with this result."""

    result: R


Again = TryAgain[J] | Settled[R]


class Conveyor(Generic[J, R]):
    """At most ``limit`` jobs are under way; see the module's docstring.

    ``again`` decides after a worker died of a job, or the job raised: another
    job instead of it, or the result to live with. It is given the attempt's
    number, from 1.
    """

    def __init__(
        self, workers: Workers[J, R], limit: int, again: Callable[[J, int, Exception], Again[J, R]]
    ) -> None:
        self._workers = workers
        self._limit = limit
        self._again = again
        self._under_way: deque[tuple[J, Future[R]]] = deque()

    def put(self, job: J) -> Iterator[tuple[J, R]]:
        """Hand over a job; gives finished ones, waiting while there is no room for it."""
        while len(self._under_way) >= self._limit:
            yield self._first()
        self._under_way.append((job, self._workers.submit(job)))
        while self._under_way and self._under_way[0][1].done():
            yield self._first()

    def call_off(self) -> None:
        """Forget the jobs that no worker has begun yet; those under way come with ``drain``."""
        self._under_way = deque((j, f) for j, f in self._under_way if not f.cancel())

    def drain(self) -> Iterator[tuple[J, R]]:
        """Give all results still to come."""
        while self._under_way:
            yield self._first()

    def _first(self) -> tuple[J, R]:
        job, future = self._under_way.popleft()
        for attempt in count(1):
            try:
                return job, future.result()
            except PipelineError:
                raise
            except Exception as error:  # noqa: BLE001 - border: one file's inspection
                _LOG.info("attempt %s at a file ended: %s", attempt, error, exc_info=error)
                again = self._again(job, attempt, error)
            if isinstance(again, Settled):
                return job, again.result
            job = again.job
            future = self._workers.submit(job)
        raise AssertionError  # count() does not end


def try_again(job: InspectJob, attempt: int, error: Exception) -> "Again[InspectJob, Inspected]":
    """Decide what to do after a worker died of a candidate.

    A kill from outside (the kernel short of memory, an administrator) earns
    one more try as it was; then each try meets less native code. The bytes
    are archived even when no parser survives them.
    """
    if is_first_kill(error, attempt):
        return TryAgain(job)
    if job.care is Care.NO_NATIVE_CODE:
        return Settled(Failed("decoder_crashed", _told(error)))
    warning = job.warning or why_unrenderable(error)
    return TryAgain(replace(job, care=Care(job.care + 1), warning=warning))


def is_first_kill(error: Exception, attempt: int) -> bool:
    """Tell whether a worker was killed from outside, for the first time at this job."""
    return getattr(error, "code", None) in _KILLED and attempt == 1


def why_unrenderable(error: Exception) -> Unrenderable:
    """Say in the table's words why a decoder gave no picture."""
    if isinstance(error, MemoryError):
        return Unrenderable("too_large", "decoding needs more memory than the limit allows")
    timed_out = getattr(error, "code", None) == _SIGALRM
    return Unrenderable("decoder_timeout" if timed_out else "decoder_crashed", _told(error))


def _told(error: Exception) -> str:
    code = getattr(error, "code", None)
    if code is None:
        return f"{type(error).__name__}: {error}"
    if code == _SIGALRM:
        return "decoding took longer than the time limit"
    return f"the decoder's process ended with {code}"
