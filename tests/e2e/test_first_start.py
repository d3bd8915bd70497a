"""The first start of a fresh checkout, with a real environment from the package registry.

Makes one environment only (some 5 to 20 seconds): it is killed half-way, and then made by two
starts at once.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
PATIENCE = 900  # seconds; a slow network, not a measured limit

Finished = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True)
class FirstStarts:
    """What happened in a fresh checkout: a start killed half-way, then two starts at once."""

    checkout: Path
    trusted_after_the_kill: bool
    both: tuple[Finished, Finished]


def copy_checkout(target: Path) -> Path:
    """Copy what is committed or could be, as a clone would bring it."""
    listing = ("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others")
    names = subprocess.run(
        (*listing, "--exclude-standard"), cwd=ROOT, check=True, capture_output=True
    ).stdout
    for name in sorted({each.decode() for each in names.split(b"\0") if each}):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes((ROOT / name).read_bytes())
            (target / name).chmod((ROOT / name).stat().st_mode)
    return target


def homeless(home: Path) -> dict[str, str]:
    """Give this process's environment with an empty home and nothing else that is somebody's."""
    personal = ("XDG_", "PICTURE_PIPELINE_", "PYTHON", "VIRTUAL_ENV", "COV_", "COVERAGE_")
    kept = {key: text for key, text in os.environ.items() if not key.startswith(personal)}
    return kept | {"HOME": str(home)}


def start(checkout: Path, environ: Mapping[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [checkout / "run.sh", *arguments],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def finish(process: subprocess.Popen[str]) -> Finished:
    out, err = process.communicate(timeout=PATIENCE)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def kill_during_set_up(checkout: Path, environ: Mapping[str, str]) -> None:
    """Start, wait for the word that packages are being fetched, kill all that was started."""
    process = start(checkout, environ, "--version")
    heard = ""
    assert process.stderr
    while "packages by" not in heard:
        letter = process.stderr.read(1)
        assert letter, f"the set-up ended before it could be killed: {heard}"
        heard += letter
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def first_starts(tmp_path_factory: pytest.TempPathFactory) -> FirstStarts:
    checkout = copy_checkout(tmp_path_factory.mktemp("a checkout"))
    environ = homeless(tmp_path_factory.mktemp("home"))
    kill_during_set_up(checkout, environ)
    trusted = (checkout / ".venv").exists()
    racers = (start(checkout, environ, "--version"), start(checkout, environ, "--version"))
    both = (finish(racers[0]), finish(racers[1]))
    return FirstStarts(checkout, trusted, both)


def test_a_killed_set_up_leaves_nothing_that_is_trusted(first_starts: FirstStarts) -> None:
    assert not first_starts.trusted_after_the_kill


def test_two_first_starts_at_once_both_succeed(first_starts: FirstStarts) -> None:
    assert [(each.returncode, each.stdout) for each in first_starts.both] == [
        (0, f"picture-pipeline {VERSION}\n")
    ] * 2


def test_only_one_of_two_first_starts_sets_up(first_starts: FirstStarts) -> None:
    talk = "".join(each.stderr for each in first_starts.both)

    assert talk.count(", done in ") == 1


def test_the_first_start_says_what_it_does_in_one_line(first_starts: FirstStarts) -> None:
    talk = max((each.stderr for each in first_starts.both), key=len)
    said = [line for line in talk.splitlines() if not line.startswith("Waiting for another")]

    assert "Setting up picture-pipeline (first start only): " in said[-1]
    assert said[:-1] == [line for line in said[:-1] if line.endswith(": failed")]  # uv, then pip


def test_every_library_of_the_product_can_be_imported(first_starts: FirstStarts) -> None:
    python = first_starts.checkout / ".venv" / "bin" / "python"
    libraries = "alembic, av, click, cv2, exiv2, numpy, pillow_heif, PIL, psycopg, pydantic"
    more = "pyvips, yaml, rich, simplejpeg, sqlalchemy, picture_pipeline"

    done = subprocess.run([python, "-c", f"import {libraries}, {more}"], check=False)

    assert done.returncode == 0


def test_a_fresh_checkout_takes_a_picture_in(first_starts: FirstStarts, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    Image.new("RGB", (40, 30), "teal").save(tmp_path / "pictures" / "teal.png")
    arguments = ("import", "--json", str(tmp_path / "pictures"))

    done = finish(start(first_starts.checkout, homeless(tmp_path / "home"), *arguments))

    assert json.loads(done.stdout)["imported"] == 1, done.stderr


def test_no_script_names_the_place_where_it_was_made(first_starts: FirstStarts) -> None:
    scripts = (first_starts.checkout / ".venv" / "bin").iterdir()
    texts = [script.read_bytes() for script in scripts if script.stat().st_size < 100_000]

    assert not [text for text in texts if b".venv-new" in text]


def test_the_command_runs_by_its_own_path_too(first_starts: FirstStarts) -> None:
    command = first_starts.checkout / ".venv" / "bin" / "picture-pipeline"

    done = subprocess.run([command, "--version"], check=True, capture_output=True, text=True)

    assert done.stdout == f"picture-pipeline {VERSION}\n"


def test_a_second_start_needs_no_installer_and_says_nothing(
    first_starts: FirstStarts, tmp_path: Path
) -> None:
    (tmp_path / "sha256sum").symlink_to(shutil.which("sha256sum") or "")

    again = finish(start(first_starts.checkout, {"PATH": str(tmp_path)}, "--version"))

    assert (again.returncode, again.stderr) == (0, "")
    assert again.stdout == f"picture-pipeline {VERSION}\n"


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """Make a checkout in which nothing was started yet."""
    return copy_checkout(tmp_path / "checkout")


def test_without_a_registry_one_line_says_so_and_nothing_is_left_to_trust(
    fresh: Path, tmp_path: Path
) -> None:
    alone = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": "/dev/null"}

    done = finish(start(fresh, homeless(tmp_path) | alone | {"UV_OFFLINE": "1"}, "--version"))

    assert (done.returncode, done.stdout) == (3, "")
    assert "no packages (is the network there?): " in done.stderr.splitlines()[-1]
    assert not (fresh / ".venv").exists()


def test_a_package_with_another_hash_is_refused(fresh: Path, tmp_path: Path) -> None:
    lock = fresh / "requirements-build.lock"
    lock.write_text(re.sub(r"sha256:\w+", f"sha256:{0:064x}", lock.read_text()))

    done = finish(start(fresh, homeless(tmp_path), "--version"))

    assert (done.returncode, done.stdout) == (3, "")
    assert "HASH" in done.stderr.upper()
