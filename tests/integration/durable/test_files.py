"""Safe writing on a real disk."""

import errno
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from picture_pipeline.durable import files

FORK = multiprocessing.get_context("fork")
NOBODY = 65534
SETTING = Path("/proc/sys/fs/protected_hardlinks")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    fd = files.open_folder(tmp_path)
    yield fd
    os.close(fd)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_new_file_is_whole_and_has_its_mode(tmp_path: Path, folder: int) -> None:
    files.write_new("temp", b"bytes", folder, 0o444)

    assert (tmp_path / "temp").read_bytes() == b"bytes"
    assert (tmp_path / "temp").stat().st_mode & 0o777 == 0o444


def test_a_new_file_is_never_written_over_another(tmp_path: Path, folder: int) -> None:
    (tmp_path / "temp").write_bytes(b"old")

    with pytest.raises(FileExistsError):
        files.write_new("temp", b"new", folder)

    assert (tmp_path / "temp").read_bytes() == b"old"


def test_a_published_file_has_its_final_name_only(tmp_path: Path, folder: int) -> None:
    files.write_new("temp", b"bytes", folder)

    assert files.publish("temp", folder, "final", folder)
    assert names(tmp_path) == ["final"]


@pytest.mark.parametrize("taken_by", ["file", "folder", "dangling link"])
def test_publishing_never_overwrites(tmp_path: Path, folder: int, taken_by: str) -> None:
    files.write_new("temp", b"bytes", folder)
    if taken_by == "file":
        (tmp_path / "final").write_bytes(b"old")
    elif taken_by == "folder":
        (tmp_path / "final").mkdir()
    else:
        (tmp_path / "final").symlink_to("nowhere")

    assert not files.publish("temp", folder, "final", folder)
    assert names(tmp_path) == ["final", "temp"]


def test_publishing_what_is_not_there_is_an_error(folder: int) -> None:
    with pytest.raises(FileNotFoundError):
        files.publish("temp", folder, "final", folder)


def test_publishing_across_file_systems_leaves_the_temp_file(tmp_path: Path, folder: int) -> None:
    elsewhere = Path("/dev/shm")  # noqa: S108 - a second file system, not a temp file
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has no second file system at /dev/shm")
    files.write_new("temp", b"bytes", folder)
    other = files.open_folder(elsewhere)
    try:
        with pytest.raises(OSError, match="cross-device") as raised:
            files.publish("temp", folder, f"picture-pipeline-{os.getpid()}", other)
    finally:
        os.close(other)

    assert raised.value.errno == errno.EXDEV
    assert names(tmp_path) == ["temp"]


def as_nobody(folder: Path) -> int:
    """Publish as a user to whom Linux refuses hard links to another's files."""

    def publish() -> None:
        os.setuid(NOBODY)
        fd = files.open_folder(folder)
        os._exit(0 if files.publish("temp", fd, "final", fd) else 1)

    other = FORK.Process(target=publish)
    other.start()
    other.join(60)
    assert other.exitcode is not None
    return other.exitcode


@pytest.fixture
def linkless(tmp_path: Path) -> Path:
    """A folder in which ``nobody`` may rename the file ``temp``, but not link it."""
    if os.geteuid() != 0 or not SETTING.exists() or SETTING.read_text().strip() != "1":
        pytest.skip("only root, on a Linux that protects hard links, can have links refused")
    folder = tmp_path / "linkless"
    folder.mkdir()
    (folder / "temp").write_bytes(b"bytes")
    (folder / "temp").chmod(0o444)
    os.chown(folder, NOBODY, NOBODY)
    for parent in (tmp_path, *tmp_path.parents):
        if parent.stat().st_mode & 0o011 == 0:
            parent.chmod(parent.stat().st_mode | 0o011)
    return folder


def test_where_links_are_refused_a_rename_publishes(linkless: Path) -> None:
    assert as_nobody(linkless) == 0
    assert names(linkless) == ["final"]
    assert (linkless / "final").read_bytes() == b"bytes"


def test_where_links_are_refused_a_rename_does_not_overwrite(linkless: Path) -> None:
    (linkless / "final").write_bytes(b"old")

    assert as_nobody(linkless) == 1
    assert (linkless / "final").read_bytes() == b"old"
    assert names(linkless) == ["final", "temp"]


def test_replacing_leaves_no_temp_file(tmp_path: Path, folder: int) -> None:
    files.replace("name", b"one", folder)
    files.replace("name", b"two", folder)

    assert (tmp_path / "name").read_bytes() == b"two"
    assert names(tmp_path) == ["name"]


def test_folders_are_made_with_their_bits_whatever_the_umask(tmp_path: Path, folder: int) -> None:
    files.make_folders(("a", "b"), folder, 0o3775)
    files.make_folders(("a", "b"), folder, 0o3775)

    modes = [(tmp_path / path).stat().st_mode & 0o7777 for path in ("a", "a/b")]
    assert modes == [0o3775, 0o3775]


def test_removing_twice_tells_the_difference(tmp_path: Path, folder: int) -> None:
    (tmp_path / "name").touch()

    assert [files.remove("name", folder), files.remove("name", folder)] == [True, False]


def test_a_folder_of_temp_files_goes_with_what_is_in_it(tmp_path: Path, folder: int) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "temp").touch()

    files.remove_folder_of_files("run", folder)
    files.remove_folder_of_files("run", folder)

    assert names(tmp_path) == []


def test_a_folder_within_is_left_with_the_folder(tmp_path: Path, folder: int) -> None:
    (tmp_path / "run" / "@eaDir").mkdir(parents=True)
    (tmp_path / "run" / "temp").touch()

    files.remove_folder_of_files("run", folder)

    assert names(tmp_path / "run") == ["@eaDir"]


def test_links_are_never_taken_for_files(tmp_path: Path, folder: int) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "dangling").symlink_to("nowhere")

    found = [files.is_regular(name, folder) for name in ("file", "link", "dangling", "none")]

    assert found == [True, False, False, False]
    assert files.exists("dangling", folder)


def test_reading_does_not_follow_a_link(tmp_path: Path, folder: int) -> None:
    (tmp_path / "file").write_bytes(b"bytes")
    (tmp_path / "link").symlink_to("file")

    with pytest.raises(OSError, match="symbolic links"):
        files.read("link", folder)

    assert files.read("file", folder) == b"bytes"
