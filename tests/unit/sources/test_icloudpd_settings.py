"""Which of icloudpd's settings endanger pictures."""

import pytest

from picture_pipeline.model.finding import Severity
from picture_pipeline.sources.icloudpd_settings import (
    SETTINGS,
    judge_days,
    judge_settings,
    parse_settings,
)

GOOD = "photo_size=original,adjusted\nkeep_unicode=true\nskip_check=true\nuser_id=1000\n"


def severities(text: str) -> dict[str, Severity]:
    found = {}
    for finding in judge_settings(parse_settings(text)):
        key = finding.what.partition("=")[0].partition(" ")[0]
        found[key] = finding.severity
    return found


@pytest.mark.parametrize(
    "line",
    [
        "keep_icloud_recent_days=30",
        "keep_icloud_recent_only=true",
        "delete_after_download=true",
        "set_exif_datetime=true",
        "set_exif_datetime = 'True'",
        "auto_delete=True",
        "export auto_delete=yes",
        "user_id=0",
        "download_path=/home/anna/i Cloud",
    ],
)
def test_what_endangers_pictures_is_an_error(line: str) -> None:
    (severity,) = set(severities(GOOD + line).values())

    assert severity is Severity.ERROR


@pytest.mark.parametrize(
    "line",
    [
        "auto_delete=false",
        "#auto_delete=true",
        "keep_icloud_recent_days=",
        "keep_icloud_recent_days=0",
        "keep_icloud_recent_only=false",
        "download_interval=86400",
    ],
)
def test_what_is_switched_off_is_fine(line: str) -> None:
    assert set(severities(GOOD + line).values()) == {Severity.OK}


def test_the_last_of_two_lines_counts() -> None:
    assert parse_settings("auto_delete=true\r\nauto_delete=false\r\n") == {"auto_delete": "false"}


def test_a_setting_that_only_costs_something_is_a_note() -> None:
    found = severities("photo_size=original\n")

    assert found["photo_size"] is Severity.NOTE
    assert found["keep_unicode"] is Severity.NOTE


def test_looking_too_often_is_a_warning() -> None:
    assert severities(GOOD + "download_interval=21600")["download_interval"] is Severity.WARNING


def test_every_bad_setting_says_what_to_do() -> None:
    assert all(row.do and row.what for row in SETTINGS)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("29\n", Severity.OK),
        ("8", Severity.OK),
        ("7", Severity.WARNING),
        ("1", Severity.WARNING),
        ("0", Severity.ERROR),
        ("-3", Severity.ERROR),
        ("soon", Severity.NOTE),
        ("", Severity.NOTE),
        (None, Severity.NOTE),
    ],
)
def test_the_login_is_warned_of_before_it_runs_out(text: str | None, severity: Severity) -> None:
    assert judge_days(text).severity is severity
