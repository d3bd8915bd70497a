"""The unit for systemd agrees with what the command does."""

import configparser
from pathlib import Path

import pytest

from picture_pipeline.cli.main import COMMANDS
from picture_pipeline.errors import ConfigError, IntegrityError

UNIT = Path(__file__).resolve().parents[2] / "deploy" / "picture-pipeline-watch.service"


@pytest.fixture
def service() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # systemd's keys have capitals
    parser.read_string(UNIT.read_text())
    return parser["Service"]


def test_it_starts_a_command_that_there_is(service: configparser.SectionProxy) -> None:
    program, command = service["ExecStart"].split()
    assert (Path(program).name, command in COMMANDS) == ("run.sh", True)


def test_it_waits_for_ready_and_has_a_watchdog(service: configparser.SectionProxy) -> None:
    assert (service["Type"], service["WatchdogSec"]) == ("notify", "15min")


def test_what_only_a_person_can_mend_is_not_started_again(
    service: configparser.SectionProxy,
) -> None:
    ends = {str(ConfigError.exit_status), str(IntegrityError.exit_status)}
    assert set(service["RestartPreventExitStatus"].split()) == ends


def test_the_archive_may_make_folders_that_keep_their_group(
    service: configparser.SectionProxy,
) -> None:
    assert "RestrictSUIDSGID" not in service
