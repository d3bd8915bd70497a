"""Placeholders that somebody touched: nothing is forgotten in silence, nothing overwritten."""

import hashlib
import os
from pathlib import Path

from letting_go import Folder, large, reasons

NAMES = ("2024/IMG_1.JPG", "2024/IMG_2.JPG", "2025/IMG_3.JPG")
NAME = NAMES[0]
_ATTRIBUTE = "user.picture-pipeline.sha256"


def reclaimed(downloads: Folder) -> Path:
    """Reclaim three files; gives the first."""
    downloads.fill(*NAMES)
    downloads.reclaim()
    return downloads.path / NAME


def write_into(file: Path, data: bytes, at: int) -> bytes:
    """Write over a part of a placeholder; gives what it holds then."""
    with file.open("r+b") as opened:
        opened.seek(at)
        opened.write(data)
    return file.read_bytes()


def forget_its_name(file: Path) -> None:
    """Take the attribute away, where the file system has any."""
    if hasattr(os, "listxattr") and _ATTRIBUTE in os.listxattr(file):
        os.removexattr(file, _ATTRIBUTE)


def grow(downloads: Folder) -> None:
    """Take three files in that are larger than those that parsers read at once."""
    for number, name in enumerate(NAMES):
        downloads.add(name, large(number) + bytes(range(1, 256)) * 600)
    downloads.take_in()
    downloads.reclaim()


def test_a_touched_placeholder_comes_back_with_its_own_time(downloads: Folder) -> None:
    file = reclaimed(downloads)
    booked = file.stat().st_mtime_ns
    os.utime(file)

    said = downloads.restore()

    assert (said.status, said.json["files"], said.json["left"]) == (0, 3, [])
    assert downloads.whole() == set(NAMES)
    assert file.stat().st_mtime_ns == booked


def test_a_touched_placeholder_comes_back_after_an_import_and_a_reclaim(downloads: Folder) -> None:
    file = reclaimed(downloads)
    os.utime(file)

    again, said = downloads.take_in(), downloads.reclaim()

    assert (again.json["imported"], said.json["hollow"], said.json["left"]) == (0, 3, [])
    assert downloads.restore().json["files"] == 3
    assert downloads.whole() == set(NAMES)


def test_a_placeholder_that_was_filled_with_zeros_comes_back(downloads: Folder) -> None:
    file = reclaimed(downloads)
    write_into(file, bytes(file.stat().st_size), 0)

    said = downloads.restore()

    assert (said.status, said.json["files"]) == (0, 3)
    assert downloads.whole() == set(NAMES)


def test_a_placeholder_somebody_wrote_into_stays_and_is_told_of_each_time(
    downloads: Folder,
) -> None:
    file = reclaimed(downloads)
    written = write_into(file, b"Z", 10_000)

    first, second = downloads.restore(), downloads.restore()

    assert (first.status, first.json["files"]) == (1, 2)
    assert (second.status, second.json["files"]) == (1, 0)
    assert reasons(first) == reasons(second) == {"IMG_1.JPG": "not_a_placeholder"}
    assert file.read_bytes() == written


def test_bytes_written_in_secret_are_not_overwritten(downloads: Folder) -> None:
    """The time was put back: size and time are those of the placeholder."""
    file = reclaimed(downloads)
    before = file.stat()
    written = write_into(file, b"Z", 10_000)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    said = downloads.restore()

    assert (said.status, reasons(said)) == (1, {"IMG_1.JPG": "not_a_placeholder"})
    assert file.read_bytes() == written


def test_a_spoiled_placeholder_is_told_of_without_its_attribute_too(downloads: Folder) -> None:
    file = reclaimed(downloads)
    forget_its_name(file)
    write_into(file, b"Z", 10_000)
    downloads.restore()

    said = downloads.restore()

    assert (said.status, reasons(said)) == (1, {"IMG_1.JPG": "not_a_placeholder"})


