"""A file that changes while it is read is left for the next run; nothing of it is staged."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from picture_pipeline.model.inspected import Failed, Known, Staged
from picture_pipeline.ports import StagedFile, Staging
from picture_pipeline.workflows.inspect import Inspector
from pictures import jpeg, write

if TYPE_CHECKING:
    from conftest import Bench

Change = Callable[[Path], None]


class Meanwhile:
    """Staging during whose work something happens to the source."""

    def __init__(self, staging: Staging, happen: Callable[[], None]) -> None:
        self._staging = staging
        self._happen = happen

    def copy(self, token: str) -> StagedFile:
        """Begin the copy: the source is open by now, and not read yet."""
        self._happen()
        return self._staging.copy(token)

    def sidecar(self, token: str, data: bytes) -> None:
        """Stage a sidecar."""
        self._staging.sidecar(token, data)

    def settle(self) -> None:
        """Wait until all is durable."""
        self._staging.settle()

    def rest(self) -> None:
        """Wait until nothing is being written."""
        self._staging.rest()


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(100)


def rewrite_in_place(path: Path) -> None:
    before = path.stat().st_ctime_ns
    while path.stat().st_ctime_ns == before:  # older kernels' clocks tick every 4 ms
        with path.open("r+b") as file:
            file.seek(300)
            file.write(b"other")


def replace_by_another(path: Path) -> None:
    write(path.with_suffix(".new"), jpeg(2))
    path.with_suffix(".new").replace(path)


def delete(path: Path) -> None:
    path.unlink()


CHANGES = (append, truncate, rewrite_in_place, replace_by_another, delete)


def inspector_during(bench: "Bench", change: Change, path: Path) -> Inspector:
    assert isinstance(bench.inspect, Inspector)
    meanwhile = Meanwhile(bench.inspect.staging, lambda: change(path))
    return replace(bench.inspect, staging=meanwhile)


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changes_while_it_is_read_fails(bench: "Bench", change: Change) -> None:
    write(bench.source / "a.jpg", jpeg(1))
    job = bench.job("a.jpg")

    done = inspector_during(bench, change, bench.source / "a.jpg")(job)

    assert isinstance(done, Failed)
    assert done.reason == "changed_while_reading"


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_stays_staged_of_a_file_that_changes(bench: "Bench", change: Change) -> None:
    write(bench.source / "a.jpg", jpeg(1))
    job = bench.job("a.jpg")

    inspector_during(bench, change, bench.source / "a.jpg")(job)

    assert bench.staged == []


def test_a_change_is_not_remembered_so_that_the_next_run_looks_again(bench: "Bench") -> None:
    write(bench.source / "a.jpg", jpeg(1))
    job = bench.job("a.jpg")

    done = inspector_during(bench, append, bench.source / "a.jpg")(job)

    assert isinstance(done, Failed)
    assert done.stamp is None


def test_a_file_changed_after_it_was_listed_is_taken_as_it_is_now(bench: "Bench") -> None:
    write(bench.source / "a.jpg", jpeg(1))
    job = bench.job("a.jpg")
    write(bench.source / "a.jpg", jpeg(2))

    done = bench.inspect(job)

    assert isinstance(done, Staged)
    assert done.stamp == bench.job("a.jpg").candidate.stamp


def test_a_file_gone_before_it_was_opened_has_vanished(bench: "Bench") -> None:
    write(bench.source / "a.jpg", jpeg(1))
    job = bench.job("a.jpg")
    (bench.source / "a.jpg").unlink()

    done = bench.inspect(job)

    assert isinstance(done, Failed)
    assert done.reason == "vanished"


def test_a_file_that_became_a_link_after_it_was_listed_is_not_followed(bench: "Bench") -> None:
    write(bench.source / "a.jpg", jpeg(1))
    job = bench.job("a.jpg")
    (bench.source / "a.jpg").unlink()
    (bench.source / "a.jpg").symlink_to("/etc/passwd")

    done = bench.inspect(job)

    assert isinstance(done, Failed)
    assert done.reason == "changed_while_reading"


def test_a_file_that_became_a_fifo_after_it_was_listed_is_not_waited_for(bench: "Bench") -> None:
    write(bench.source / "a.jpg", jpeg(1))
    job = bench.job("a.jpg")
    (bench.source / "a.jpg").unlink()
    os.mkfifo(bench.source / "a.jpg")

    done = bench.inspect(job)

    assert done.reason == "special_file"  # type: ignore[union-attr]  # Rejected has one


def test_bytes_the_archive_knows_are_not_staged(bench: "Bench") -> None:
    write(bench.source / "a.jpg", jpeg(1))
    first = bench.inspect(bench.job("a.jpg"))
    assert isinstance(first, Staged)
    for path in bench.staged:
        path.unlink()

    again = bench.inspect(bench.job("a.jpg", first.checksums.sha256))

    assert again == Known(first.checksums.sha256, first.stamp)
    assert bench.staged == []
