"""The installed command when its database is away, or goes away."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from computers import World
from databases import Postgres
from installed import PATIENCE, Said, Storage, end
from judging import faults
from pictures import jpeg

URL = "PICTURE_PIPELINE_STORAGE__DATABASE__URL"
MANY = 400


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A server that tests may stop and kill."""
    server = Postgres.start()
    yield server
    server.remove()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(jpeg(number))
    return folder


@pytest.fixture
def away(tmp_path: Path) -> Storage:
    """A storage whose database is behind a socket that nobody answers."""
    url = f"postgresql://pictures:hunter2@/pictures?host={tmp_path}&sslpassword=hunter3"
    return Storage(tmp_path / "home", {URL: url})


def told_what_to_do(said: Said) -> bool:
    lines = said.err.strip().splitlines()
    return "start the database, or correct storage.database.url" in lines[-1]


@pytest.mark.parametrize("command", ["import", "list", "storage-stats", "generate-thumbs"])
def test_a_database_that_is_away_gives_status_3_and_says_what_to_do(
    away: Storage, source: Path, command: str
) -> None:
    said = away.call(command, *([source] if command == "import" else []))

    assert said.status == 3
    assert told_what_to_do(said)
    assert "Traceback" not in said.err


def test_without_a_database_nothing_is_archived(away: Storage, source: Path) -> None:
    away.call("import", source)

    assert away.originals() == []
    assert not away.archive.exists()


@pytest.mark.parametrize("more", [(), ("-v",)])
def test_the_password_is_never_told(away: Storage, source: Path, more: tuple[str, ...]) -> None:
    said = away.call(*more, "import", source)

    assert said.status == 3
    assert "pictures:***@" in said.err
    assert "hunter" not in said.err + said.text


@pytest.mark.postgres
def test_a_server_that_was_stopped_is_waited_for_by_the_next_run(
    postgres: Postgres, tmp_path: Path, source: Path
) -> None:
    with postgres.database() as url:
        storage = Storage(tmp_path / "home", {URL: url})
        postgres.stop()
        refused = storage.call("import", source)
        postgres.go_on()
        taken = storage.call("import", "--json", source)

        assert (refused.status, taken.status) == (3, 0)
        assert told_what_to_do(refused)
        assert taken.json["imported"] == 3
        assert faults(World(storage.home, url)) == []


def first_batch(process: subprocess.Popen[bytes], archive: Path) -> None:
    """Wait until something is published."""
    while process.poll() is None and not any((archive / "originals").rglob("*.jpg")):
        pass


@pytest.mark.postgres
@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_server_that_goes_away_in_the_middle_costs_nothing(
    postgres: Postgres, tmp_path: Path, how: str
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for number in range(MANY):
        (source / f"{number}.jpg").write_bytes(jpeg(number))
    with postgres.database() as url:
        storage = Storage(tmp_path / "home", {URL: url})
        process = storage.start("import", source)
        first_batch(process, storage.archive)
        getattr(postgres, how)()
        broken = end(process)
        postgres.go_on()
        again = storage.call("import", "--json", source)

        assert broken.status == 3
        assert told_what_to_do(broken)
        assert "Traceback" not in broken.err
        assert again.status == 0
        assert 0 < int(str(again.json["imported"])) < MANY
        assert len(storage.originals()) == MANY
        assert faults(World(storage.home, url)) == []


@pytest.mark.postgres
def test_imports_on_postgresql_that_are_killed_are_finished(
    postgres: Postgres, tmp_path: Path, source: Path
) -> None:
    with postgres.database() as url:
        storage = Storage(tmp_path / "home", {URL: url})
        process = storage.start("import", source)
        first_batch(process, storage.archive)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)

        again = storage.call("import", "--json", source)

        assert again.status == 0
        assert faults(World(storage.home, url)) == []
