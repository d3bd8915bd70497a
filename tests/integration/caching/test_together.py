"""However many ask at once, in threads and processes: the archive is read once."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from caching import FolderArchive, Shelf, bytes_of
from installed import until
from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.model.cached import Wanted

PROCESSES, THREADS = 4, 16
SPAWN = multiprocessing.get_context("fork")


def ask(base: Path, wanted: Wanted, expected: bytes) -> None:
    """Ask for one original from many threads; end with 0 when all got it."""
    shelf = Shelf(base, limit=1 << 30)
    with ThreadPoolExecutor(THREADS) as pool:
        got = list(pool.map(lambda _: shelf.get(wanted), range(THREADS)))
    shelf.cache.close()
    os._exit(got != [expected] * THREADS)


def together(count: int, do: Callable[..., None], *given: object) -> list[int | None]:
    """Run something in many processes at once; their exit codes."""
    processes: list[BaseProcess] = [SPAWN.Process(target=do, args=given) for _ in range(count)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    return [process.exitcode for process in processes]


def test_sixty_four_at_once_cause_one_read(shelf: Shelf) -> None:
    data = bytes_of(1, 3_000_000)
    wanted = shelf.archive.put(data)

    codes = together(PROCESSES, ask, shelf.base, wanted, data)

    assert codes == [0] * PROCESSES
    assert shelf.archive.reads == [wanted.path]
    assert shelf.files() == [shelf.file(wanted)]


def test_threads_that_wait_for_a_fetch_that_fails_fail_with_it(shelf: Shelf) -> None:
    wanted = shelf.archive.put(bytes_of(2, 500_000), claimed=bytes_of(1, 500_000))
    shelf = Shelf(shelf.base, limit=1 << 30)

    def outcome(_: int) -> str:
        try:
            shelf.get(wanted)
        except IntegrityError as error:
            return str(error)
        return "given out"

    with ThreadPoolExecutor(8) as pool:
        outcomes = set(pool.map(outcome, range(8)))

    assert len(outcomes) == 1
    assert wanted.path in outcomes.pop()
    assert len(shelf.archive.reads) < 8
    assert shelf.files() == []


class Stuck(FolderArchive):
    """An archive that gives some bytes, then makes its process wait for ever."""

    def copy(self, path: str, target: int):  # type: ignore[no-untyped-def]  # noqa: ANN201 - as the port
        """Write the beginning, and stay."""
        for size in super().copy(path, target):
            yield size
            (self.root / "began").touch()
            signal.pause()


def begin(base: Path, wanted: Wanted) -> None:
    """Fetch, and get stuck on the way."""
    shelf = Shelf(base)
    shelf.cache.fetch(wanted, Stuck(shelf.archive.root))


@pytest.fixture
def killed(shelf: Shelf) -> Wanted:
    """Give an original whose fetch was killed half-way."""
    wanted = shelf.archive.put(bytes_of(1))
    process = SPAWN.Process(target=begin, args=(shelf.base, wanted))
    process.start()
    until((shelf.archive.root / "began").exists)
    process.kill()
    process.join()
    return wanted


def test_a_killed_fetch_leaves_no_file_among_the_originals(shelf: Shelf, killed: Wanted) -> None:
    assert [path for path in shelf.files() if path.parent != shelf.place.incoming] == []
    assert shelf.cache.totals().count == 0
    assert killed.digest not in {path.stem for path in shelf.place.full.rglob("*")}


def test_the_next_one_to_ask_fetches_it_again(shelf: Shelf, killed: Wanted) -> None:
    assert shelf.get(killed) == bytes_of(1)
    assert shelf.files() == [shelf.file(killed)]


def test_who_waits_for_a_fetch_that_is_killed_takes_it_over(shelf: Shelf) -> None:
    wanted = shelf.archive.put(bytes_of(1))
    process = SPAWN.Process(target=begin, args=(shelf.base, wanted))
    process.start()
    until((shelf.archive.root / "began").exists)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(shelf.get, wanted)
        process.kill()
        process.join()

        assert waiting.result(60) == bytes_of(1)


def test_a_fetch_that_gets_no_further_is_not_waited_for(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    wanted = shelf.archive.put(bytes_of(1))
    process = SPAWN.Process(target=begin, args=(shelf.base, wanted))
    process.start()
    until((shelf.archive.root / "began").exists)

    with pytest.raises(ArchiveUnavailable, match="gets no further"):
        shelf.get(wanted)

    process.kill()
    process.join()


def churn(base: Path, originals: list[Wanted], seed: int) -> None:
    """Ask for many originals, more than the cache holds, in an order of one's own."""
    shelf = Shelf(base, limit=5000)
    for number in range(150):
        shelf.get(originals[(number * seed) % len(originals)])
    shelf.cache.close()
    os._exit(0)


def test_processes_that_compete_for_little_room_leave_books_and_folder_alike(
    shelf: Shelf,
) -> None:
    originals = [shelf.archive.put(bytes_of(number)) for number in range(23)]

    processes = [SPAWN.Process(target=churn, args=(shelf.base, originals, n)) for n in (1, 5, 7, 9)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    totals = shelf.cache.totals()
    assert [process.exitcode for process in processes] == [0] * 4
    assert totals.size == shelf.size() <= 5000
    assert totals.count == len(shelf.files())


def test_after_a_fork_the_child_has_a_cache_of_its_own(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    child = os.fork()
    if not child:
        os._exit(shelf.get(wanted) != bytes_of(0))

    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert shelf.get(wanted) == bytes_of(0)
