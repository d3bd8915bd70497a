"""Marks of live runs, between real processes."""

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from picture_pipeline.durable.locks import LiveMark

FORK = multiprocessing.get_context("fork")
PATIENCE = 60


def test_a_held_mark_is_alive_until_it_is_closed(tmp_path: Path) -> None:
    mark = LiveMark.hold(tmp_path / "run")
    held = LiveMark.is_alive(tmp_path / "run")
    mark.close()

    assert (held, LiveMark.is_alive(tmp_path / "run")) == (True, False)
    assert list(tmp_path.iterdir()) == []


def test_a_mark_nobody_made_is_not_alive(tmp_path: Path) -> None:
    assert not LiveMark.is_alive(tmp_path / "run")


def test_the_mark_of_a_killed_process_is_not_alive(tmp_path: Path) -> None:
    def hold_and_die() -> None:
        LiveMark.hold(tmp_path / "run")
        os.kill(os.getpid(), signal.SIGKILL)

    other = FORK.Process(target=hold_and_die)
    other.start()
    other.join(PATIENCE)

    assert (tmp_path / "run").exists()
    assert not LiveMark.is_alive(tmp_path / "run")


def test_a_mark_that_another_run_holds_cannot_be_held(tmp_path: Path) -> None:
    mark = LiveMark.hold(tmp_path / "run")

    with pytest.raises(BlockingIOError):
        LiveMark.hold(tmp_path / "run")

    mark.close()


def test_clearing_removes_dead_marks_and_leaves_live_ones(tmp_path: Path) -> None:
    mark = LiveMark.hold(tmp_path / "alive")
    (tmp_path / "dead").touch()

    for name in ("alive", "dead", "never made"):
        LiveMark.clear(tmp_path / name)

    assert [entry.name for entry in tmp_path.iterdir()] == ["alive"]
    mark.close()


def test_marks_may_be_made_while_another_process_clears(tmp_path: Path) -> None:
    def clear_all(stop: Path) -> None:
        while not stop.exists():
            for entry in (tmp_path / "runs").iterdir():
                LiveMark.clear(entry)

    (tmp_path / "runs").mkdir()
    stop = tmp_path / "stop"
    other = FORK.Process(target=clear_all, args=(stop,))
    other.start()
    lost = 0
    for number in range(2000):
        mark = LiveMark.hold(tmp_path / "runs" / str(number))
        lost += not LiveMark.is_alive(tmp_path / "runs" / str(number))
        mark.close()
    stop.touch()
    other.join(PATIENCE)

    assert (lost, other.exitcode) == (0, 0)
