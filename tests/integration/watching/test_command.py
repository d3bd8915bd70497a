"""The command ``watch`` as a service manager, cron, or a person starts it."""

import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from installed import PATIENCE, Said, Storage, end, until
from pictures import jpeg, write

QUICK = ("--interval", "0.5", "--settle", "0.2")


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "home")


@contextmanager
def watching(storage: Storage, *arguments: str | Path) -> Iterator["subprocess.Popen[bytes]"]:
    process = storage.start("watch", "--json", *arguments)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        end(process)


def next_report(process: "subprocess.Popen[bytes]") -> dict[str, object]:
    out: IO[bytes] | None = process.stdout
    assert out is not None
    assert select.select([out], [], [], PATIENCE)[0], "no report came"
    found: dict[str, object] = json.loads(out.readline())
    return found


def ask_to_stop(process: "subprocess.Popen[bytes]", number: int) -> Said:
    os.kill(process.pid, number)
    return end(process)


def test_once_takes_in_what_stands_still_and_reports_like_import(
    storage: Storage, phone: Path
) -> None:
    write(phone / "one.jpg", jpeg(1))
    write(phone / "notes.txt", b"no picture")
    said = storage.here("watch", "--once", "--settle", "0.1", "--json", str(phone))
    counts = ("seen", "imported", "duplicate", "skipped", "rejected", "failed")
    assert (said.status, [said.json[key] for key in counts]) == (0, [2, 1, 0, 0, 1, 0])
    imported = storage.here("import", "--json", str(phone)).json
    assert set(said.json) == set(imported)


def test_once_again_skips_what_is_known(storage: Storage, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    for expected in (0, 1):
        said = storage.here("watch", "--once", "--settle", "0.1", "--json", str(phone))
        assert said.json["skipped"] == expected


def test_once_a_file_cut_short_waits_and_is_named(storage: Storage, phone: Path) -> None:
    write(phone / "cut.jpg", jpeg(1, 400)[:-500])
    said = storage.here("watch", "--once", "--settle", "0.1", "--json", str(phone))
    assert (said.status, said.json["skipped"]) == (0, 1)
    problem = said.json["problems"][0]
    assert (problem["outcome"], problem["reason"]) == ("skipped", "waiting")
    assert problem["path"] == str(phone / "cut.jpg")


def test_once_again_and_again_ends_the_wait_of_a_file_cut_short(
    storage: Storage, phone: Path
) -> None:
    write(phone / "cut.jpg", jpeg(1, 400)[:-500])
    hasty = storage.given(PICTURE_PIPELINE_STORAGE__SYNC__INCOMPLETE_AFTER_SECONDS="0.5")
    call = ("watch", "--once", "--settle", "0.3", "--json", str(phone))
    assert hasty.here(*call).json["imported"] == 0
    assert hasty.here(*call).json["imported"] == 1


def test_once_a_growing_file_waits(storage: Storage, phone: Path) -> None:
    write(phone / "grows.jpg", jpeg(1, 400)[:2000])
    process = storage.start("watch", "--once", "--settle", "2", "--json", phone)
    until((storage.home / "local.db").exists)
    write(phone / "grows.jpg", jpeg(1, 400)[:3000])
    assert [p["reason"] for p in end(process).json["problems"]] == ["waiting"]


def test_once_a_source_that_is_away_stops_no_other(storage: Storage, tmp_path: Path) -> None:
    phone, card = tmp_path / "phone", tmp_path / "card"
    for folder in (phone, card):
        write(folder / "one.jpg", jpeg(1))
    call = ("watch", "--once", "--settle", "0.1", "--json", f"card={card}", f"phone={phone}")
    storage.here(*call)
    (card / "one.jpg").unlink()
    write(phone / "two.jpg", jpeg(2))
    said = storage.here(*call)
    assert (said.status, said.json["imported"]) == (3, 1)
    assert "card: unmounted: the folder is empty" in said.err


def test_nothing_to_watch_is_said(storage: Storage) -> None:
    said = storage.here("watch")
    assert (said.status, "there is nothing to watch" in said.err) == (2, True)


def test_single_files_are_not_watched(storage: Storage, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    said = storage.here("watch", "--once", str(phone / "one.jpg"))
    assert (said.status, "only whole folders" in said.err) == (2, True)


def test_sigterm_ends_well(storage: Storage, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    with watching(storage, *QUICK, phone) as process:
        assert next_report(process)["imported"] == 1
        said = ask_to_stop(process, signal.SIGTERM)
    assert said.status == 0
    assert storage.incoming() == []


def test_ctrl_c_ends_as_interrupted(storage: Storage, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    with watching(storage, *QUICK, phone) as process:
        next_report(process)
        assert ask_to_stop(process, signal.SIGINT).status == 130


def test_each_event_is_a_line(storage: Storage, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    with watching(storage, *QUICK, phone) as process:
        next_report(process)
        said = ask_to_stop(process, signal.SIGTERM)
    lines = [line for line in said.err.splitlines() if "event=" in line]
    assert [line.split("event=")[1].split()[0] for line in lines] == ["source", "import"]
    assert "imported=1" in lines[1]


def test_after_kill_9_the_next_watch_goes_on(storage: Storage, phone: Path) -> None:
    for number in range(30):
        write(phone / f"{number}.jpg", jpeg(number))
    with watching(storage, *QUICK, phone) as process:
        until((storage.archive / "originals").exists)
        os.killpg(process.pid, signal.SIGKILL)
    said = storage.here("watch", "--once", "--settle", "0.1", "--json", str(phone))
    assert said.status == 0
    assert len(storage.originals()) == 30
    assert storage.incoming() == []


def test_a_file_event_wakes_the_watch(storage: Storage, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    with watching(storage, "--interval", "600", "--settle", "0.2", phone) as process:
        assert next_report(process)["imported"] == 1
        write(phone / "two.jpg", jpeg(2))
        assert next_report(process)["imported"] == 1


def test_systemd_is_told(storage: Storage, phone: Path, tmp_path: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(str(path))
        heard.settimeout(30)
        service = storage.given(NOTIFY_SOCKET=str(path), WATCHDOG_USEC="400000")
        with watching(service, *QUICK, phone) as process:
            ready = heard.recv(4096).decode()
            told = heard.recv(4096).decode()
            next_report(process)
            os.kill(process.pid, signal.SIGTERM)
            while not told.startswith("STOPPING=1"):
                assert told == "WATCHDOG=1"
                told = heard.recv(4096).decode()
    assert ready == f"READY=1\nSTATUS=watching {phone}"
