"""The doctor on real folders: what is well, what is not, and never waiting for a NAS."""

from pathlib import Path

import pytest

from installed import Storage
from pictures import jpeg, write

DANGEROUS = "auto_delete=true\nkeep_icloud_recent_days=30\n"


def findings(storage: Storage, *arguments: str) -> dict[str, list[str]]:
    """Give the severities by area."""
    found: dict[str, list[str]] = {}
    for finding in storage.here("doctor", "--json", *arguments).json["findings"]:
        found.setdefault(finding["area"], []).append(finding["severity"])
    return found


def test_a_fresh_start_is_well(storage: Storage) -> None:
    assert storage.here("doctor").status == 0
    assert findings(storage)["archive"] == ["note"]


def test_after_an_import_everything_is_well(storage: Storage, tmp_path: Path) -> None:
    write(tmp_path / "source" / "a.jpg", jpeg(1))
    storage.here("import", tmp_path / "source")

    found = findings(storage)

    assert found["archive"] == ["ok", "ok"]
    assert found["catalog"] == ["ok"]


def test_an_archive_that_is_away_is_an_error_that_says_what_to_do(
    storage: Storage, tmp_path: Path
) -> None:
    storage.here("setup-storage", "--nas", tmp_path / "nas")
    (tmp_path / "nas" / ".picture-pipeline").rename(tmp_path / "away")

    said = storage.here("doctor", "--json", "--area", "archive")

    (found,) = said.json["findings"]
    assert (said.status, found["severity"]) == (1, "error")
    assert "setup-storage" in found["do"]


def test_a_database_that_does_not_answer_hides_nothing_else(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"
    storage = Storage(tmp_path / "home", {"PICTURE_PIPELINE_STORAGE__DATABASE__URL": url})

    found = findings(storage)

    assert found["catalog"] == ["error"]
    assert found["local"] == ["ok"]


@pytest.mark.parametrize("place", ["named", "beside"])
def test_icloudpd_is_warned_of_wherever_its_settings_lie(place: str, tmp_path: Path) -> None:
    folder = tmp_path / ("settings" if place == "named" else "config")
    environ = {
        "PICTURE_PIPELINE_STORAGE__SYNC__WATCH_PATH": str(tmp_path / "icloud-sync"),
        "PICTURE_PIPELINE_STORAGE__SYNC__METHOD": "docker-icloud",
    }
    if place == "named":
        environ["PICTURE_PIPELINE_STORAGE__SYNC__ICLOUDPD_CONFIG"] = str(folder)
    write(folder / "icloudpd.conf", DANGEROUS.encode())
    write(folder / "DAYS_REMAINING", b"3\n")
    storage = Storage(tmp_path / "home", environ)

    said = storage.here("doctor", "--json", "--area", "icloudpd")

    worst = [f["what"].partition("=")[0] for f in said.json["findings"] if f["severity"] == "error"]
    assert (said.status, worst) == (1, ["keep_icloud_recent_days", "auto_delete"])
    assert findings(storage, "--area", "icloudpd")["icloudpd"][-1] == "warning"


def test_an_unknown_area_is_a_usage_error_that_names_those_there_are(storage: Storage) -> None:
    said = storage.here("doctor", "--area", "weather")

    assert said.status == 2
    assert "icloudpd" in said.err
