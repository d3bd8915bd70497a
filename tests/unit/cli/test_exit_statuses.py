"""Every kind of error ends with its own exit status and one line on stderr."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.lazy import add_global_options
from picture_pipeline.cli.main import cli, main, status_of
from picture_pipeline.errors import (
    ArchiveUnavailable,
    ConfigError,
    IntegrityError,
    Interrupted,
    PipelineError,
    UnknownOriginal,
    UsageError,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PipelineError("p"), 1),
        (UsageError("u"), 2),
        (ConfigError(("c",)), 2),
        (UnknownOriginal("o"), 2),
        (ArchiveUnavailable("a"), 3),
        (IntegrityError("i"), 4),
        (Interrupted("s"), 130),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.UsageError("c"), 2),
        (click.FileError("f"), 2),
        (RuntimeError("r"), 1),
    ],
)
def test_an_error_ends_with_its_status(error: BaseException, status: int) -> None:
    assert status_of(error) == status


def test_an_expected_error_is_one_line_without_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status_of(ArchiveUnavailable("/nas: mount it"))

    assert capsys.readouterr().err == "picture-pipeline: /nas: mount it\n"


def test_all_faults_of_a_configuration_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    status_of(ConfigError(("one", "two")))

    assert capsys.readouterr().err == (
        "picture-pipeline: 2 faults in the configuration:\n  - one\n  - two\n"
    )


def test_an_unexpected_error_names_the_file_with_its_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        raise RuntimeError("never foreseen")  # noqa: TRY301 - it needs a traceback
    except RuntimeError as error:
        status_of(error)

    shown = capsys.readouterr().err
    log = Path(shown.rstrip().rpartition(" in ")[2])
    assert shown.count("\n") == 1
    assert "Traceback" in log.read_text()
    log.unlink()


def test_a_broken_pipe_to_anything_but_our_reader_is_unexpected(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert status_of(BrokenPipeError(32, "Broken pipe")) == 1

    Path(capsys.readouterr().err.rstrip().rpartition(" in ")[2]).unlink()


def test_a_reader_that_had_enough_is_no_failure() -> None:
    program = (
        "import sys\n"
        "from picture_pipeline.__main__ import main\n"
        "sys.stdin.read()\n"
        "sys.exit(main(['--help']))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.close()

        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_an_unknown_command_is_suggested(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imprt"]) == 2
    assert "Did you mean 'import'?" in capsys.readouterr().err


@contextmanager
def trial_command(found: list[Invocation]) -> Iterator[click.Group]:
    @click.command()
    @click.pass_obj
    def trial(invocation: Invocation) -> int:
        found.append(invocation)
        return 1

    add_global_options(trial)
    yield click.Group(params=cli.params, commands={"trial": trial})


@pytest.mark.parametrize(
    "arguments", [["--config", "a.yaml", "trial"], ["trial", "--config", "a.yaml"]]
)
def test_config_may_stand_before_or_after_the_command(arguments: list[str]) -> None:
    found: list[Invocation] = []
    given = Invocation({}, Path("/"))
    with trial_command(found) as group:
        group.main(arguments, standalone_mode=False, obj=given)

    assert found == [Invocation({}, Path("/"), config_file=Path("a.yaml"))]


def test_traceback_of_an_expected_error_comes_with_verbose() -> None:
    environ = {**os.environ, "PICTURE_PIPELINE_HOME": "/nonexistent"}
    done = subprocess.run(
        [sys.executable, "-m", "picture_pipeline", "-v", "config", "check", "--config", "/none"],
        check=False,
        capture_output=True,
        text=True,
        env=environ,
    )

    assert done.returncode == 2
    assert "Traceback" in done.stderr
    assert done.stdout == ""
