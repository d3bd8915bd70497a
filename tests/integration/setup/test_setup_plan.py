"""What set-up refuses, on given tables of mounts."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from picture_pipeline.durable.mounts import Mount
from picture_pipeline.errors import UsageError
from picture_pipeline.workflows.setup import SetupPlan, check_plan


def plan(local: Path, archive: Path, sqlite: Sequence[Path]) -> SetupPlan:
    return SetupPlan(
        config_file=local / "config" / "storage.yaml",
        config_text="",
        config_mode=0o644,
        keep_backup=False,
        archive=archive,
        local=local,
        local_folders=(),
        sqlite=tuple(sqlite),
    )


def mounts(nas: Path, kind: str) -> tuple[Mount, ...]:
    return (Mount(Path("/"), "ext4", "/dev/sda"), Mount(nas.resolve(), kind, "server:/x"))


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "fuse", "9p"])
def test_sqlite_on_a_network_disk_is_refused_with_the_remedy(tmp_path: Path, kind: str) -> None:
    nas, local = tmp_path / "nas", tmp_path / "ssd"
    refused = plan(local, nas, [local, nas / "catalog.db"])

    with pytest.raises(UsageError, match=kind) as caught:
        check_plan(refused, mounts(nas, kind), found_id=None)
    assert caught.value.exit_status == 2
    assert "--database" in str(caught.value)


def test_the_local_folder_must_not_lie_on_a_network_disk(tmp_path: Path) -> None:
    local = tmp_path / "nas" / "local"

    with pytest.raises(UsageError, match="--local"):
        check_plan(
            plan(local, tmp_path / "nas", [local]), mounts(tmp_path / "nas", "nfs4"), found_id=None
        )


def test_the_archive_may_lie_on_a_network_disk(tmp_path: Path) -> None:
    nas, local = tmp_path / "nas", tmp_path / "ssd"
    allowed = plan(local, nas, [local, local / "catalog.db"])

    check_plan(allowed, mounts(nas, "nfs4"), found_id=None)

    assert not nas.exists()
