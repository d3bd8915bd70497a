"""File events as a hint."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from picture_pipeline.sources.hints import EventHints, NoHints

PATIENCE = 30


@pytest.fixture
def heard() -> threading.Event:
    return threading.Event()


@pytest.fixture
def hints(tmp_path: Path, heard: threading.Event) -> Iterator[EventHints]:
    made = EventHints(os.fsencode(tmp_path), heard.set, lambda: True)
    made.begin()
    yield made
    made.end()


def test_a_new_file_is_heard_of(hints: EventHints, heard: threading.Event, tmp_path: Path) -> None:
    folder = tmp_path / "2024"
    folder.mkdir()
    while not heard.wait(0.2):  # the thread may begin to listen after the first of them
        (folder / "a.jpg").write_bytes(b"new")
        (tmp_path / "b.jpg").write_bytes(os.urandom(4))
    assert hints.works
    assert hints.pending
    assert hints.take() <= {b"", b"2024"}


def test_what_was_taken_is_not_given_again(
    hints: EventHints, heard: threading.Event, tmp_path: Path
) -> None:
    while not heard.wait(0.2):
        (tmp_path / "a.jpg").write_bytes(os.urandom(4))
    hints.take()
    hints.end()
    hints.take()
    assert (hints.take(), hints.pending, hints.works) == (frozenset(), False, False)


def test_on_a_network_disk_nobody_listens(tmp_path: Path, heard: threading.Event) -> None:
    hints = EventHints(os.fsencode(tmp_path), heard.set, lambda: False)
    hints.begin()
    assert not hints.works


def test_a_folder_that_cannot_be_listened_to_is_polled(
    tmp_path: Path, heard: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    hints = EventHints(os.fsencode(tmp_path / "away"), heard.set, lambda: True)
    for _ in range(2):
        hints.begin()
        while hints.works:
            heard.wait(0.05)
    assert [record.message.split()[0] for record in caplog.records] == ["event=polling"]


def test_without_hints_nothing_is_pending() -> None:
    hints = NoHints()
    hints.begin()
    hints.end()
    assert (hints.take(), hints.pending, hints.works) == (frozenset(), False, False)
