"""Outside programs are run to their end, and heard."""

import pytest

from picture_pipeline.workers.programs import run_program


def test_status_and_words_are_given() -> None:
    ran = run_program(("sh", "-c", "echo out; echo err >&2; exit 3"))

    assert (ran.status, ran.said) == (3, "out\nerr")


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(FileNotFoundError):
        run_program(("no-such-program",))


def test_one_that_does_not_end_is_not_waited_for() -> None:
    with pytest.raises(TimeoutError, match=r"sleep did not end within 0\.05 s"):
        run_program(("sleep", "60"), seconds=0.05)


def test_what_goes_on_in_the_background_is_not_waited_for() -> None:
    ran = run_program(("sh", "-c", "sleep 5 & echo mounted"), seconds=4)

    assert ran.said == "mounted"


def test_it_has_nothing_to_read_and_speaks_english() -> None:
    assert run_program(("sh", "-c", "cat; echo $LC_ALL")).said == "C"
