"""Results come back in the order of submission; after a crash a file meets less native code."""

import signal
from concurrent.futures import Future

import pytest

from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.model.candidate import Candidate, FileStamp, SourceName
from picture_pipeline.model.inspected import Care, Failed, InspectJob
from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.workflows.conveyor import (
    Again,
    Conveyor,
    Settled,
    TryAgain,
    try_again,
    why_unrenderable,
)

JOB = InspectJob(
    "run-0", SourceName("camera"), b"/", Candidate(b"", b"a.jpg", FileStamp(1, 1, 1, 1)), "now"
)


class Died(Exception):
    """A worker's death as the pool tells it."""

    def __init__(self, code: int) -> None:
        super().__init__(f"ended with {code}")
        self.code = code


class ByHand:
    """Workers whose jobs end when the test says so; what is given a second time, at once."""

    def __init__(self) -> None:
        self.jobs: list[tuple[int, Future[str]]] = []

    def submit(self, job: int) -> Future[str]:
        """Take a job."""
        future: Future[str] = Future()
        if any(job == each for each, _ in self.jobs):
            future.set_result(f"done {job} again")
        self.jobs.append((job, future))
        return future

    def finish(self, job: int) -> None:
        """Let a job end well."""
        next(future for each, future in self.jobs if each == job).set_result(f"done {job}")


def never(_job: int, _attempt: int, error: Exception) -> Again[int, str]:
    raise AssertionError(error)


def test_results_come_in_the_order_of_submission() -> None:
    workers = ByHand()
    conveyor = Conveyor[int, str](workers, 3, never)
    early = [done for job in (1, 2, 3) for done in conveyor.put(job)]

    for job in (3, 1, 2):
        workers.finish(job)

    assert early == []
    assert list(conveyor.drain()) == [(1, "done 1"), (2, "done 2"), (3, "done 3")]


def test_what_is_done_in_front_is_handed_on_at_once() -> None:
    workers = ByHand()
    conveyor = Conveyor[int, str](workers, 3, never)
    assert list(conveyor.put(1)) == []
    workers.finish(1)

    assert list(conveyor.put(2)) == [(1, "done 1")]


def test_a_job_whose_worker_died_is_done_again_in_its_place() -> None:
    workers = ByHand()
    conveyor = Conveyor[int, str](workers, 2, lambda job, _attempt, _error: TryAgain(job))
    list(conveyor.put(1))
    list(conveyor.put(2))
    workers.jobs[0][1].set_exception(Died(-11))
    workers.finish(2)

    assert list(conveyor.drain()) == [(1, "done 1 again"), (2, "done 2")]


def test_what_ends_the_run_passes_through() -> None:
    workers = ByHand()
    conveyor = Conveyor[int, str](workers, 2, never)
    list(conveyor.put(1))
    workers.jobs[0][1].set_exception(ArchiveUnavailable("gone"))

    with pytest.raises(ArchiveUnavailable):
        list(conveyor.drain())


def test_called_off_jobs_are_forgotten_and_begun_ones_are_not() -> None:
    workers = ByHand()
    conveyor = Conveyor[int, str](workers, 3, never)
    for job in (1, 2, 3):
        list(conveyor.put(job))
    workers.jobs[0][1].set_running_or_notify_cancel()

    conveyor.call_off()
    workers.finish(1)

    assert list(conveyor.drain()) == [(1, "done 1")]
    assert [future.cancelled() for _, future in workers.jobs] == [False, True, True]


def test_a_first_kill_from_outside_is_tried_again_as_it_was() -> None:
    assert try_again(JOB, 1, Died(-signal.SIGKILL)) == TryAgain(JOB)


@pytest.mark.parametrize("code", [-signal.SIGKILL, 255])
def test_a_second_kill_counts_as_a_crash(code: int) -> None:
    again = try_again(JOB, 2, Died(code))

    assert isinstance(again, TryAgain)
    assert again.job.care is Care.NO_DECODING


def test_each_crash_takes_more_native_code_away() -> None:
    cares: list[Care] = []
    job = JOB
    while isinstance(again := try_again(job, len(cares) + 1, Died(-signal.SIGSEGV)), TryAgain):
        job = again.job
        cares.append(job.care)

    assert cares == [Care.NO_DECODING, Care.NO_NATIVE_CODE]
    assert isinstance(again, Settled)
    assert isinstance(again.result, Failed)
    assert again.result.reason == "decoder_crashed"


def test_the_first_cause_is_what_is_told() -> None:
    slow = try_again(JOB, 1, Died(-signal.SIGALRM))
    assert isinstance(slow, TryAgain)

    then = try_again(slow.job, 2, Died(-signal.SIGSEGV))

    assert isinstance(then, TryAgain)
    assert then.job.warning is not None
    assert then.job.warning.reason == "decoder_timeout"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "too_large"),
        (Died(-signal.SIGALRM), "decoder_timeout"),
        (Died(-signal.SIGSEGV), "decoder_crashed"),
        (ValueError("odd"), "decoder_crashed"),
    ],
)
def test_the_cause_is_told_in_the_words_of_the_table(error: Exception, reason: str) -> None:
    told = why_unrenderable(error)

    assert isinstance(told, Unrenderable)
    assert told.reason == reason
