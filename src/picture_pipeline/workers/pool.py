"""A pool of worker processes in which a crash costs one job, not the run.

``concurrent.futures.ProcessPoolExecutor`` gives up as a whole when one
process dies; here each worker has a pipe of its own, so there is no shared
lock that a dying process could take with it. The face is a small part of
``concurrent.futures.Executor``: ``submit`` and ``shutdown``.
"""

import logging
import multiprocessing
import pickle
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from multiprocessing import resource_tracker
from multiprocessing.connection import Pipe, wait
from typing import Generic, TypeVar

from picture_pipeline.errors import PipelineError
from picture_pipeline.workers.limits import STOP_SIGNALS
from picture_pipeline.workers.process import Raised, Worker, serve

J = TypeVar("J")
R = TypeVar("R")

_LOG = logging.getLogger(__name__)
_AHEAD = 8
"""Jobs a worker holds: the one it works on and some more, so that it never waits while a batch
is published."""
_STARTS_IN_VAIN = 3
_PAUSES = (0.0, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between tries to reach a fork server that was killed."""


class WorkerDied(Exception):
    """The worker process ended while it worked on this job; ``code`` as in ``Process.exitcode``."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the worker process ended with {code}")
        self.code = code


class WorkerPool(Generic[J, R]):
    """Runs jobs in ``size`` processes, each of which calls ``prepare`` once.

    ``prepare`` and jobs are pickled; ``preload`` names modules that the
    fork server imports once for all workers. Processes are started when there
    is work for them.
    """

    def __init__(
        self, size: int, prepare: Callable[[], Callable[[J], R]], preload: Sequence[str] = ()
    ) -> None:
        self._size = size
        self._prepare = prepare
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._inbox: queue.SimpleQueue[tuple[bytes, Future[R]] | None] = queue.SimpleQueue()
        self._wake_receiver, self._wake_sender = Pipe(duplex=False)
        self._waiting: deque[tuple[bytes, Future[R]]] = deque()
        self._workers: list[Worker[J, R]] = []
        self._closing = False
        self._broken: PipelineError | None = None
        self._vain_starts = 0
        self._thread = threading.Thread(target=self._run, name="worker-pool", daemon=True)
        self._thread.start()

    def submit(self, job: J) -> Future[R]:
        """Ask for a job to be done.

        The future raises WorkerDied when its process died, or whatever the
        job raised; it may be cancelled until a worker was given the job.
        """
        future: Future[R] = Future()
        self._inbox.put((pickle.dumps(job), future))
        self._wake_sender.send_bytes(b"j")
        return future

    def shutdown(self) -> None:
        """End all workers at once; waits for them. Twice does no harm.

        Whoever still wants a result asks for it before: jobs that wait are
        cancelled, and workers that are busy are killed.
        """
        if self._thread.is_alive():
            self._inbox.put(None)
            self._wake_sender.send_bytes(b"e")
            self._thread.join()
        self._wake_sender.close()
        self._wake_receiver.close()

    def __enter__(self) -> "WorkerPool[J, R]":
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()

    # ---- below: in the supervising thread only

    def _run(self) -> None:
        while not self._closing:
            try:
                self._supervise()
            except Exception as error:  # noqa: BLE001 - nobody may wait for ever
                _LOG.info("the pool of worker processes broke", exc_info=error)
                self._broken = PipelineError(
                    f"worker processes cannot be used ({type(error).__name__}: {error}); look for "
                    "a limit on processes, memory or open files on this machine"
                )
                self._give_up(self._broken)
        self._give_up(None)

    def _supervise(self) -> None:
        while not self._closing:
            self._hand_out()
            for ready in wait([self._wake_receiver, *(w.connection for w in self._workers)]):
                if ready is self._wake_receiver:
                    self._take_inbox()
                else:
                    self._hear(next(w for w in self._workers if w.connection is ready))

    def _take_inbox(self) -> None:
        self._wake_receiver.recv_bytes()
        message = self._inbox.get()
        if message is None:
            self._closing = True
        elif self._broken is not None:
            message[1].set_exception(self._broken)
        else:
            self._waiting.append(message)

    def _hand_out(self) -> None:
        while self._waiting and len(self._workers) < min(self._size, self._wanted()):
            self._workers.append(self._start_surely())
        for depth in range(1, _AHEAD + 1):
            for worker in self._workers:
                if self._waiting and worker.ready and len(worker.jobs) < depth:
                    self._hand_to(worker)

    def _hand_to(self, worker: Worker[J, R]) -> None:
        while self._waiting:
            job, future = self._waiting.popleft()
            # One that comes back from a dead worker was begun already, as its future knows.
            if future.running() or future.set_running_or_notify_cancel():
                if not worker.send(job, future):
                    self._waiting.appendleft((job, future))
                return

    def _wanted(self) -> int:
        return len(self._waiting) + sum(1 for worker in self._workers if worker.jobs)

    def _start_surely(self) -> Worker[J, R]:
        """Start a worker, also when the fork server dies under our hands.

        Asked again it is started anew, but only once the kernel has noticed.
        """
        for pause in _PAUSES:
            try:
                return self._start()
            except (EOFError, ConnectionError) as error:
                _LOG.info("the fork server died: %s", error)
                time.sleep(pause)
        return self._start()

    def _start(self) -> Worker[J, R]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=serve, args=(theirs, self._prepare), daemon=True, name="picture-pipeline-worker"
        )
        # Processes inherit this thread's mask: the fork server then outlives a Ctrl-C or
        # SIGTERM that is sent to the whole group. Starting the tracker unblocks them.
        resource_tracker.ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
        process.start()
        theirs.close()
        return Worker(process, ours)

    def _hear(self, worker: Worker[J, R]) -> None:
        try:
            answer = worker.hear()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if not worker.ready:
            self._greet(worker, answer)
            return
        _, future = worker.jobs.pop(0)
        _settle(future, answer)

    def _greet(self, worker: Worker[J, R], answer: R | Raised | None) -> None:
        if isinstance(answer, Raised):
            self._workers.remove(worker)
            worker.end(kill=False)
            self._fail_waiting(answer.error)
            return
        worker.ready = True
        self._vain_starts = 0

    def _bury(self, worker: Worker[J, R]) -> None:
        self._workers.remove(worker)
        jobs, was_ready = worker.jobs, worker.ready
        code = worker.end(kill=True)
        if jobs:
            # The first job is the one it died of; the second was never begun.
            jobs[0][1].set_exception(WorkerDied(code))
            self._waiting.extendleft(reversed(jobs[1:]))
        if not was_ready:
            self._vain_starts += 1
            if self._vain_starts >= _STARTS_IN_VAIN:
                self._fail_waiting(
                    PipelineError(
                        f"worker processes cannot be started (they end with {code}); look for a "
                        "memory limit or a security policy on this machine"
                    )
                )

    def _fail_waiting(self, error: Exception) -> None:
        while self._waiting:
            _settle(self._waiting.popleft()[1], Raised(error))

    def _give_up(self, error: Exception | None) -> None:
        """End all workers; jobs get the error, or are cancelled where it is None."""
        workers, self._workers = self._workers, []
        for worker in workers:
            idle = worker.ready and not worker.jobs
            code = worker.end(kill=not idle)
            for _, future in worker.jobs:
                future.set_exception(error or WorkerDied(code))
        if error is not None:
            self._fail_waiting(error)
        while self._waiting:
            self._waiting.popleft()[1].cancel()


def _settle(future: Future[R], answer: R | Raised | None) -> None:
    if not (future.running() or future.set_running_or_notify_cancel()):
        return
    if isinstance(answer, Raised):
        future.set_exception(answer.error)
    else:
        future.set_result(answer)  # type: ignore[arg-type]  # a job of ours may well give None
