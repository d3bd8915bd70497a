"""PATH may be a folder, a file, a source's NAME, or NAME=PATH; our own folders are no sources."""

from pathlib import Path

import pytest

from installed import Storage
from pictures import jpeg, write


def sources(storage: Storage) -> dict[str, int]:
    listed = storage.here("storage-stats", "--json").json["sources"]
    return {one["name"]: one["files"] for one in listed}


@pytest.fixture
def filled(source: Path) -> Path:
    """Give a folder with two pictures, and one below."""
    for number, name in enumerate(("a.jpg", "b.jpg", "deep/c.jpg")):
        write(source / name, jpeg(number))
    return source


def test_a_folder_without_a_name_is_called_by_its_whole_path(
    storage: Storage, filled: Path
) -> None:
    storage.here("import", "source", cwd=filled.parent)

    assert sources(storage) == {str(filled): 3}


def test_name_and_path_give_a_folder_a_name(storage: Storage, filled: Path) -> None:
    storage.here("import", f"Anna's phone={filled}")

    assert sources(storage) == {"Anna's phone": 3}


def test_a_known_name_alone_is_enough(storage: Storage, filled: Path) -> None:
    storage.here("import", f"phone={filled}")

    said = storage.here("import", "--json", "phone")

    assert (said.status, said.json["skipped"]) == (0, 3)


def test_a_name_keeps_its_path(storage: Storage, filled: Path, tmp_path: Path) -> None:
    write(tmp_path / "other" / "x.jpg", jpeg(9))
    storage.here("import", f"phone={filled}")

    said = storage.here("import", f"phone={tmp_path / 'other'}")

    assert said.status == 2
    assert "another name" in said.err


def test_single_files_are_taken_and_their_neighbours_not(storage: Storage, filled: Path) -> None:
    said = storage.here("import", "--json", filled / "a.jpg", filled / "deep" / "c.jpg")

    assert (said.json["seen"], said.json["imported"]) == (2, 2)


def test_a_single_file_does_not_make_its_neighbours_look_gone(
    storage: Storage, filled: Path
) -> None:
    storage.here("import", filled)
    b = next(x for x in storage.here("list", "--json").lines if x["original_name"] == "b.jpg")
    before = storage.here("show", str(b["digest"]), "--json").json

    storage.here("import", filled / "a.jpg")

    assert storage.here("show", str(b["digest"]), "--json").json == before


def test_what_is_given_twice_is_seen_once(storage: Storage, filled: Path) -> None:
    said = storage.here("import", "--json", filled, f"{filled}/", filled / "a.jpg")

    assert (said.json["seen"], said.json["imported"]) == (3, 3)


@pytest.mark.parametrize("argument", ["nowhere", "name=/nowhere", ""])
def test_a_path_that_is_not_there_is_refused(storage: Storage, argument: str) -> None:
    said = storage.here("import", argument)

    assert (said.status, said.out) == (2, b"")
    assert "no such" in said.err


def test_nothing_is_taken_when_one_of_the_paths_is_not_there(
    storage: Storage, filled: Path
) -> None:
    assert storage.here("import", filled, "gone=/nowhere").status == 2

    assert storage.here("list", "--json").lines == []


@pytest.mark.parametrize("ours", ["", "thumbs", "archive/originals", "config"])
def test_our_own_folders_are_no_sources(storage: Storage, filled: Path, ours: str) -> None:
    storage.here("import", filled)
    (storage.home / "config").mkdir(exist_ok=True)

    said = storage.here("import", storage.home / ours)

    assert said.status == 2
    assert "belongs to picture-pipeline" in said.err


def test_our_own_folders_below_a_path_are_left_out_and_named(
    storage: Storage, filled: Path
) -> None:
    storage.here("import", filled)

    said = storage.here("import", "--json", filled.parent)

    assert (said.status, said.json["seen"], said.json["duplicate"]) == (0, 3, 3)
    assert f"{storage.home}: belongs to picture-pipeline itself and is left out" in said.err


def test_a_folder_beside_the_originals_in_the_archive_is_a_source(
    storage: Storage, filled: Path
) -> None:
    storage.here("import", filled)
    write(storage.archive / "icloud-sync" / "x.jpg", jpeg(7))

    said = storage.here("import", "--json", storage.archive / "icloud-sync")

    assert (said.status, said.json["imported"]) == (0, 1)


def test_the_configured_name_of_a_folder_is_used_for_its_path(
    storage: Storage, filled: Path
) -> None:
    configured = f"[{{name: phone, path: {filled}, owner: anna}}]"

    storage.given(PICTURE_PIPELINE_STORAGE__SOURCES=configured).here("import", filled)

    assert sources(storage) == {"phone": 3}
    digest = str(storage.here("list", "--json").lines[0]["digest"])
    assert storage.here("show", digest, "--json").json["owner"] == "anna"


def test_the_watched_folder_is_the_source_called_watch(storage: Storage, filled: Path) -> None:
    watching = storage.given(PICTURE_PIPELINE_STORAGE__SYNC__WATCH_PATH=str(filled))

    assert watching.here("import", "--json", "watch").json["imported"] == 3