def test_a_spoiled_placeholder_that_is_emptied_again_comes_back(downloads: Folder) -> None:
    file = reclaimed(downloads)
    write_into(file, b"Z", 10_000)
    downloads.restore()
    size = file.stat().st_size
    os.truncate(file, 0)
    os.truncate(file, size)

    said = downloads.restore()

    assert (said.status, said.json["files"]) == (0, 1)
    assert downloads.whole() == set(NAMES)


def test_a_reclaim_does_not_forget_a_spoiled_placeholder(downloads: Folder) -> None:
    file = reclaimed(downloads)
    write_into(file, b"Z", 10_000)

    said = downloads.reclaim()

    assert (said.json["hollow"], reasons(said)) == (2, {"IMG_1.JPG": "not_a_placeholder"})
    assert reasons(downloads.restore()) == {"IMG_1.JPG": "not_a_placeholder"}


def test_what_was_downloaded_anew_needs_no_word(downloads: Folder) -> None:
    file = reclaimed(downloads)
    file.unlink()
    file.write_bytes(downloads.files[NAME])

    said = downloads.restore()

    assert (said.status, said.json["files"], said.json["left"]) == (0, 2, [])
    assert downloads.whole() == set(NAMES)


def test_another_file_in_a_placeholders_place_is_told_of_once(downloads: Folder) -> None:
    file = reclaimed(downloads)
    file.unlink()
    file.write_bytes(large(8) + b"more")

    first, second = downloads.restore(), downloads.restore()

    assert (first.status, reasons(first)) == (1, {"IMG_1.JPG": "not_a_placeholder"})
    assert (second.status, second.json["left"]) == (0, [])
    assert file.read_bytes() == large(8) + b"more"


def test_another_file_written_over_a_placeholder_in_secret_is_taken_in_once_it_was_told_of(
    downloads: Folder,
) -> None:
    """Same inode, size and time: only the ctime tells."""
    file = reclaimed(downloads)
    before = file.stat()
    other = large(8)[: before.st_size].ljust(before.st_size, b"z")
    file.write_bytes(other)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    downloads.take_in()

    said = downloads.restore()

    assert reasons(said) == {"IMG_1.JPG": "not_a_placeholder"}
    assert downloads.take_in().json["imported"] == 1
    assert other in downloads.archived()


def test_a_dry_run_tells_what_a_run_would_do(downloads: Folder) -> None:
    file = reclaimed(downloads)
    write_into(file, b"Z", 10_000)
    os.utime(downloads.path / NAMES[1])

    foretold = downloads.restore("--dry-run")
    done = downloads.restore()

    assert foretold.status == 0
    assert (foretold.json["items"], foretold.json["left"]) == (
        done.json["items"],
        done.json["left"],
    )


def test_no_import_takes_in_a_placeholder_with_a_new_beginning(downloads: Folder) -> None:
    grow(downloads)
    archived = downloads.archived()
    write_into(downloads.path / NAME, downloads.files[NAME][:30_000], 0)

    said = downloads.take_in()

    assert [problem["reason"] for problem in said.json["problems"]] == ["placeholder"]
    assert downloads.archived() == archived


def test_no_import_takes_one_in_that_lost_its_attribute(downloads: Folder) -> None:
    grow(downloads)
    archived = downloads.archived()
    forget_its_name(downloads.path / NAME)
    write_into(downloads.path / NAME, downloads.files[NAME][:30_000], 0)

    said = downloads.take_in()

    assert [problem["reason"] for problem in said.json["problems"]] == ["placeholder"]
    assert downloads.archived() == archived


def test_a_sparse_picture_that_was_never_reclaimed_is_taken_in(downloads: Folder) -> None:
    downloads.add("a.jpg", large(1))
    os.truncate(downloads.path / "a.jpg", 1 << 20)

    said = downloads.take_in()

    assert said.json["imported"] == 1
    data = (downloads.path / "a.jpg").read_bytes()
    assert hashlib.sha256(data).hexdigest() in {path.stem for path in downloads.storage.originals()}
