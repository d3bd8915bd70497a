"""``setup-storage`` on a real disk."""

import json
import os
import pty
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.main import main

MARKER = ".picture-pipeline/archive.json"


@dataclass(frozen=True)
class Computer:
    """A home of its own, and what the last command printed."""

    home: Path
    capture: pytest.CaptureFixture[str]

    @property
    def storage_yaml(self) -> Path:
        return self.home / "config" / "storage.yaml"

    def run(self, *arguments: str | Path, **environ: str) -> int:
        invocation = Invocation({"PICTURE_PIPELINE_HOME": str(self.home), **environ}, self.home)
        return main([str(argument) for argument in arguments], invocation)

    def json(self, *arguments: str | Path, **environ: str) -> dict[str, dict[str, object]]:
        self.capture.readouterr()
        assert self.run(*arguments, "--json", **environ) == 0
        document: dict[str, dict[str, object]] = json.loads(self.capture.readouterr().out)
        return document

    def errors(self) -> str:
        return self.capture.readouterr().err

    def write(self, text: str) -> None:
        self.storage_yaml.parent.mkdir(parents=True, exist_ok=True)
        self.storage_yaml.write_text(text)


@pytest.fixture
def computer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Computer:
    return Computer(tmp_path / "home", capsys)


def everything_below(folder: Path) -> dict[str, bytes | None]:
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_it_writes_storage_yaml_and_makes_the_trees(computer: Computer, tmp_path: Path) -> None:
    nas, local = tmp_path / "nas", tmp_path / "ssd"

    assert computer.run("setup-storage", "--nas", nas, "--local", local) == 0
    assert yaml.safe_load(computer.storage_yaml.read_text()) == {
        "storage": {"nas": {"base_path": str(nas)}, "local": {"base_path": str(local)}}
    }
    assert (nas / MARKER).is_file()
    for folder in ("thumbs/tiny", "thumbs/small", "thumbs/medium", "thumbs/metadata", "cache/full"):
        assert (local / folder).is_dir()


def test_it_reports_what_it_measured(computer: Computer, tmp_path: Path) -> None:
    report = computer.json("setup-storage", "--nas", tmp_path / "nas")

    stored = json.loads((computer.home / "config" / "capabilities.json").read_text())
    capabilities = report["archive"]["capabilities"]
    assert isinstance(capabilities, dict)
    assert capabilities["hard_link"] is True
    assert stored["archive"] == {
        "path": str(tmp_path / "nas"),
        "id": report["archive"]["id"],
        **capabilities,
    }


def test_a_second_call_changes_nothing(computer: Computer, tmp_path: Path) -> None:
    computer.run("setup-storage", "--nas", tmp_path / "nas")
    before = everything_below(tmp_path)

    report = computer.json("setup-storage")
    assert report["config"] == {
        "file": str(computer.storage_yaml),
        "changed": False,
        "backup": None,
    }
    assert everything_below(tmp_path) == before


def test_keys_and_comments_that_are_there_are_kept(computer: Computer, tmp_path: Path) -> None:
    computer.write("storage:\n  # the disk\n  local:\n    cache:\n      max_size_gb: 7\n")
    computer.run("setup-storage", "--nas", tmp_path / "nas")

    text = computer.storage_yaml.read_text()
    assert "# the disk" in text
    assert yaml.safe_load(text) == {
        "storage": {
            "nas": {"base_path": str(tmp_path / "nas")},
            "local": {"cache": {"max_size_gb": 7}},
        }
    }


def test_comments_that_cannot_be_kept_stay_in_a_copy(computer: Computer, tmp_path: Path) -> None:
    old = "storage: {local: {cache: {max_size_gb: 7}}} # mine\n"
    computer.write(old)
    report = computer.json("setup-storage", "--nas", tmp_path / "nas")

    backup = Path(str(report["config"]["backup"]))
    assert backup.read_text() == old
    new = yaml.safe_load(computer.storage_yaml.read_text())
    assert new["storage"]["local"] == {"cache": {"max_size_gb": 7}}


