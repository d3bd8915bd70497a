"""``reclaim`` replaces downloads by placeholders; ``--restore`` brings them back."""

import os
from pathlib import Path

import pytest

from installed import Storage
from letting_go import Folder, large, reasons
from pictures import jpeg

NAMES = ("2024/IMG_1.JPG", "2024/IMG_2.JPG", "2025/IMG_3.JPG")


def is_taken_for_downloaded(file: Path, size: int) -> bool:
    """Tell what icloudpd 1.32.3 asks before it downloads (base.py, download_builder).

    Its bytecode was run on such folders too, with both file-match policies.
    """
    return os.path.isfile(file) and os.stat(file).st_size == size  # noqa: PTH113, PTH116 - its words


def test_downloads_become_placeholders_of_the_same_size_and_time(downloads: Folder) -> None:
    downloads.fill(*NAMES)

    said = downloads.reclaim()

    assert (said.status, said.json["files"]) == (0, 3)
    assert downloads.placeholders() == set(NAMES)
    assert downloads.archived() == set(downloads.files.values())


def test_icloudpd_downloads_nothing_again(downloads: Folder) -> None:
    downloads.fill(*NAMES)

    downloads.reclaim()

    for name, data in downloads.files.items():
        assert is_taken_for_downloaded(downloads.path / name, len(data))


def test_permissions_are_kept(downloads: Folder) -> None:
    downloads.add("a.jpg", large(1))
    (downloads.path / "a.jpg").chmod(0o640)
    downloads.take_in()

    downloads.reclaim()

    status = (downloads.path / "a.jpg").stat()
    assert (status.st_mode & 0o777, status.st_blocks) == (0o640, 0)


