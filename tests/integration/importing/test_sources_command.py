"""Sources are given names, and forgotten; no file of theirs is touched."""

from pathlib import Path

import pytest

from installed import Storage
from pictures import jpeg, write


def known(storage: Storage) -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in storage.here("sources", "--json").json["sources"]}


@pytest.fixture
def filled(source: Path) -> Path:
    """Give a folder with two pictures."""
    for number, name in enumerate(("a.jpg", "deep/b.jpg")):
        write(source / name, jpeg(number))
    return source


def test_an_added_source_is_listed_with_all_that_was_said(storage: Storage, filled: Path) -> None:
    said = storage.here(
        *("sources", "add", "phone", filled, "--kind", "icloudpd", "--owner", "anna"),
        *("--policy", "reclaim", "--json"),
    )

    assert said.status == 0
    assert said.json["kind"] == "icloudpd"
    phone = known(storage)["phone"]
    assert (phone["path"], phone["kind"]) == (str(filled), "icloudpd")
    assert (phone["owner"], phone["policy"]) == ("anna", "reclaim")


def test_adding_takes_nothing_in(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled)

    assert storage.here("list", "--json").lines == []


def test_an_added_name_is_enough_to_import(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled, "--owner", "anna")

    said = storage.here("import", "--json", "phone")

    assert said.json["imported"] == 2
    digest = str(storage.here("list", "--json").lines[0]["digest"])
    assert storage.here("show", digest, "--json").json["owner"] == "anna"


def test_the_path_of_an_added_source_means_that_source(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled, "--kind", "camera")

    said = storage.here("import", "--json", filled)

    assert [(one["name"], one["kind"]) for one in said.json["sources"]] == [("phone", "camera")]


def test_a_folder_that_looks_like_nothing_yet_is_recognised_once_it_is_filled(
    storage: Storage, source: Path
) -> None:
    storage.here("sources", "add", "phone", source)
    storage.here("import", "phone")
    write(source / "DCIM/100APPLE/IMG_0001.JPG", jpeg(1))

    said = storage.here("import", "--json", "phone")

    assert said.json["sources"][0]["kind"] == "iphone"
    assert known(storage)["phone"]["kind"] == "iphone"


def test_adding_again_changes_what_is_known_of_it(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled, "--owner", "anna")

    assert storage.here("sources", "add", "phone", filled, "--owner", "ben").status == 0

    assert known(storage)["phone"]["owner"] == "ben"


def test_adding_again_leaves_what_is_not_said(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled, "--owner", "anna", "--policy", "reclaim")

    said = storage.here("sources", "add", "phone", filled, "--kind", "icloudpd", "--json").json

    assert (said["kind"], said["owner"], said["policy"]) == ("icloudpd", "anna", "reclaim")


def test_an_owner_can_be_taken_away(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled, "--owner", "anna")

    assert (
        storage.here("sources", "add", "phone", filled, "--owner", "", "--json").json["owner"]
        is None
    )


def test_removing_touches_no_file_and_forgets_the_name(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled)
    storage.here("import", "phone")

    said = storage.here("sources", "remove", "phone")

    assert said.status == 0
    assert sorted(path.name for path in filled.rglob("*.jpg")) == ["a.jpg", "b.jpg"]
    assert len(storage.originals()) == 2
    assert "phone" not in known(storage)
    gone = storage.here("import", "phone")
    assert (gone.status, "no such file, folder or source" in gone.err) == (2, True)


def test_what_was_seen_there_stays_on_record(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled)
    storage.here("import", "phone")
    digest = str(storage.here("list", "--json").lines[0]["digest"])
    before = storage.here("show", digest, "--json").json["sightings"]

    storage.here("sources", "remove", "phone")

    assert storage.here("show", digest, "--json").json["sightings"] == before


def test_a_source_that_is_added_again_is_taken_up_where_it_was(
    storage: Storage, filled: Path
) -> None:
    storage.here("sources", "add", "phone", filled)
    storage.here("import", "phone")
    storage.here("sources", "remove", "phone")

    storage.here("sources", "add", "phone", filled)

    assert storage.here("import", "--json", "phone").json["skipped"] == 2


def test_a_removed_name_may_be_given_to_another_folder(
    storage: Storage, filled: Path, tmp_path: Path
) -> None:
    write(tmp_path / "other" / "c.jpg", jpeg(7))
    storage.here("sources", "add", "phone", filled)
    storage.here("import", "phone")
    storage.here("sources", "remove", "phone")

    storage.here("sources", "add", "phone", tmp_path / "other")

    assert storage.here("import", "--json", "phone").json["imported"] == 1
    seen = [
        sighting["source"]
        for one in storage.here("list", "--json").lines
        for sighting in storage.here("show", str(one["digest"]), "--json").json["sightings"]
    ]
    assert sum(name == "phone" for name in seen) == 1
    assert sum(name.startswith("phone (until 20") for name in seen) == 2


