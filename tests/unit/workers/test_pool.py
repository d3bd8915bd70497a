"""A crash, hang or memory hog in a worker costs one job; the pool goes on at full width."""

import signal
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path

import pytest
from pool_jobs import MEBIBYTE, Job, die_while_preparing, prepare, prepare_in_vain

from picture_pipeline.errors import ArchiveUnavailable, PipelineError
from picture_pipeline.workers.pool import WorkerDied, WorkerPool

PATIENCE = 60
Pool = WorkerPool[Job, object]


@pytest.fixture
def pool() -> Iterator[Pool]:
    with WorkerPool(2, prepare) as made:
        yield made


def result(future: Future[object]) -> object:
    return future.result(timeout=PATIENCE)


@pytest.mark.parametrize(
    ("job", "code"),
    [
        (("crash", 0), -signal.SIGSEGV),
        (("hang", 0), -signal.SIGALRM),
        (("leave_at_once", 3), 3),
    ],
)
def test_a_job_that_kills_its_process_fails_with_its_exit_code(
    pool: Pool, job: Job, code: int
) -> None:
    with pytest.raises(WorkerDied) as caught:
        result(pool.submit(job))

    assert caught.value.code == code


@pytest.mark.parametrize(
    ("job", "error"),
    [
        (("fail", 1), ValueError),
        (("hog", 1024 * MEBIBYTE), MemoryError),
        (("lose_the_archive", 0), ArchiveUnavailable),
        (("fail_oddly", 0), RuntimeError),
        (("leave", 3), RuntimeError),
    ],
)
def test_what_a_job_raises_reaches_whoever_asked(
    pool: Pool, job: Job, error: type[Exception]
) -> None:
    with pytest.raises(error) as caught:
        result(pool.submit(job))

    assert type(caught.value) is error
    assert "in a worker process" in caught.value.__notes__[0]


def test_a_result_that_cannot_be_sent_fails_its_job_alone(pool: Pool) -> None:
    odd, sound = pool.submit(("answer_oddly", 0)), pool.submit(("twice", 21))

    with pytest.raises(Exception, match="pickle"):
        result(odd)
    assert result(sound) == 42


def test_only_the_job_that_crashes_fails(pool: Pool) -> None:
    jobs = [("crash" if number % 10 == 5 else "twice", number) for number in range(40)]

    futures = [pool.submit(job) for job in jobs]

    for (name, number), future in zip(jobs, futures, strict=True):
        error = future.exception(timeout=PATIENCE)
        if name == "crash":
            assert isinstance(error, WorkerDied)
        else:
            assert result(future) == number * 2


def test_the_pool_goes_on_at_full_width_after_crashes(pool: Pool) -> None:
    for future in [pool.submit(("leave_at_once", 1)) for _ in range(4)]:
        assert isinstance(future.exception(timeout=PATIENCE), WorkerDied)
    pids: set[object] = set()

    while len(pids) < 2:
        pids |= {result(future) for future in [pool.submit(("tell_pid", 0)) for _ in range(8)]}

    assert len(pids) == 2


def test_no_process_is_left_after_shutdown() -> None:
    with WorkerPool(2, prepare) as pool:
        pids = {result(future) for future in [pool.submit(("tell_pid", 0)) for _ in range(8)]}
        pool.submit(("crash", 0)).exception(timeout=PATIENCE)

    assert pids
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_shutdown_does_not_wait_for_a_job_that_goes_on_for_ever() -> None:
    pool = WorkerPool(1, prepare)
    begun, waiting = pool.submit(("go_on", 0)), pool.submit(("twice", 1))
    last = [pool.submit(("twice", number)) for number in range(20)][-1]
    while not begun.running():
        pass

    pool.shutdown()

    assert isinstance(begun.exception(timeout=0), WorkerDied)
    assert waiting.done()
    with pytest.raises(CancelledError):
        last.result(timeout=0)


def test_shutdown_twice_does_no_harm() -> None:
    pool = WorkerPool(1, prepare)
    assert result(pool.submit(("twice", 1))) == 2

    pool.shutdown()
    pool.shutdown()


def test_a_job_that_no_worker_has_yet_can_be_cancelled(pool: Pool) -> None:
    long = [pool.submit(("hang", number)) for number in range(4)]
    last = pool.submit(("twice", 1))

    assert last.cancel()
    assert all(isinstance(each.exception(timeout=PATIENCE), WorkerDied) for each in long)
    assert result(pool.submit(("twice", 2))) == 4


def test_cancelled_jobs_do_not_hold_up_the_one_behind_them() -> None:
    with WorkerPool(1, prepare) as pool:
        busy = pool.submit(("hang", 0))
        cancelled = [pool.submit(("twice", number)) for number in range(20)]
        kept = [future for future in cancelled if not future.cancel()]

        last = pool.submit(("twice", 21))

        assert isinstance(busy.exception(timeout=PATIENCE), WorkerDied)
        assert len(kept) <= 1
        assert last.result(timeout=10) == 42


def test_workers_leave_ctrl_c_and_sigterm_to_the_main_process(pool: Pool) -> None:
    assert result(pool.submit(("stop_signals", 0))) == "still here"


def test_what_native_code_prints_does_not_reach_stdout(
    pool: Pool, capfd: pytest.CaptureFixture[str]
) -> None:
    result(pool.submit(("speak", 0)))

    assert "from native code" not in capfd.readouterr().out


def test_a_worker_that_cannot_be_prepared_says_why() -> None:
    with WorkerPool(2, prepare_in_vain) as pool, pytest.raises(ArchiveUnavailable):
        result(pool.submit(("twice", 1)))


def test_workers_that_die_while_they_start_end_in_an_error_and_not_in_a_loop() -> None:
    with WorkerPool(1, die_while_preparing) as pool:
        error = pool.submit(("twice", 1)).exception(timeout=PATIENCE)

    assert isinstance(error, PipelineError)
    assert "end with 7" in str(error)


def test_a_job_that_cannot_be_sent_is_refused_at_once(pool: Pool) -> None:
    with pytest.raises(Exception, match="pickle"):
        pool.submit(lambda: None)  # type: ignore[arg-type]  # that is the point
