"""The archive's marker on a real disk."""

import json
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from picture_pipeline.durable.files import open_folder
from picture_pipeline.errors import (
    ArchiveUnavailable,
    ConfigError,
    IntegrityError,
    PipelineError,
    UsageError,
)
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.marker import (
    ArchiveIdentity,
    create_marker,
    has_marker,
    read_marker,
)

MARKER = ".picture-pipeline/archive.json"


def sixteen(byte: int) -> Callable[[int], bytes]:
    return lambda count: bytes([byte]) * count


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    before = os.umask(0o077)
    yield tmp_path / "nas" / "photos"
    os.umask(before)


def read(root: Path) -> ArchiveIdentity:
    fd = open_folder(root)
    try:
        return read_marker(fd)
    finally:
        os.close(fd)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_archive_gets_its_folders_and_a_random_id(root: Path) -> None:
    identity = create_marker(root, random_bytes=sixteen(7))

    assert identity == ArchiveIdentity("07070707070747078707070707070707", 1)
    assert sorted(str(path.relative_to(root)) for path in root.rglob("*")) == [
        ".picture-pipeline",
        MARKER,
        ".picture-pipeline/incoming",
        ".picture-pipeline/ledger",
        "backups",
        "originals",
        "views",
    ]


def test_what_was_made_can_be_read(root: Path) -> None:
    assert create_marker(root, random_bytes=sixteen(7)) == read(root)
    assert has_marker(root)


def test_folders_are_sticky_and_the_marker_read_only_whatever_the_umask(root: Path) -> None:
    create_marker(root, random_bytes=sixteen(7))

    folders = [path for path in (root, *root.rglob("*")) if path.is_dir()]
    assert {mode(folder) for folder in folders} == {0o3775}
    assert mode(root / MARKER) == 0o444


def test_a_marker_that_is_there_is_kept(root: Path) -> None:
    first = create_marker(root, random_bytes=sixteen(7))

    assert create_marker(root, random_bytes=sixteen(8)) == first


def test_folders_that_were_there_keep_their_permissions(root: Path) -> None:
    (root / "backups").mkdir(parents=True, mode=0o700)
    root.chmod(0o755)
    create_marker(root, random_bytes=sixteen(7))

    assert (mode(root), mode(root / "backups")) == (0o755, 0o700)


def test_the_group_is_given_to_the_folders(root: Path) -> None:
    group = os.getgid()
    notes: list[str] = []
    create_marker(root, random_bytes=sixteen(7), group=str(group), note=notes.append)

    assert {path.stat().st_gid for path in root.rglob("*")} == {group}
    assert notes == []


def test_an_unknown_group_is_refused_before_anything_is_made(root: Path) -> None:
    with pytest.raises(ConfigError, match="no group 'nobodys-group'"):
        create_marker(root, random_bytes=sixteen(7), group="nobodys-group")

    assert not root.exists()


def test_two_computers_at_once_get_one_id(root: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        identities = set(
            pool.map(lambda byte: create_marker(root, random_bytes=sixteen(byte)), range(8))
        )

    assert identities == {read(root)}
    assert os.listdir(root / ".picture-pipeline/incoming") == []


def test_leftovers_of_a_killed_setup_are_cleared(root: Path) -> None:
    create_marker(root, random_bytes=sixteen(7))
    leftover = root / ".picture-pipeline" / ".archive.json.0808.tmp"
    leftover.write_text("half")
    create_marker(root, random_bytes=sixteen(7))

    assert not leftover.exists()


def test_an_empty_mount_point_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveUnavailable, match="setup-storage") as caught:
        read(tmp_path)

    assert caught.value.exit_status == 3
    assert str(tmp_path) in str(caught.value)
    assert not has_marker(tmp_path)


def test_opening_an_archive_without_marker_names_setup_storage(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ArchiveUnavailable, match="setup-storage"):
            ArchiveHandle.open(place)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", IntegrityError),
        ("[]", IntegrityError),
        ('{"id": "x", "layout_version": 1}', IntegrityError),
        ('{"id": 7, "layout_version": 1}', IntegrityError),
        ('{"id": "07070707070747078707070707070707"}', IntegrityError),
        ('{"id": "07070707070747078707070707070707", "layout_version": 2}', UsageError),
    ],
)
def test_a_marker_that_cannot_be_understood_is_named(
    root: Path, text: str, error: type[PipelineError]
) -> None:
    (root / MARKER).parent.mkdir(parents=True)
    (root / MARKER).write_text(text)

    with pytest.raises(error, match=r"archive\.json"):
        read(root)


def test_the_marker_is_json_that_tells_people_what_it_is(root: Path) -> None:
    create_marker(root, random_bytes=sixteen(7))

    assert "archive of picture-pipeline" in json.loads((root / MARKER).read_text())["about"]


def test_a_place_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ArchiveUnavailable):
        create_marker(tmp_path / "file" / "nas", random_bytes=sixteen(7))
