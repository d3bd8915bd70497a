"""A NAS that hangs, fails and comes back: what is local goes on, what is not ends soon."""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from fuse_nas import Nas, mounted
from installed import Said, Storage, until
from picture_pipeline import PhotoStorage
from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.workers import reading_process
from pictures import jpeg, write

PICTURES = 12
FAULTS = ("hang", "ESTALE", "EIO")
BOUND = 0.3
"""Seconds; a quarter of what a person would wait, so that the tests are quick."""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nas, Storage]]:
    """Import once, onto what lies behind the NAS."""
    folder = tmp_path_factory.mktemp("hanging")
    for number in range(PICTURES):
        write(folder / "source" / f"{number}.jpg", jpeg(number))
    with mounted(folder / "nas", folder / "behind", folder / "control") as nas:
        storage = Storage(folder / "home")
        assert storage.here("setup-storage", "--nas", nas.behind).status == 0
        assert storage.here("import", "--quiet", folder / "source").status == 0
        yield nas, storage


@pytest.fixture
def nas(imported: tuple[Nas, Storage]) -> Iterator[Nas]:
    """Give the NAS, sound; afterwards nobody waits for it."""
    nas, _ = imported
    yield nas
    nas.fails("none")
    until(lambda: readers() == [])


@pytest.fixture
def filled(imported: tuple[Nas, Storage], nas: Nas, tmp_path: Path) -> Storage:
    """Give a storage whose archive lies on the NAS, with nothing in its cache yet."""
    shutil.copytree(imported[1].home, tmp_path / "home")
    config = tmp_path / "home" / "config" / "storage.yaml"
    at = {"PICTURE_PIPELINE_STORAGE__LOCAL__BASE_PATH": str(tmp_path / "home")}
    at["PICTURE_PIPELINE_STORAGE__NAS__BASE_PATH"] = str(nas.point)
    assert config.is_file()
    return Storage(tmp_path / "home", at)


@pytest.fixture
def digests() -> list[str]:
    return [hashlib.sha256(jpeg(number)).hexdigest() for number in range(PICTURES)]


@pytest.fixture
def half_cached(filled: Storage, digests: list[str]) -> Storage:
    with opened(filled) as storage:
        for digest in digests[: PICTURES // 2]:
            storage.get_photo(digest, size="full")
    return filled


def opened(storage: Storage) -> PhotoStorage:
    bound = {"PICTURE_PIPELINE_STORAGE__NAS__ANSWER_WITHIN_SECONDS": str(BOUND)}
    return PhotoStorage.open(environ=storage.environ | bound)


def readers() -> list[int]:
    """Give the processes of this checkout that read the archive for others."""
    program = os.fsencode(reading_process.__file__)
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                if program in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def timed(storage: Storage, *arguments: str) -> tuple[Said, float]:
    """Run a command without the start of Python, which a busy machine draws out at will."""
    began = time.monotonic()
    said = storage.here(*arguments)
    return said, time.monotonic() - began


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_local_is_given_out_quickly_all_the_while(
    half_cached: Storage, nas: Nas, digests: list[str], fault: str
) -> None:
    nas.fails(fault)
    took = []
    with opened(half_cached) as storage:
        storage.get_photo(digests[0], "full")  # opens the books
        for _ in range(50):
            for digest in digests[: PICTURES // 2]:
                for size in ("tiny", "medium", "full"):
                    began = time.monotonic()
                    assert storage.get_photo(digest, size)
                    took.append(time.monotonic() - began)

    assert sorted(took)[len(took) * 99 // 100] <= 0.2


@pytest.mark.parametrize("fault", FAULTS)
def test_an_original_that_is_not_cached_ends_with_3_within_two_seconds(
    half_cached: Storage, nas: Nas, digests: list[str], fault: str
) -> None:
    nas.fails(fault)

    said, seconds = timed(half_cached, "get", digests[-1], "--size", "full")

    assert (said.status, said.out) == (3, b"")
    assert str(nas.point) in said.err
    assert "Traceback" not in said.err
    assert seconds <= 2


def test_no_process_is_left_once_the_mount_answers_again(
    half_cached: Storage, nas: Nas, digests: list[str]
) -> None:
    nas.fails("hang")
    said = half_cached.call("get", digests[-1], "--size", "full")
    left = readers()
    nas.fails("none")

    until(lambda: readers() == [])

    assert said.status == 3
    assert "does not answer (no byte within 1 s)" in said.err
    assert len(left) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_after_it_came_back_the_same_process_fetches_what_it_could_not(
    half_cached: Storage, nas: Nas, digests: list[str], fault: str
) -> None:
    with opened(half_cached) as storage:
        nas.fails(fault)
        with pytest.raises(ArchiveUnavailable):
            storage.get_photo(digests[-1], "full")
        nas.fails("none")

        assert storage.get_photo(digests[-1], "full") == jpeg(PICTURES - 1)


def test_a_mount_that_hangs_for_long_does_not_gather_processes(
    half_cached: Storage, nas: Nas, digests: list[str]
) -> None:
    nas.fails("hang")
    with opened(half_cached) as storage:
        for _ in range(10):
            with pytest.raises(ArchiveUnavailable):
                storage.get_photo(digests[-1], "full")

        assert 1 <= len(readers()) <= 8


@pytest.mark.parametrize(
    "command",
    [
        ("storage-stats",),
        ("list",),
        ("cache", "stats"),
        ("cache", "prune"),
        ("get", "--size", "small"),
        ("get", "--size", "full"),
        ("show",),
    ],
    ids=" ".join,
)
def test_commands_on_what_is_local_never_touch_a_nas_that_hangs(
    half_cached: Storage, nas: Nas, digests: list[str], command: tuple[str, ...]
) -> None:
    named = (*command, digests[0][:12]) if command[0] in {"get", "show"} else command
    before = half_cached.call(*named)
    nas.fails("hang")

    after = half_cached.call(*named)

    assert (before.status, after.status) == (0, 0)
    assert len(after.out) == len(before.out)


def test_a_hit_needs_no_reader_and_a_thousand_misses_need_one(
    filled: Storage, digests: list[str]
) -> None:
    nothing_kept = filled.given(PICTURE_PIPELINE_STORAGE__LOCAL__CACHE__MAX_SIZE_GB="0")
    with opened(nothing_kept) as storage:
        seen = set()
        for number in range(60):
            storage.get_photo(digests[number % PICTURES], "full")
            seen.update(readers())

    assert len(seen) == 1
    assert readers() == []


def test_sixty_requests_by_one_process_and_the_command_read_the_nas_once(
    filled: Storage, nas: Nas, digests: list[str]
) -> None:
    before = len(nas.opened)
    with opened(filled) as storage:
        for _ in range(60):
            storage.get_photo(digests[0], "full")
    said = filled.call("get", digests[0], "--size", "full")

    assert said.out == jpeg(0)
    assert [Path(path).stem for path in nas.opened[before:]] == [digests[0]]
