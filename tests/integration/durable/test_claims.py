"""One fills a temp file, the others learn what became of it."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from installed import until
from picture_pipeline.durable import claims
from picture_pipeline.durable.claims import Claim, Done, GivenUpBy, Stalled

PATIENCE = 20.0


@pytest.fixture
def temp(tmp_path: Path) -> Path:
    return tmp_path / "temp"


@pytest.fixture
def claim(temp: Path) -> Claim:
    taken = claims.take(temp, PATIENCE)
    assert isinstance(taken, Claim)
    return taken


def waiting(pool: ThreadPoolExecutor, temp: Path) -> Future[object]:
    return pool.submit(claims.take, temp, PATIENCE)


def fill(claim: Claim, data: bytes) -> None:
    writer = claim.open_for_writing()
    os.write(writer, data)
    os.close(writer)


def test_who_waits_hears_that_it_got_its_place(claim: Claim, temp: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiter = waiting(pool, temp)
        fill(claim, b"content")
        claim.publish(tmp_path / "new" / "folder" / "name")

        # One that came too late to see the old file gets a claim of its own.
        assert isinstance(waiter.result(), Done | Claim)
    assert (tmp_path / "new" / "folder" / "name").read_bytes() == b"content"


def test_what_is_published_is_read_only(claim: Claim, tmp_path: Path) -> None:
    claim.publish(tmp_path / "name")

    assert (tmp_path / "name").stat().st_mode & 0o777 == 0o444


def test_who_waits_hears_why_it_was_given_up(claim: Claim, temp: Path) -> None:
    fd = os.open(temp, os.O_RDWR)
    fill(claim, b"half of the content")
    claim.give_up(b"why")

    assert not temp.exists()
    assert os.pread(fd, 100, 0) == b"why"
    os.close(fd)


@pytest.mark.parametrize(
    ("end", "heard"),
    [
        (lambda claim: claim.give_up(b"why"), GivenUpBy(b"why")),
        (lambda claim: claim.leave(), Done()),
    ],
)
def test_a_waiter_that_has_the_file_open_hears_how_it_ended(
    claim: Claim, temp: Path, end: Callable[[Claim], None], heard: object
) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiter = waiting(pool, temp)
        until(lambda: is_open_twice(temp))
        end(claim)

        assert waiter.result() == heard


def is_open_twice(temp: Path) -> bool:
    inode = temp.stat().st_ino
    found = 0
    for fd in os.listdir("/proc/self/fd"):
        try:
            found += Path(f"/proc/self/fd/{fd}").stat().st_ino == inode
        except FileNotFoundError:
            continue
    return found > 1


def test_what_is_left_can_be_read_to_its_end(claim: Claim, temp: Path) -> None:
    fill(claim, b"content")
    with temp.open("rb") as reader:
        claim.leave()

        assert reader.read() == b"content"
    assert not temp.exists()


def test_a_writer_without_progress_is_not_waited_for(claim: Claim, temp: Path) -> None:
    assert claims.take(temp, 0.05) == Stalled()
    claim.give_up()


def test_after_a_failure_without_a_note_the_next_one_tries(claim: Claim, temp: Path) -> None:
    claim.give_up()
    again = claims.take(temp, PATIENCE)

    assert isinstance(again, Claim)
    again.give_up()


def test_what_a_dead_writer_left_is_emptied_and_taken_over(temp: Path) -> None:
    temp.write_bytes(b"half")
    taken = claims.take(temp, PATIENCE)

    assert isinstance(taken, Claim)
    assert temp.read_bytes() == b""
    taken.give_up()


def test_leftovers_are_cleared_and_files_at_work_are_not(claim: Claim, temp: Path) -> None:
    temp.with_name("left").write_bytes(b"half")

    claims.clear_leftovers(temp.parent)

    assert os.listdir(temp.parent) == ["temp"]
    assert claims.is_at_work(temp)
    claim.give_up()
    assert not claims.is_at_work(temp)


def test_a_file_in_use_is_not_removed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"content")
    with path.open("rb") as reader:
        claims.hold_in_use(reader.fileno())

        assert not claims.remove_unless_in_use(path)
    assert claims.remove_unless_in_use(path)
    assert claims.remove_unless_in_use(path)