def test_placeholders_are_skipped_by_the_next_import(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()

    said = downloads.take_in()

    assert (said.json["skipped"], said.json["imported"], said.json["rejected"]) == (3, 0, 0)


def test_placeholders_are_refused_after_the_catalog_was_lost(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()
    for file in downloads.storage.home.glob("catalog.db*"):
        file.unlink()

    said = downloads.take_in()

    assert {problem["reason"] for problem in said.json["problems"]} == {"placeholder"}
    assert (said.json["imported"], said.json["rejected"]) == (0, 3)
    assert downloads.archived() == set(downloads.files.values())


def test_a_second_reclaim_has_nothing_left_to_do(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()

    said = downloads.reclaim()

    assert (said.status, said.json["files"], said.json["hollow"]) == (0, 0, 3)


def test_young_downloads_wait(downloads: Folder) -> None:
    downloads.fill(*NAMES)

    said = downloads.call("reclaim")

    assert (said.status, said.json["files"], said.json["young"]) == (0, 0, 3)
    assert downloads.whole() == set(NAMES)


def test_small_files_stay_as_they_are(downloads: Folder) -> None:
    downloads.add("small.jpg", large(1)[:900])
    downloads.take_in()

    said = downloads.reclaim()

    assert (said.json["files"], said.json["small"]) == (0, 1)
    assert downloads.whole() == {"small.jpg"}


def test_a_file_with_a_second_name_stays(downloads: Folder, tmp_path: Path) -> None:
    downloads.add("a.jpg", large(1))
    (tmp_path / "other name").hardlink_to(downloads.path / "a.jpg")
    downloads.take_in()

    said = downloads.reclaim()

    assert (said.status, reasons(said)) == (1, {"a.jpg": "hard_linked"})
    assert downloads.whole() == {"a.jpg"}


def test_nothing_is_replaced_whose_copy_in_the_archive_was_damaged(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    damaged = downloads.original(NAMES[0])
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")

    said = downloads.reclaim()

    assert (said.status, reasons(said)["IMG_1.JPG"]) == (4, "archive_changed")
    assert downloads.whole() == set(NAMES)


def test_restore_brings_every_byte_back(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()

    said = downloads.restore()

    assert (said.status, said.json["files"]) == (0, 3)
    assert downloads.whole() == set(NAMES)
    assert [(downloads.path / n).stat().st_mtime_ns % 10**9 for n in NAMES] == [0, 0, 0]
    assert downloads.take_in().json["skipped"] == 3


def test_restore_brings_one_file_back(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()

    downloads.restore(str(downloads.path / NAMES[1]))

    assert downloads.whole() == {NAMES[1]}
    assert downloads.placeholders() == {NAMES[0], NAMES[2]}


@pytest.mark.parametrize("meant", ["card", "2024"])
def test_restore_knows_names_of_sources_and_paths_of_folders(downloads: Folder, meant: str) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()

    said = downloads.restore(meant if meant == "card" else str(downloads.path / meant))

    assert said.json["files"] == (3 if meant == "card" else 2)


def test_restore_names_what_it_cannot_find(downloads: Folder) -> None:
    said = downloads.restore(str(downloads.path / "nowhere"))

    assert (said.status, "nowhere" in said.err) == (2, True)


def test_what_was_restored_can_be_reclaimed_again(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()
    downloads.restore()

    assert downloads.reclaim().json["files"] == 3
    assert downloads.events()[-1] == ("deletion", "reclaimed", NAMES[2])


def test_a_damaged_original_is_not_brought_back(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()
    damaged = downloads.original(NAMES[0])
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")

    said = downloads.restore()

    assert (said.status, reasons(said)) == (4, {"IMG_1.JPG": "archive_changed"})
    assert downloads.whole() == {NAMES[1], NAMES[2]}
    assert NAMES[0] in downloads.placeholders()


def test_what_the_downloader_brought_back_is_left_alone(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()
    (downloads.path / NAMES[0]).unlink()
    (downloads.path / NAMES[0]).write_bytes(large(8))

    said = downloads.restore()

    assert said.json["files"] == 2
    assert (downloads.path / NAMES[0]).read_bytes() == large(8)
    assert downloads.take_in().json["imported"] == 1


def test_a_renamed_placeholder_is_refused_and_the_others_come_back(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    downloads.reclaim()
    (downloads.path / NAMES[0]).rename(downloads.path / "2024" / "moved.JPG")

    again, said = downloads.take_in(), downloads.restore()

    assert [problem["reason"] for problem in again.json["problems"]] == ["placeholder"]
    assert (said.status, reasons(said)) == (1, {"IMG_1.JPG": "vanished"})
    assert downloads.whole() == {NAMES[1], NAMES[2]}


def test_a_container_that_changes_owners_does_not_matter(downloads: Folder) -> None:
    """boredazfcuk's container sets modes at each start: the stamp changes, the file does not."""
    downloads.fill(*NAMES)
    downloads.reclaim()
    (downloads.path / NAMES[0]).chmod(0o600)

    again, said = downloads.take_in(), downloads.reclaim()

    assert (again.json["skipped"], again.json["rejected"]) == (3, 0)
    assert (said.json["hollow"], said.json["left"]) == (3, [])
    assert downloads.restore().json["files"] == 3


def test_what_replaced_a_placeholder_is_looked_at(downloads: Folder) -> None:
    """Another file of the same size and time is no placeholder of ours."""
    downloads.fill(*NAMES)
    downloads.reclaim()
    file = downloads.path / NAMES[0]
    before = file.stat()
    data = bytes(reversed(large(0)))
    file.with_suffix(".new").write_bytes(jpeg(0) + data[len(jpeg(0)) :])
    os.utime(file.with_suffix(".new"), ns=(before.st_atime_ns, before.st_mtime_ns))
    file.with_suffix(".new").rename(file)

    said = downloads.take_in()

    assert file.stat().st_size == before.st_size
    assert (said.json["imported"], said.json["skipped"]) == (1, 2)


def test_no_temp_file_is_left_and_none_is_taken_in(downloads: Folder) -> None:
    downloads.fill(*NAMES)
    left = downloads.path / "2024" / ".picture-pipeline.0123456789abcdef.tmp"
    left.write_bytes(large(1))

    said = downloads.take_in()
    downloads.reclaim()
    downloads.restore()

    assert {problem["reason"] for problem in said.json["problems"]} == {"ignored"}
    assert downloads.lies_there() == set(NAMES)


def test_without_a_source_of_that_policy_nothing_happens(tmp_path: Path) -> None:
    said = Storage(tmp_path / "home").here("reclaim", "--yes", "--json")

    assert (said.status, said.json["files"]) == (0, 0)
    assert "policy reclaim" in said.err