def test_a_storage_yaml_that_is_a_link_stays_one(computer: Computer, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.yaml"
    target.write_text("storage: {}\n")
    computer.storage_yaml.parent.mkdir(parents=True)
    computer.storage_yaml.symlink_to(target)
    computer.run("setup-storage", "--nas", tmp_path / "nas")

    assert computer.storage_yaml.is_symlink()
    assert str(tmp_path / "nas") in target.read_text()


def test_config_option_chooses_the_file_that_is_written(computer: Computer, tmp_path: Path) -> None:
    file = tmp_path / "etc" / "mine.yaml"
    assert computer.run("setup-storage", "--config", file, "--nas", tmp_path / "nas") == 0

    assert file.is_file()
    assert not computer.storage_yaml.exists()


def test_a_dry_run_writes_nothing(computer: Computer, tmp_path: Path) -> None:
    report = computer.json("setup-storage", "--nas", tmp_path / "nas", "--dry-run")

    assert report["config"]["changed"] is True
    assert list(tmp_path.iterdir()) == []


def test_it_never_asks_without_a_terminal(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "picture_pipeline", "setup-storage"],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={"PICTURE_PIPELINE_HOME": str(tmp_path)},
    )

    assert done.returncode == 0
    assert "Folder of the archive" not in done.stdout + done.stderr
    assert (tmp_path / "archive" / MARKER).is_file()


def test_on_a_terminal_it_asks_for_the_archive(tmp_path: Path) -> None:
    person, terminal = pty.openpty()
    os.write(person, f"{tmp_path / 'nas'}\n".encode())
    done = subprocess.run(
        [sys.executable, "-m", "picture_pipeline", "setup-storage"],
        check=False,
        stdin=terminal,
        stderr=terminal,
        stdout=subprocess.PIPE,
        env={"PICTURE_PIPELINE_HOME": str(tmp_path / "home")},
    )
    os.close(terminal)
    os.close(person)

    assert done.returncode == 0
    assert (tmp_path / "nas" / MARKER).is_file()


def test_an_archive_that_has_gone_is_not_made_again(computer: Computer, tmp_path: Path) -> None:
    nas = tmp_path / "nas"
    computer.run("setup-storage", "--nas", nas)
    nas.rename(tmp_path / "unmounted")
    nas.mkdir()

    assert computer.run("setup-storage") == 3
    assert "mount the NAS first" in computer.errors()
    assert list(nas.iterdir()) == []


def test_a_new_archive_can_be_asked_for(computer: Computer, tmp_path: Path) -> None:
    nas = tmp_path / "nas"
    computer.run("setup-storage", "--nas", nas)
    nas.rename(tmp_path / "old")

    assert computer.run("setup-storage", "--new-archive") == 0
    assert (nas / MARKER).is_file()


def test_faults_in_storage_yaml_stop_it(computer: Computer, tmp_path: Path) -> None:
    computer.write("storage: {nas: {basepath: /x}}\n")

    assert computer.run("setup-storage", "--nas", tmp_path / "nas") == 2
    assert not (tmp_path / "nas").exists()


def test_an_option_that_the_environment_would_outvote_is_refused(
    computer: Computer, tmp_path: Path
) -> None:
    variable = "PICTURE_PIPELINE_STORAGE__NAS__BASE_PATH"

    assert computer.run("setup-storage", "--nas", tmp_path / "a", **{variable: "/b"}) == 2
    assert variable in computer.errors()


def test_a_password_is_stored_for_the_owner_alone_and_never_shown(
    computer: Computer, tmp_path: Path
) -> None:
    url = "postgresql://anna:geheim@db/pictures"
    computer.run("setup-storage", "--nas", tmp_path / "nas", "--database", url)

    assert computer.storage_yaml.stat().st_mode & 0o777 == 0o600
    assert url in computer.storage_yaml.read_text()
    printed = computer.capture.readouterr()
    assert "geheim" not in printed.out + printed.err


def test_a_relative_folder_is_written_whole(computer: Computer) -> None:
    computer.run("setup-storage", "--nas", "my/nas")

    assert yaml.safe_load(computer.storage_yaml.read_text()) == {
        "storage": {"nas": {"base_path": str(computer.home / "my" / "nas")}}
    }