def test_a_name_cannot_mean_two_folders(storage: Storage, filled: Path, tmp_path: Path) -> None:
    storage.here("sources", "add", "phone", filled)
    (tmp_path / "other").mkdir()

    said = storage.here("sources", "add", "phone", tmp_path / "other")

    assert said.status == 2
    assert "sources remove phone" in said.err


def test_a_folder_cannot_have_two_names(storage: Storage, filled: Path) -> None:
    storage.here("sources", "add", "phone", filled)

    said = storage.here("sources", "add", "camera", filled)

    assert said.status == 2
    assert "is source phone already" in said.err


def test_a_folder_that_gets_a_name_is_no_longer_called_by_its_path(
    storage: Storage, filled: Path
) -> None:
    storage.here("import", filled)

    storage.here("sources", "add", "phone", filled)

    assert set(known(storage)) == {"phone"}


@pytest.mark.parametrize("name", ["a/b", "a=b", "", " ", "a\nb"])
def test_a_name_that_could_be_misread_is_refused(storage: Storage, filled: Path, name: str) -> None:
    said = storage.here("sources", "add", name, filled)

    assert said.status == 2
    assert "plain word" in said.err


def test_a_source_that_is_not_there_cannot_be_removed(storage: Storage) -> None:
    said = storage.here("sources", "remove", "nobody")

    assert (said.status, "no such source" in said.err) == (2, True)


def test_a_folder_that_is_not_there_is_refused(storage: Storage, tmp_path: Path) -> None:
    said = storage.here("sources", "add", "phone", tmp_path / "nowhere")

    assert (said.status, "no such folder" in said.err) == (2, True)


def test_a_kind_that_nobody_knows_is_refused(storage: Storage, filled: Path) -> None:
    said = storage.here("sources", "add", "phone", filled, "--kind", "icloud")

    assert (said.status, "no such kind" in said.err) == (2, True)
    assert known(storage) == {}


def test_our_own_folders_are_refused(storage: Storage, filled: Path) -> None:
    storage.here("import", filled)

    said = storage.here("sources", "add", "own", storage.archive / "originals")

    assert (said.status, "belongs to picture-pipeline" in said.err) == (2, True)


@pytest.mark.parametrize("name", ["phone", "watch"])
@pytest.mark.parametrize("words", [("remove",), ("add",)])
def test_sources_of_storage_yaml_are_steered_there(
    storage: Storage, filled: Path, name: str, words: tuple[str]
) -> None:
    configured = storage.given(
        PICTURE_PIPELINE_STORAGE__SOURCES=f"[{{name: phone, path: {filled}}}]",
        PICTURE_PIPELINE_STORAGE__SYNC__WATCH_PATH=str(filled / "deep"),
    )

    said = configured.here("sources", *words, name, *([filled] if words == ("add",) else []))

    assert said.status == 2
    assert f"storage.yaml names source {name}" in said.err


def test_what_storage_yaml_says_of_a_source_wins_and_is_noted(
    storage: Storage, filled: Path
) -> None:
    storage.here("sources", "add", "phone", filled, "--owner", "anna")
    configured = storage.given(
        PICTURE_PIPELINE_STORAGE__SOURCES=(
            f"[{{name: phone, path: {filled}, owner: ben, kind: camera, policy: free}}]"
        )
    )

    configured.here("import", "phone")

    phone = known(storage)["phone"]
    assert (phone["owner"], phone["kind"], phone["policy"]) == ("ben", "camera", "free")


def test_backups_are_left_out_below_a_source_and_said_to_be(storage: Storage, filled: Path) -> None:
    storage.here("import", filled)
    write(storage.archive / "backups" / "icloud-archive" / "old.jpg", jpeg(9))

    said = storage.here("import", "--json", storage.archive)

    assert (said.status, said.json["imported"]) == (0, 0)
    assert f"{storage.archive / 'backups'}: " in said.err


@pytest.mark.parametrize("below", ["backups", "backups/icloud-archive"])
def test_an_old_copy_in_backups_is_a_source_to_add(
    storage: Storage, filled: Path, below: str
) -> None:
    storage.here("import", filled)
    write(storage.archive / "backups" / "icloud-archive" / "old.jpg", jpeg(9))

    assert storage.here("sources", "add", "old", storage.archive / below).status == 0

    assert storage.here("import", "--json", "old").json["imported"] == 1
