"""``free`` removes from a card what the archive holds, and nothing else."""

import os
from pathlib import Path

import pytest

from letting_go import Folder, large, reasons

NAMES = ("DCIM/100CANON/IMG_1.JPG", "DCIM/100CANON/IMG_2.JPG", "DCIM/101CANON/IMG_3.JPG")


def test_what_is_archived_goes_and_folders_stay(card: Folder) -> None:
    card.fill(*NAMES)

    said = card.free()

    assert (said.status, said.json["files"]) == (0, 3)
    assert card.lies_there() == set()
    assert (card.path / "DCIM" / "101CANON").is_dir()
    assert card.archived() == set(card.files.values())


def test_the_ledger_tells_of_each_file(card: Folder) -> None:
    card.fill(*NAMES)

    card.free()

    assert card.events() == [("deletion", "freed", name) for name in NAMES]


def test_what_is_not_archived_stays_and_is_named(card: Folder) -> None:
    card.add("DCIM/notes.txt", b"no picture")
    card.add("DCIM/.DS_Store", b"litter")
    card.fill(*NAMES)
    card.add("DCIM/NEW.JPG", large(9))

    said = card.free()

    assert reasons(said) == {
        "notes.txt": "not_a_picture",
        ".DS_Store": "ignored",
        "NEW.JPG": "not_archived",
    }
    assert card.lies_there() == {"DCIM/notes.txt", "DCIM/.DS_Store", "DCIM/NEW.JPG"}


def test_a_file_that_changed_since_stays(card: Folder) -> None:
    card.fill(*NAMES)
    (card.path / NAMES[0]).write_bytes(large(7))

    said = card.free()

    assert reasons(said) == {"IMG_1.JPG": "changed"}
    assert (card.path / NAMES[0]).read_bytes() == large(7)


def test_nothing_goes_whose_copy_in_the_archive_was_damaged(card: Folder) -> None:
    card.fill(*NAMES)
    damaged = card.original(NAMES[1])
    damaged.chmod(0o644)
    data = bytearray(damaged.read_bytes())
    data[1000] ^= 1
    damaged.write_bytes(data)

    said = card.free()

    assert said.status == 4
    assert reasons(said) == {
        "IMG_1.JPG": "not_tried",
        "IMG_2.JPG": "archive_changed",
        "IMG_3.JPG": "not_tried",
    }
    assert card.whole() == set(NAMES)
    assert card.events() == []


def test_nothing_goes_whose_copy_in_the_archive_is_missing(card: Folder) -> None:
    card.fill(*NAMES)
    card.original(NAMES[0]).unlink()

    said = card.free()

    assert (said.status, reasons(said)["IMG_1.JPG"]) == (4, "archive_missing")
    assert card.whole() == set(NAMES)


def test_nothing_goes_that_lost_its_sidecar(card: Folder) -> None:
    card.fill(*NAMES)
    card.original(NAMES[0]).with_suffix(".xmp").unlink()

    said = card.free()

    assert (said.status, reasons(said)) == (1, {"IMG_1.JPG": "no_sidecar"})
    assert card.lies_there() == {NAMES[0]}


def test_files_of_one_asset_go_together_or_not_at_all(card: Folder) -> None:
    still, edited = "DCIM/IMG_0001.JPG", "DCIM/IMG_E0001.JPG"
    card.fill(still, edited)
    card.original(edited).unlink()

    said = card.free()

    assert reasons(said) == {"IMG_E0001.JPG": "archive_missing", "IMG_0001.JPG": "companion_stays"}
    assert card.lies_there() == {still, edited}


def test_an_asset_of_which_a_file_changed_stays_whole(card: Folder) -> None:
    still, edited = "DCIM/IMG_0001.JPG", "DCIM/IMG_E0001.JPG"
    card.fill(still, edited)
    (card.path / edited).write_bytes(large(7))

    said = card.free()

    assert reasons(said) == {"IMG_E0001.JPG": "changed", "IMG_0001.JPG": "companion_stays"}


