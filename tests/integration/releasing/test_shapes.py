"""docs/reference/json.md shows the keys that ``free`` and ``reclaim`` print, and no others."""

import json
import os
import re
from pathlib import Path

import pytest

from installed import Said
from letting_go import Folder, large

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "json.md").read_text()
ENTRY = {"items": {"path", "digest", "size"}, "left": {"path", "reason", "detail"}}


def documented(command: str) -> set[str]:
    found = re.search(rf"(?ms)^## `{command}`$.*?^```json\n(.*?)^```$", PAGE)
    assert found is not None
    example = json.loads(found[1])
    assert {key: set(example[key][0]) for key in ENTRY} == ENTRY
    return set(example)


def keys(said: Said) -> set[str]:
    document = said.json
    for name, of_entry in ENTRY.items():
        assert all(set(entry) == of_entry for entry in document[name])
    return set(document)


def with_a_text(folder: Folder) -> Folder:
    folder.add("notes.txt", b"no picture")
    return folder.fill("a.jpg")


def test_free_prints_what_the_page_shows(card: Folder) -> None:
    assert keys(with_a_text(card).free()) == documented("free")


def test_reclaim_prints_what_the_page_shows(downloads: Folder) -> None:
    assert keys(with_a_text(downloads).reclaim()) == documented("reclaim")


@pytest.mark.parametrize("command", ["free", "reclaim"])
def test_a_dry_run_prints_the_same_without_a_run(tmp_path: Path, command: str) -> None:
    folder = with_a_text(Folder.make(tmp_path, command))

    said = folder.storage.here(command, "card", "--dry-run", "--json")

    assert keys(said) == documented(command) - {"run", "seconds"}


def test_a_restore_prints_what_reclaim_prints_without_its_counts(downloads: Folder) -> None:
    with_a_text(downloads).reclaim()

    assert keys(downloads.restore()) == documented("reclaim") - {"young", "small", "hollow"}


def test_a_name_that_is_not_utf8_comes_in_base64_too(card: Folder) -> None:
    card.add("a.jpg", large(1))
    (card.path / "a.jpg").rename(card.path / os.fsdecode(b"\xff.jpg"))
    card.take_in()

    (item,) = card.free().json["items"]

    assert set(item) == {"path", "path_b64", "digest", "size"}


def test_people_are_told_of_what_goes_and_what_stays(card: Folder) -> None:
    with_a_text(card)

    said = card.storage.here("free", "card", "--yes")

    assert "freed: 1 files" in said.text
    assert "notes.txt: not_a_picture" in said.text
