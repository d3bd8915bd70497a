"""``picture-pipeline --help`` answers at once and tells all."""

import subprocess
import sys
from pathlib import Path

import pytest

from picture_pipeline import __version__
from picture_pipeline.cli.main import COMMANDS, main

HEAVY = ("rich", "pydantic", "yaml", "sqlalchemy", "alembic", "PIL", "av", "cv2", "exiv2", "numpy")


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys\n"
        "from picture_pipeline.__main__ import main\n"
        "assert main(['--help']) == 0\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    loaded = set(done.stderr.split())
    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_help_lists_every_command_and_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    shown = capsys.readouterr().out
    for name, row in COMMANDS.items():
        assert f"{name} " in shown
        assert row.help in shown
    for status in ("0  ", "1  ", "2  ", "3  ", "4  ", "130"):
        assert f"\n    {status}" in shown


def test_version_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"picture-pipeline {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_global_options(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0

    shown = capsys.readouterr().out
    assert "--config FILE" in shown
    assert "--verbose" in shown


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_help_imports_nothing_heavy(name: str) -> None:
    program = (
        "import sys\n"
        "from picture_pipeline.__main__ import main\n"
        f"assert main([{name!r}, '--help']) == 0\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert set(done.stderr.split()).isdisjoint(HEAVY)


def test_the_module_runs_like_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "picture_pipeline", "--version"],
        check=True,
        capture_output=True,
        cwd=Path("/"),
    )

    assert done.stdout.decode().startswith("picture-pipeline ")
