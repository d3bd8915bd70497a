"""``config show`` and ``config check``."""

import json
from pathlib import Path

import pytest

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.main import main
from picture_pipeline.config import load_config
from picture_pipeline.errors import ConfigError


@pytest.fixture
def invocation(tmp_path: Path) -> Invocation:
    return Invocation({"PICTURE_PIPELINE_HOME": str(tmp_path)}, tmp_path)


def write(home: Path, text: str) -> None:
    (home / "config").mkdir()
    (home / "config" / "storage.yaml").write_text(text)


def test_show_mirrors_the_nesting(
    invocation: Invocation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "storage: {nas: {base_path: /nas}}")

    assert main(["config", "show", "--json"], invocation) == 0
    assert json.loads(capsys.readouterr().out)["storage"]["nas"] == {
        "base_path": "/nas",
        "originals": "originals/{year}/{month}/{day}",
        "sidecars": "originals/{year}/{month}/{day}",
        "backups": "/nas/backups",
        "group": None,
        "answer_within_seconds": 1,
    }


def test_show_hides_passwords(
    invocation: Invocation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "storage: {database: {url: 'postgresql://anna:geheim@db/p'}}")

    for form in ([], ["--json"]):
        assert main(["config", "show", *form], invocation) == 0
        shown = capsys.readouterr()
        assert "geheim" not in shown.out + shown.err
        assert "postgresql://anna:***@db/p" in shown.out


def test_show_says_where_embedded_defaults_come_from(
    invocation: Invocation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "show"], invocation) == 0

    shown = capsys.readouterr()
    assert f"storage.nas.base_path = {tmp_path}/archive\n" in shown.out
    assert "embedded defaults" in shown.err


def test_check_finds_the_archive(
    invocation: Invocation, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["setup-storage", "--json"], invocation)
    made = json.loads(capsys.readouterr().out)

    assert main(["config", "check", "--json"], invocation) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["archive"]["id"] == made["archive"]["id"]
    assert report["faults"] == []


def test_check_tells_that_no_archive_is_there(
    invocation: Invocation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "check"], invocation) == 0
    assert "setup-storage" in capsys.readouterr().out


def test_check_lists_all_faults(
    invocation: Invocation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "storage: {nas: {base_path: nas}, sync: {method: ftp}}")

    assert main(["config", "check", "--json"], invocation) == 2
    assert len(json.loads(capsys.readouterr().out)["faults"]) == 2


def test_check_prints_notes(
    invocation: Invocation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "storage: {tools: {digikam: {thumbnails: shared}}}")

    assert main(["config", "check"], invocation) == 0
    assert "note: storage.tools.digikam.thumbnails" in capsys.readouterr().out


def test_a_file_that_is_named_must_be_there(
    invocation: Invocation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "show", "--config", "missing.yaml"], invocation) == 2
    assert "there is no such file (--config names it)" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", [b"storage: {", b"\xff\xfe\x00", b"!!python/object:x {}", b"- 1"]
)
def test_a_file_that_is_no_configuration_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "storage.yaml"
    file.write_bytes(content)

    with pytest.raises(ConfigError, match=str(file)):
        load_config({"PICTURE_PIPELINE_HOME": "/p"}, file, tmp_path)


def test_the_file_of_the_home_is_found(tmp_path: Path) -> None:
    write(tmp_path, "storage: {nas: {base_path: /nas}}")
    config = load_config({"PICTURE_PIPELINE_HOME": str(tmp_path)}, None, Path("/"))

    assert config.file == tmp_path / "config" / "storage.yaml"
    assert config.storage.nas.base_path == Path("/nas")