def test_a_file_that_another_program_has_open_stays(card: Folder) -> None:
    card.fill(*NAMES)
    reader, writer = os.pipe()
    held = os.open(card.path / NAMES[0], os.O_RDONLY)
    child = os.fork()
    if child == 0:
        os.read(reader, 1)
        os._exit(0)
    os.close(held)

    said = card.free()

    os.write(writer, b"x")
    os.waitpid(child, 0)
    os.close(reader)
    os.close(writer)
    assert reasons(said) == {"IMG_1.JPG": "in_use"}
    assert card.lies_there() == {NAMES[0]}


def test_a_symlink_stays_and_so_does_what_it_leads_to(card: Folder) -> None:
    card.add("real.jpg", large(1))
    (card.path / "link.jpg").symlink_to("real.jpg")
    card.take_in()

    said = card.free()

    assert (card.path / "link.jpg").is_symlink()
    assert reasons(said)["link.jpg"] == "not_a_file"


def test_a_folder_that_became_a_link_is_not_followed(card: Folder, tmp_path: Path) -> None:
    card.fill(*NAMES)
    (card.path / "DCIM").rename(tmp_path / "elsewhere")
    (card.path / "DCIM").symlink_to(tmp_path / "elsewhere")

    said = card.free()

    assert said.json["files"] == 0
    assert (tmp_path / "elsewhere" / "100CANON" / "IMG_1.JPG").exists()


def test_the_archives_own_copy_never_goes(card: Folder) -> None:
    """A source may show the archive by another path: a bind mount, a hard link."""
    card.fill("a.jpg")
    own = card.original("a.jpg")
    (card.path / "a.jpg").unlink()
    (card.path / "a.jpg").hardlink_to(own)
    card.take_in()

    said = card.free()

    assert reasons(said) == {"a.jpg": "archive_itself"}
    assert own.exists()


def test_a_dry_run_tells_and_does_nothing(card: Folder) -> None:
    card.fill(*NAMES)

    said = card.storage.here("free", "card", "--dry-run", "--json")

    assert (said.status, said.json["dry_run"], said.json["files"]) == (0, True, 3)
    assert said.json["bytes"] == sum(map(len, card.files.values()))
    assert card.lies_there() == set(NAMES)
    assert card.events() == []


def test_without_a_terminal_nothing_happens_unless_yes_is_said(card: Folder) -> None:
    card.fill(*NAMES)

    said = card.storage.call("free", "card")

    assert said.status == 2
    assert "--yes" in said.err
    assert card.lies_there() == set(NAMES)


def test_a_source_with_another_policy_is_refused(tmp_path: Path) -> None:
    kept = Folder.make(tmp_path, "keep").fill("a.jpg")

    said = kept.free()

    assert (said.status, "--policy free" in said.err) == (2, True)
    assert kept.lies_there() == {"a.jpg"}


@pytest.mark.parametrize("policy", ["free", "move"])
def test_a_folder_that_a_program_fills_is_refused(tmp_path: Path, policy: str) -> None:
    filled = Folder.make(tmp_path, policy, kind="icloudpd").fill("a.jpg")

    said = filled.free()

    assert (said.status, "icloudpd" in said.err) == (2, True)
    assert filled.lies_there() == {"a.jpg"}


def test_a_folder_whose_policy_is_move_is_emptied(tmp_path: Path) -> None:
    folder = Folder.make(tmp_path, "move").fill("deep/a.jpg")

    said = folder.free()

    assert said.status == 0
    assert folder.events() == [("deletion", "moved", "deep/a.jpg")]
    assert (folder.path / "deep").is_dir()


def test_what_was_freed_is_not_missed_by_the_next_import(card: Folder) -> None:
    card.fill(*NAMES)
    card.free()

    said = card.take_in()

    assert (said.status, said.json["seen"]) == (0, 0)
    assert card.free().json["files"] == 0
