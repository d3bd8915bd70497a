"""Ctrl-C, SIGTERM, SIGKILL: what was in flight is finished, and the next run goes on."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from installed import Storage, children, end, is_alive, until
from pictures import fill, picture, write

PICTURES = 150
PARTS = ("imported", "duplicate", "skipped", "rejected", "failed")


@pytest.fixture
def many(source: Path) -> Path:
    """Give a folder that takes some seconds to import."""
    fill(source, PICTURES, side=1200)
    return source


def started(storage: Storage, *arguments: str | Path) -> subprocess.Popen[bytes]:
    """Start an import and wait until it has archived something."""
    process = storage.start("import", "--json", *arguments)
    until(lambda: (storage.archive / "originals").is_dir() and storage.originals())
    assert process.poll() is None, "the import ended too early"
    return process


def stop(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)


def stop_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    os.killpg(process.pid, number)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("send", [stop, stop_group])
def test_an_interrupted_import_ends_cleanly_and_the_next_goes_on(
    storage: Storage,
    many: Path,
    send: Callable[[subprocess.Popen[bytes], signal.Signals], None],
    number: signal.Signals,
) -> None:
    process = started(storage, many)
    family = children(process.pid)

    send(process, number)
    said = end(process)
    report = said.json
    rest = storage.call("import", "--json", many)

    assert said.status == 130
    assert report["seen"] == sum(report[part] for part in PARTS)
    assert (report["failed"], report["warnings"]) == (0, [])
    assert 0 < report["imported"] < PICTURES
    assert family
    assert not [pid for pid in family if is_alive(pid)]
    assert (rest.status, rest.json["skipped"]) == (0, report["imported"])
    assert rest.json["seen"] == PICTURES
    assert len(storage.originals()) == PICTURES
    assert storage.incoming() == []


def test_an_interrupted_import_leaves_nothing_staged(storage: Storage, many: Path) -> None:
    process = started(storage, many)

    process.send_signal(signal.SIGINT)
    said = end(process)

    assert said.status == 130
    assert storage.incoming() == []
    assert list((storage.home / "thumbs" / ".incoming").iterdir()) == []
    assert len(storage.originals()) == said.json["imported"]


def test_it_says_that_it_stops_and_how_to_stop_at_once(storage: Storage, many: Path) -> None:
    process = started(storage, many)

    process.send_signal(signal.SIGINT)

    assert "stopping: the files in flight are finished first" in end(process).err


def test_a_second_ctrl_c_ends_at_once(storage: Storage, source: Path) -> None:
    write(source / "0.jpg", picture(1, "JPEG"))
    for number in range(4):
        write(source / f"{number + 1}.png", picture(number, "PNG", 8000))
    storage.call("import", source / "0.jpg")
    process = storage.start("import", source)
    until(lambda: list(storage.home.glob("archive/.picture-pipeline/incoming/*/*")))

    process.send_signal(signal.SIGINT)
    assert process.stderr
    while b"stopping" not in (line := process.stderr.readline()):
        assert line
    process.send_signal(signal.SIGINT)
    said = end(process)

    assert (said.status, said.out) == (130, b"")
    assert "interrupted" in said.err
    assert "Traceback" not in said.err


def test_after_a_second_ctrl_c_the_next_run_goes_on(storage: Storage, many: Path) -> None:
    process = started(storage, many)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    end(process)

    rest = storage.call("import", "--json", many)

    assert (rest.status, rest.json["seen"], rest.json["failed"]) == (0, PICTURES, 0)
    assert len(storage.originals()) == PICTURES
    assert storage.incoming() == []


def test_no_process_outlives_a_killed_import(storage: Storage, source: Path) -> None:
    for number in range(4):  # seconds of decoding each
        write(source / f"{number}.png", picture(number, "PNG", 9000))
    process = storage.start("import", source)
    until(lambda: list(storage.home.glob("archive/.picture-pipeline/incoming/*/*")))
    family = children(process.pid)

    process.kill()
    process.communicate()
    killed = time.monotonic()
    until(lambda: not any(is_alive(pid) for pid in family))

    assert len(family) >= 3  # the tracker, the fork server, a worker
    assert time.monotonic() - killed < 1


def test_after_a_kill_the_next_run_goes_on(storage: Storage, many: Path) -> None:
    process = started(storage, many)
    process.kill()
    process.communicate()

    rest = storage.call("import", "--json", many)

    assert (rest.status, rest.json["seen"], rest.json["failed"]) == (0, PICTURES, 0)
    assert len(storage.originals()) == PICTURES
    assert storage.incoming() == []
