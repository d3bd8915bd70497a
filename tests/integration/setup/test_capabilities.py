"""What this computer's file systems can do, measured by trying."""

from pathlib import Path

import pytest

from picture_pipeline.durable.capabilities import measure
from picture_pipeline.durable.mounts import mount_of, parse_mounts, read_mounts


def test_a_usual_disk_can_do_what_posix_promises(tmp_path: Path) -> None:
    found = measure(tmp_path, read_mounts())

    assert found.hard_link
    assert found.symlink
    assert found.chmod
    assert found.case_sensitive
    assert found.colon_in_names
    assert found.mtime_precision_ns == 1


def test_measuring_leaves_nothing_behind(tmp_path: Path) -> None:
    measure(tmp_path, read_mounts())

    assert list(tmp_path.iterdir()) == []


def test_the_type_comes_from_the_table_of_mounts(tmp_path: Path) -> None:
    mounts = parse_mounts(f"60 27 0:50 / {tmp_path.resolve()} rw - nfs4 server:/photos rw")
    found = measure(tmp_path, mounts)

    assert (found.file_system, found.network) == ("nfs4", True)


def test_a_folder_that_is_not_there_cannot_be_measured(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        measure(tmp_path / "missing", ())


def test_this_computer_has_a_table_of_mounts() -> None:
    assert mount_of(Path("/proc"), read_mounts()).kind == "proc"
