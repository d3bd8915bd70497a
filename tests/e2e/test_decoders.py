"""What decoders cannot stand costs one picture its thumbnails, never its archiving."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from installed import Storage, end, until, workers
from pictures import fill, jpeg, picture, write

TIME = "PICTURE_PIPELINE_STORAGE__IMPORT__TIME_LIMIT_SECONDS"
MEMORY = "PICTURE_PIPELINE_STORAGE__IMPORT__MEMORY_LIMIT_GB"
PIXELS = "PICTURE_PIPELINE_STORAGE__IMPORT__MAX_MEGAPIXELS"
LARGE = 6000  # 36 megapixels: about a second as PNG, 108 MB as pixels


@pytest.fixture
def large(source: Path) -> Path:
    """Give a folder with one large picture among small ones."""
    write(source / "large.png", picture(1, "PNG", LARGE))
    for number in range(4):
        write(source / f"{number}.jpg", jpeg(number))
    return source


@pytest.mark.parametrize(
    ("limit", "value", "reason"),
    [
        (TIME, "0.1", "decoder_timeout"),
        (MEMORY, "0.05", "too_large"),
        (PIXELS, "30", "too_large"),
    ],
)
def test_a_picture_beyond_a_limit_is_archived_without_thumbnails(
    storage: Storage, large: Path, limit: str, value: str, reason: str
) -> None:
    said = storage.given(**{limit: value}).call("import", "--json", large)

    assert (said.status, said.json["imported"]) == (0, 5)
    assert [(w["path"], w["reason"]) for w in said.json["warnings"]] == [
        (str(large / "large.png"), reason)
    ]


@pytest.mark.parametrize(("limit", "value"), [(TIME, "0.1"), (MEMORY, "0.05"), (PIXELS, "30")])
def test_generate_thumbs_makes_them_once_the_limit_allows(
    storage: Storage, large: Path, limit: str, value: str
) -> None:
    storage.given(**{limit: value}).call("import", large)

    said = storage.call("generate-thumbs", "--all", "--json")

    assert (said.status, said.json["made"], said.json["sound"]) == (0, 1, 4)
    assert storage.call("storage-stats", "--json").json["thumbnails"]["complete"] == 5


def kill_a_worker(process: subprocess.Popen[bytes]) -> int:
    """Kill a worker of a running import as soon as there is one."""
    worker = until(lambda: workers(process.pid))[0]
    os.kill(worker, signal.SIGKILL)
    return worker


def test_a_worker_that_is_killed_costs_nothing(storage: Storage, source: Path) -> None:
    fill(source, 40, side=1500)

    process = storage.start("import", "--json", source)
    kill_a_worker(process)
    said = end(process)

    assert (said.status, said.json["imported"], said.json["warnings"]) == (0, 40, [])


def test_worker_processes_show_nothing_of_their_troubles(storage: Storage, large: Path) -> None:
    said = storage.given(**{TIME: "0.1"}).call("import", "--quiet", large)

    assert "Traceback" not in said.err
