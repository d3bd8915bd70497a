"""SQLite is never opened on a network disk."""

from pathlib import Path

import pytest

from installed import Storage
from picture_pipeline.bootstrap.archive import databases_of
from picture_pipeline.config import load_config
from picture_pipeline.durable.mounts import Mount, mount_of, read_mounts
from picture_pipeline.errors import UsageError
from picture_pipeline.workflows.setup import refuse_sqlite_on_network


def places(storage: Storage) -> tuple[Path, ...]:
    return databases_of(load_config(storage.environ, None, Path("/")))


def test_the_local_books_and_the_catalog_are_looked_at(storage: Storage) -> None:
    assert places(storage) == (storage.home, storage.home / "catalog.db")


def test_beside_postgresql_the_local_books_still_are(storage: Storage) -> None:
    url = "postgresql:///pictures"

    assert places(storage.given(PICTURE_PIPELINE_STORAGE__DATABASE__URL=url)) == (storage.home,)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_disk_is_refused(storage: Storage, kind: str) -> None:
    mounts = (Mount(Path("/"), "ext4", "disk"), Mount(storage.home.resolve(), kind, "nas"))

    with pytest.raises(UsageError, match="where SQLite loses data"):
        refuse_sqlite_on_network(places(storage), mounts)


def test_a_catalog_elsewhere_on_a_network_disk_is_refused(storage: Storage, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nas' / 'catalog.db'}"
    mounts = (Mount((tmp_path / "nas").resolve(), "nfs", "nas"),)

    with pytest.raises(UsageError):
        refuse_sqlite_on_network(
            places(storage.given(PICTURE_PIPELINE_STORAGE__DATABASE__URL=url)), mounts
        )


@pytest.mark.parametrize("command", [("import", "/etc/hostname"), ("list",), ("storage-stats",)])
def test_commands_refuse_a_network_disk_before_they_write(
    storage: Storage, command: tuple[str, ...]
) -> None:
    network = next((m.point for m in read_mounts() if m.is_network and m.point.is_dir()), None)
    if network is None:
        pytest.skip("no network or FUSE file system is mounted here")
    home = network / "picture-pipeline-test"
    assert mount_of(home, read_mounts()).is_network

    said = Storage(home).here(*command)

    assert (said.status, home.exists()) == (2, False)
