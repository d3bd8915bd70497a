"""Sleep that others may end."""

import threading
import time

from picture_pipeline.workers.waking import Waker


def test_a_call_that_came_before_ends_the_next_sleep() -> None:
    with Waker() as waker:
        waker.wake()
        began = time.monotonic()
        waker.sleep(30)
        assert time.monotonic() - began < 10


def test_another_thread_ends_the_sleep() -> None:
    with Waker() as waker:
        thread = threading.Thread(target=waker.wake)
        began = time.monotonic()
        thread.start()
        waker.sleep(30)
        thread.join()
        assert time.monotonic() - began < 10


def test_many_calls_end_one_sleep_only() -> None:
    with Waker() as waker:
        for _ in range(100_000):
            waker.wake()
        waker.sleep(30)
        began = time.monotonic()
        waker.sleep(0.05)
        assert time.monotonic() - began >= 0.05
