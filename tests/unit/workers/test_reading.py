"""Files are read by another process, within a bound."""

import errno
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from picture_pipeline.workers.reading import CannotWrite, FileReaders, NoAnswer

DATA = bytes(range(256)) * 20_000


@pytest.fixture
def files() -> Iterator[FileReaders]:
    found = FileReaders(patience=20)
    yield found
    found.close()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a").write_bytes(DATA)
    return tmp_path


def children() -> set[int]:
    """Give the processes that this one started."""
    task = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(each) for each in task.read_text().split()}


def test_a_file_is_read_whole(files: FileReaders, root: Path) -> None:
    assert b"".join(files.read(root, "below/a")) == DATA


@pytest.mark.parametrize(("start", "count"), [(0, 5), (700_000, 2_000_000), (len(DATA), 9), (3, 0)])
def test_a_part_of_a_file_is_read(files: FileReaders, root: Path, start: int, count: int) -> None:
    assert b"".join(files.read(root, "below/a", start, count)) == DATA[start : start + count]


def test_many_files_are_read_by_one_process(files: FileReaders, root: Path) -> None:
    before = children()
    for _ in range(100):
        list(files.read(root, "below/a", 0, 10))

    assert len(children() - before) == 1


def test_a_file_is_copied_to_the_same_place_of_another(files: FileReaders, root: Path) -> None:
    with (root / "copy").open("w+b") as copy:
        done = list(files.copy(root, "below/a", copy.fileno()))
        rest = list(files.copy(root, "below/a", copy.fileno(), 5_000_000))

    assert sum(done) == len(DATA)
    assert sum(rest) == len(DATA) - 5_000_000
    assert (root / "copy").read_bytes() == DATA


def test_a_file_that_cannot_be_written_is_told_from_one_that_cannot_be_read(
    files: FileReaders, root: Path
) -> None:
    with Path("/dev/full").open("wb") as full, pytest.raises(CannotWrite) as caught:
        list(files.copy(root, "below/a", full.fileno()))

    assert caught.value.errno == errno.ENOSPC


@pytest.mark.parametrize(
    ("path", "told"),
    [("below/none", errno.ENOENT), ("below/a/deeper", errno.ENOTDIR), ("below", errno.ENOENT)],
)
def test_what_the_file_system_says_is_told(
    files: FileReaders, root: Path, path: str, told: int
) -> None:
    with pytest.raises(OSError, match=os.strerror(told)) as caught:
        list(files.read(root, path))

    assert caught.value.errno == told


def test_a_fifo_is_no_file(files: FileReaders, root: Path) -> None:
    os.mkfifo(root / "fifo")

    with pytest.raises(FileNotFoundError):
        list(files.read(root, "fifo"))


def test_a_link_is_not_followed(files: FileReaders, root: Path) -> None:
    (root / "link").symlink_to("below/a")

    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        list(files.read(root, "link"))


def test_after_an_error_the_same_process_goes_on(files: FileReaders, root: Path) -> None:
    before = children()
    with pytest.raises(FileNotFoundError):
        list(files.read(root, "none"))
    assert b"".join(files.read(root, "below/a")) == DATA

    assert len(children() - before) == 1


def test_a_process_that_gives_nothing_is_not_waited_for(root: Path) -> None:
    files = FileReaders(patience=0.05)
    before = children()
    files.prepare(root, "below/a")
    (process,) = children() - before
    os.kill(process, signal.SIGSTOP)

    with pytest.raises(NoAnswer, match=r"no byte within 0\.05 s"):
        list(files.read(root, "below/a"))

    files.close()


def test_a_process_that_died_is_replaced(files: FileReaders, root: Path) -> None:
    before = children()
    list(files.read(root, "below/a"))
    (process,) = children() - before
    os.kill(process, signal.SIGKILL)

    with pytest.raises(NoAnswer):
        list(files.read(root, "below/a"))
    assert b"".join(files.read(root, "below/a")) == DATA


def test_a_reading_that_is_broken_off_leaves_the_next_one_alone(
    files: FileReaders, root: Path
) -> None:
    first = files.read(root, "below/a")
    next(first)
    first.close()  # type: ignore[attr-defined] # a generator, which callers need not know

    assert b"".join(files.read(root, "below/a")) == DATA


def test_what_was_prepared_does_not_mix_with_what_is_asked_for(
    files: FileReaders, root: Path
) -> None:
    files.prepare(root, "below/a")

    assert b"".join(files.read(root, "below/a")) == DATA


def test_closing_leaves_no_process(root: Path) -> None:
    files = FileReaders(patience=20)
    before = children()
    list(files.read(root, "below/a"))
    files.close()

    assert children() == before


def test_after_a_fork_parent_and_child_do_not_share_a_process(
    files: FileReaders, root: Path
) -> None:
    list(files.read(root, "below/a"))
    child = os.fork()
    if not child:
        os._exit(b"".join(files.read(root, "below/a")) != DATA)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert b"".join(files.read(root, "below/a")) == DATA


def test_preparing_twice_does_not_mix_up_the_answers(files: FileReaders, root: Path) -> None:
    """As two threads do whose first requests come at once."""
    for name in ("b", "c"):
        (root / "below" / name).write_bytes(name.encode() * 1000)
    files.prepare(root, "below/a")
    files.prepare(root, "below/a")

    assert b"".join(files.read(root, "below/a")) == DATA
    assert b"".join(files.read(root, "below/b")) == b"b" * 1000
    assert b"".join(files.read(root, "below/c")) == b"c" * 1000


def test_many_threads_prepare_and_read_at_once(files: FileReaders, root: Path) -> None:
    names = [f"{number:02}" for number in range(32)]
    for name in names:
        (root / "below" / name).write_bytes(name.encode() * 50_000)

    def read(name: str) -> bytes:
        files.prepare(root, f"below/{name}")
        return b"".join(files.read(root, f"below/{name}"))

    with ThreadPoolExecutor(16) as pool:
        got = list(pool.map(read, names * 4))

    assert got == [name.encode() * 50_000 for name in names * 4]
