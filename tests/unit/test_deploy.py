"""The files in deploy/ speak of options and keys that exist. No container engine is asked."""

import re
from pathlib import Path
from typing import Any

import yaml

from picture_pipeline.bootstrap.examining import looks_of
from picture_pipeline.cli.main import COMMANDS
from picture_pipeline.config import load_config
from picture_pipeline.model.finding import Severity
from picture_pipeline.sources.icloudpd_settings import SETTINGS, judge_settings, parse_settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
OURS = COMPOSE["services"]["picture-pipeline"]
ICLOUDPD = COMPOSE["services"]["icloudpd"]
KNOWN_TO_ICLOUDPD = {row.key for row in SETTINGS} | {
    *("apple_id", "user", "group_id", "folder_structure", "file_match_policy"),
}
"""Keys of its init_config.sh that deploy/icloudpd.conf may use."""
INSTRUCTION = re.compile(r"(?m)^([A-Z]+) ((?:.*\\\n)*.*)$")


def instructions() -> list[tuple[str, str]]:
    """Give the Dockerfile's instructions, each with its arguments on one line."""
    text = re.sub(r"(?m)^#.*\n", "", (DEPLOY / "Dockerfile").read_text())
    found = INSTRUCTION.findall(text)
    assert re.sub(r"\s", "", "".join(a + b for a, b in found)) == re.sub(r"\s", "", text)
    return [(name, re.sub(r"\s*\\\n\s*", " ", rest)) for name, rest in found]


def of(name: str) -> list[str]:
    return [rest for each, rest in instructions() if each == name]


def test_the_image_runs_as_an_ordinary_user_after_everything_is_installed() -> None:
    names = [name for name, _ in instructions()]

    assert of("USER") == ["pictures"]
    assert "RUN" not in names[names.index("USER") :]
    assert "--uid 1000" in " ".join(of("RUN"))


def test_everything_that_is_copied_into_the_image_is_there() -> None:
    copied = [path for rest in of("COPY") for path in rest.split()[:-1]]

    assert copied
    assert [path for path in copied if not (ROOT / path).exists()] == []


def test_what_the_containers_start_are_commands_of_ours() -> None:
    started = [yaml.safe_load(rest) for rest in of("CMD")]
    checked = [
        OURS["healthcheck"]["test"][2:],
        yaml.safe_load(of("HEALTHCHECK")[0].split("CMD ")[1])[1:],
    ]

    assert {words[0] for words in (*started, OURS["command"], *checked)} <= COMMANDS.keys()


def test_the_health_check_asks_for_an_area_that_there_is(tmp_path: Path) -> None:
    config = load_config({"PICTURE_PIPELINE_HOME": str(tmp_path)}, None, tmp_path)
    program, command, option, area = OURS["healthcheck"]["test"][1:]

    assert (program, command, option) == ("picture-pipeline", "doctor", "--area")
    assert area in looks_of(config)
    assert f'"{area}"' in of("HEALTHCHECK")[0]


def test_the_environment_of_the_containers_is_a_configuration() -> None:
    image = dict(pair.split("=", 1) for pair in of("ENV")[0].split())
    config = load_config({**image, **OURS["environment"]}, None, Path("/"))

    storage = config.storage
    assert str(storage.nas.base_path) == "/data"
    assert str(storage.local.base_path) == "/state"
    assert storage.database.url.startswith("postgresql://")
    assert storage.sync.method == "docker-icloud"


def test_one_mount_holds_source_and_archive() -> None:
    ours = [volume.split(":") for volume in OURS["volumes"]]
    source = OURS["command"][-1]

    assert [to for *_, to in ours if source.startswith(to + "/")] == ["/data"]
    assert OURS["environment"]["PICTURE_PIPELINE_STORAGE__NAS__BASE_PATH"] == "/data"


def test_the_watched_folder_is_the_one_that_icloudpd_fills() -> None:
    (folder,) = [v for v in ICLOUDPD["volumes"] if v.startswith("${PHOTOS")]
    below = re.sub(r"^\$\{[^}]*\}", "", folder).split(":")[0]
    settings = parse_settings((DEPLOY / "icloudpd.conf").read_text())

    assert OURS["command"][-1] == "/data" + below
    assert settings["download_path"] == folder.rsplit(":", 1)[1]
    assert f"{settings['user_id']}:{settings['group_id']}" == OURS["user"]


def test_cookies_lie_in_a_volume_of_their_own() -> None:
    (config,) = [v for v in ICLOUDPD["volumes"] if v.endswith(":/config")]

    assert config.split(":")[0] in COMPOSE["volumes"]
    assert next(v for v in OURS["volumes"] if v.startswith("icloudpd_config:")).endswith(":ro")


def test_ours_is_locked_down() -> None:
    assert OURS["read_only"] is True
    assert OURS["cap_drop"] == ["ALL"]
    assert OURS["security_opt"] == ["no-new-privileges:true"]


def test_ours_waits_for_a_healthy_database_and_icloudpd_for_nobody() -> None:
    assert OURS["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert "pg_isready" in COMPOSE["services"]["postgres"]["healthcheck"]["test"]
    assert "depends_on" not in ICLOUDPD


def test_the_settings_that_are_recommended_are_known_and_safe() -> None:
    settings = parse_settings((DEPLOY / "icloudpd.conf").read_text())

    assert settings.keys() <= KNOWN_TO_ICLOUDPD
    assert [finding.severity for finding in judge_settings(settings)] == [Severity.OK]


def test_only_the_time_zone_is_told_by_environment() -> None:
    assert ICLOUDPD["environment"].keys() == {"TZ"}
