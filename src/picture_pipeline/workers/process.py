"""One worker process: what runs inside it, and the handle that the pool keeps."""

import multiprocessing
import pickle
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from picture_pipeline.workers.limits import (
    die_with_parent,
    hush_native_code,
    leave_no_core,
    leave_stopping_to_the_parent,
)

J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Raised:
    """What a job raised: the exception itself, its traceback as a note."""

    error: Exception


def serve(connection: Connection, prepare: Callable[[], Callable[[J], R]]) -> None:
    """Run in the worker: prepare once, then answer jobs until the pipe closes."""
    leave_stopping_to_the_parent()
    die_with_parent()
    leave_no_core()
    hush_native_code()
    with suppress(EOFError, OSError):  # the main process is gone, and with it whoever asked
        try:
            work = prepare()
        except BaseException as error:  # noqa: BLE001 - border: the pool's owner must hear of it
            connection.send(Raised(_portable(error)))
            return
        connection.send(None)
        while True:
            connection.send_bytes(_answer(work, connection.recv()))


def _answer(work: Callable[[J], R], job: J) -> bytes:
    try:
        return pickle.dumps(work(job))
    except BaseException as error:  # noqa: BLE001 - border: one job's failure is the caller's to judge
        return pickle.dumps(Raised(_portable(error)))


def _portable(error: BaseException) -> Exception:
    """Make an exception fit for the way to the main process.

    What would end that one too (SystemExit) or cannot be pickled there and
    back becomes a RuntimeError that says the same.
    """
    told = "in a worker process:\n" + "".join(traceback.format_exception(error))
    error.__cause__ = error.__context__ = error.__traceback__ = None
    if not isinstance(error, Exception) or not _survives_pickling(error):
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(told)
    return error


def _survives_pickling(error: Exception) -> bool:
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - whatever it is, it would happen in the main process too
        return False


@dataclass(slots=True)
class Worker(Generic[J, R]):
    """A running worker as the pool sees it: its pipe and the jobs it was sent."""

    process: multiprocessing.process.BaseProcess
    connection: Connection
    ready: bool = False
    jobs: list[tuple[bytes, Future[R]]] = field(default_factory=list)
    """Pickled; the first is being worked on."""

    def send(self, job: bytes, future: Future[R]) -> bool:
        """Hand over a job; False when the worker is gone."""
        self.jobs.append((job, future))
        try:
            self.connection.send_bytes(job)
        except (BrokenPipeError, ConnectionResetError):
            self.jobs.pop()
            return False
        return True

    def hear(self) -> R | Raised | None:
        """Receive what it says; raises EOFError or OSError when it is gone."""
        said = self.connection.recv_bytes()
        try:
            answer: R | Raised | None = pickle.loads(said)  # noqa: S301 - from our own process
        except Exception as error:  # noqa: BLE001 - border: one job's result, not the pool, is bad
            return Raised(error)
        return answer

    def end(self, *, kill: bool) -> int | None:
        """Let the worker go and give its exit code; waits for it."""
        self.connection.close()
        if kill:
            self.process.kill()
        self.process.join()
        code = self.process.exitcode
        self.process.close()
        return code
