"""An archive that is not there, or drops out: nothing is written where it was, nothing is lost."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installed import Storage, end, until
from pictures import fill, jpeg, write

PICTURES = 120


def contents(folder: Path) -> set[Path]:
    return set(folder.rglob("*"))


def test_a_configured_archive_without_its_marker_stops_everything(
    storage: Storage, source: Path, tmp_path: Path
) -> None:
    write(source / "a.jpg", jpeg(1))
    nas = tmp_path / "nas"
    assert storage.here("setup-storage", "--nas", nas).status == 0
    storage.here("import", source)
    nas.rename(tmp_path / "elsewhere")
    nas.mkdir()
    write(source / "b.jpg", jpeg(2))

    said = storage.here("import", "--json", source)

    assert (said.status, said.out) == (3, b"")
    assert "picture-pipeline setup-storage" in said.err
    assert contents(nas) == set()


def test_once_it_is_back_the_same_command_goes_on(
    storage: Storage, source: Path, tmp_path: Path
) -> None:
    write(source / "a.jpg", jpeg(1))
    nas = tmp_path / "nas"
    storage.here("setup-storage", "--nas", nas)
    nas.rename(tmp_path / "elsewhere")
    assert storage.here("import", source).status == 3
    (tmp_path / "elsewhere").rename(nas)

    said = storage.here("import", "--json", source)

    assert (said.status, said.json["imported"]) == (0, 1)


@pytest.mark.parametrize("stays", [True, False], ids=["empty folder", "no folder"])
def test_the_default_archive_is_made_once_and_never_anew(
    storage: Storage, source: Path, *, stays: bool
) -> None:
    write(source / "a.jpg", jpeg(1))
    storage.here("import", source)
    shutil.rmtree(storage.archive)
    if stays:
        storage.archive.mkdir()

    said = storage.here("import", source)

    assert (said.status, said.out) == (3, b"")
    assert contents(storage.archive) == set()


def test_another_archive_in_its_place_is_refused(
    storage: Storage, source: Path, tmp_path: Path
) -> None:
    write(source / "a.jpg", jpeg(1))
    storage.here("import", source)
    other = Storage(tmp_path / "other")
    other.here("import", source)
    shutil.rmtree(storage.archive)
    other.archive.rename(storage.archive)
    before = contents(storage.archive)

    said = storage.here("import", source)

    assert said.status == 3
    assert "the catalog belongs to archive" in said.err
    assert contents(storage.archive) == before


@pytest.mark.parametrize("command", [("import", "/etc"), ("generate-thumbs",)])
def test_a_catalog_that_does_not_answer_is_unavailable(
    storage: Storage, command: tuple[str, ...]
) -> None:
    away = storage.given(
        PICTURE_PIPELINE_STORAGE__DATABASE__URL="postgresql://nobody@127.0.0.1:1/none"
    )

    said = away.here(*command)

    assert (said.status, said.out) == (3, b"")
    assert "start the database" in said.err


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on which an archive of its own is mounted."""
    behind, point = tmp_path / "behind", tmp_path / "nas"
    behind.mkdir()
    point.mkdir()
    mount(behind, point)
    yield point
    while subprocess.run(["umount", "-l", point], check=False, capture_output=True).returncode == 0:
        pass


def mount(behind: Path, point: Path) -> None:
    """Mount a RAM disk, or one folder over the other; skip where neither is permitted."""
    done = subprocess.run(["mount", "--bind", behind, point], check=False, capture_output=True)
    if done.returncode:
        pytest.skip(f"mounting is not permitted here: {done.stderr.decode().strip()}")


def test_an_archive_that_is_unmounted_in_the_middle_gets_no_byte_below_the_mount_point(
    storage: Storage, source: Path, mounted: Path
) -> None:
    fill(source, PICTURES, side=1200)
    assert storage.here("setup-storage", "--nas", mounted).status == 0
    process = storage.start("import", "--json", source)
    until(lambda: (mounted / "originals").is_dir() and list(mounted.rglob("originals/*/*/*/*.jpg")))

    subprocess.run(["umount", "-l", mounted], check=True)
    said = end(process)

    assert (said.status, said.out) == (3, b"")
    assert "Traceback" not in said.err
    assert os.listdir(mounted) == []


def test_after_the_archive_is_mounted_again_the_import_is_completed(
    storage: Storage, source: Path, mounted: Path
) -> None:
    fill(source, PICTURES, side=1200)
    storage.here("setup-storage", "--nas", mounted)
    process = storage.start("import", "--json", source)
    until(lambda: (mounted / "originals").is_dir() and list(mounted.rglob("originals/*/*/*/*.jpg")))
    subprocess.run(["umount", "-l", mounted], check=True)
    end(process)
    mount(mounted.parent / "behind", mounted)

    rest = storage.here("import", "--json", source)

    assert (rest.status, rest.json["seen"], rest.json["failed"]) == (0, PICTURES, 0)
    assert len(list(mounted.rglob("originals/*/*/*/*.jpg"))) == PICTURES
    assert os.listdir(mounted / ".picture-pipeline" / "incoming") == []
