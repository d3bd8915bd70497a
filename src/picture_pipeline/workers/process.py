"""One worker process: what runs inside it, and the handle that the pool keeps."""

import multiprocessing
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from picture_pipeline.workers.limits import die_with_parent, leave_interrupts_to_the_parent

J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Raised:
    """What a job raised: the exception itself, its traceback as a note."""

    error: BaseException


def serve(connection: Connection, prepare: Callable[[], Callable[[J], R]]) -> None:
    """Run in the worker: prepare once, then answer jobs until the pipe closes."""
    leave_interrupts_to_the_parent()
    die_with_parent()
    try:
        work = prepare()
    except BaseException as error:  # noqa: BLE001 - border: the pool's owner must hear of it
        connection.send(Raised(_portable(error)))
        return
    connection.send(None)
    while True:
        try:
            job = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(_answer(work, job))


def _answer(work: Callable[[J], R], job: J) -> R | Raised:
    try:
        return work(job)
    except BaseException as error:  # noqa: BLE001 - border: one job's failure is the caller's to judge
        return Raised(_portable(error))


def _portable(error: BaseException) -> BaseException:
    error.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
    error.__cause__ = error.__context__ = error.__traceback__ = None
    return error


@dataclass(slots=True)
class Worker(Generic[J, R]):
    """A running worker as the pool sees it: its pipe and the jobs it was sent."""

    process: multiprocessing.process.BaseProcess
    connection: Connection
    ready: bool = False
    jobs: list[tuple[J, Future[R]]] = field(default_factory=list)

    def send(self, job: J, future: Future[R]) -> bool:
        """Hand over a job; False when the worker is gone."""
        try:
            self.connection.send(job)
        except (BrokenPipeError, ConnectionResetError):
            return False
        self.jobs.append((job, future))
        return True

    def end(self, *, kill: bool) -> int | None:
        """Let the worker go and give its exit code; waits for it."""
        self.connection.close()
        if kill:
            self.process.kill()
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code
