"""``generate-thumbs --background`` returns at once and goes on by itself, one at a time."""

import json
import os
import signal
from pathlib import Path

import pytest

from installed import Storage, end, is_alive, until
from pictures import fill

PICTURES = 200


@pytest.fixture
def bare(storage: Storage, source: Path) -> Storage:
    """Give a storage whose thumbnails are all lost."""
    fill(source, PICTURES, side=800)
    storage.here("import", "--quiet", source)
    for path in (storage.home / "thumbs").glob("*/??/*"):
        path.unlink()
    return storage


def background(storage: Storage) -> dict[str, object]:
    found = storage.here("storage-stats", "--json").json["background"]
    assert isinstance(found, dict)
    return found


def is_at_work(storage: Storage) -> bool:
    found = storage.here("storage-stats", "--json").json["background"]
    return isinstance(found, dict) and bool(found["running"])


def wait_for_the_end(storage: Storage) -> None:
    until(lambda: not background(storage)["running"])


def test_it_returns_at_once_is_niced_shown_and_ends(bare: Storage) -> None:
    said = bare.call("generate-thumbs", "--background", "--json")
    pid = said.json["process"]
    assert isinstance(pid, int)
    nice, session = os.getpriority(os.PRIO_PROCESS, pid), os.getsid(pid)
    until(lambda: is_at_work(bare))
    shown = background(bare)
    wait_for_the_end(bare)

    assert (said.status, nice, session) == (0, 10, pid)
    assert shown["total"] == PICTURES
    assert background(bare)["done"] == PICTURES
    assert bare.here("storage-stats", "--json").json["thumbnails"]["complete"] == PICTURES
    assert len(list((bare.home / "thumbs" / "tiny").rglob("*.jpg"))) == PICTURES


def test_storage_stats_tells_people_of_it(bare: Storage) -> None:
    bare.call("generate-thumbs", "--background")
    until(lambda: is_at_work(bare))

    told = bare.here("storage-stats").text
    wait_for_the_end(bare)

    assert f" of {PICTURES} looked at" in told
    assert "generate-thumbs:  running" in told


def test_two_at_once_are_refused(bare: Storage) -> None:
    first = bare.start("generate-thumbs", "--json")
    until((bare.home / "runs" / "generate-thumbs").exists)

    second = bare.here("generate-thumbs")
    third = bare.here("generate-thumbs", "--background", "--json")

    assert (second.status, second.out) == (2, b"")
    assert "already running" in second.err
    assert (third.status, third.json["started"]) == (0, False)
    assert end(first).json["made"] == PICTURES


def test_an_interrupted_run_goes_on_where_it_stood(bare: Storage) -> None:
    first = bare.start("generate-thumbs", "--json")
    until(lambda: list((bare.home / "thumbs" / "tiny").rglob("*.jpg")))

    first.send_signal(signal.SIGINT)
    said = end(first)
    rest = bare.here("generate-thumbs", "--json")

    assert said.status == 130
    assert 0 < said.json["made"] < PICTURES
    assert rest.json["sound"] == said.json["made"]
    assert rest.json["made"] == PICTURES - said.json["made"]


def test_a_killed_run_goes_on_where_it_stood(bare: Storage) -> None:
    first = bare.start("generate-thumbs")
    until(lambda: list((bare.home / "thumbs" / "tiny").rglob("*.jpg")))
    first.kill()
    first.communicate()

    said = bare.here("generate-thumbs", "--json")

    assert (said.status, said.json["failed"]) == (0, 0)
    assert said.json["sound"] + said.json["made"] == PICTURES
    assert os.listdir(bare.home / "thumbs" / ".incoming") == []


def test_a_run_in_the_background_ends_on_sigterm(bare: Storage) -> None:
    pid = bare.call("generate-thumbs", "--background", "--json").json["process"]
    assert isinstance(pid, int)
    until(lambda: is_at_work(bare))

    os.kill(pid, signal.SIGTERM)
    wait_for_the_end(bare)
    until(lambda: not is_alive(pid))

    status = json.loads((bare.home / "generate-thumbs.json").read_bytes())
    assert status["done"] < PICTURES
