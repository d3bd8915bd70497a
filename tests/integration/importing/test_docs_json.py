"""docs/reference/json.md shows the keys that the commands print, no more and no fewer."""

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from installed import Storage, is_alive, until
from pictures import jpeg, photo, write

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "json.md"
EXAMPLES = {
    title: json.loads(example)
    for title, example in re.findall(
        r"(?ms)^## `([^`]+)`$.*?^```json\n(.*?)^```$", PAGE.read_text()
    )
}
COMMANDS = {
    "list": ("list", "--json"),
    "list --assets": ("list", "--assets", "--json"),
    "storage-stats": ("storage-stats", "--json"),
    "generate-thumbs": ("generate-thumbs", "--all", "--json"),
    "cache stats": ("cache", "stats", "--json"),
    "cache prune": ("cache", "prune", "--json"),
    "doctor": ("doctor", "--json"),
    "imports": ("imports", "--json"),
    "sources": ("sources", "--json"),
}
UNDOING = {"imports undo", "imports restore", "imports empty-trash"}
ELSEWHERE = {"free", "reclaim", "consolidate", "duplicates"}
"""Compared where there is something to print: tests/integration/releasing and comparing."""
BROKEN = jpeg(1)[:40] + b"\0" * 200


def shape(value: object) -> object:
    """Give what a document is made of: its keys, and those of all entries of a list together."""
    match value:
        case dict():
            return {key: shape(below) for key, below in value.items()}
        case list():
            return merged([shape(below) for below in value])
        case _:
            return None


def merged(shapes: Sequence[object]) -> object:
    """Put the shapes of a list's entries together: the richest of each key."""
    documents = [each for each in shapes if isinstance(each, dict)]
    if not documents:
        return None
    keys = {key: None for document in documents for key in document}
    return {key: next((d[key] for d in documents if d.get(key)), None) for key in keys}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """Give a storage in which something is known for every key."""
    folder = tmp_path_factory.mktemp("library")
    phone = os.fsencode(folder / "phone")
    taken = photo(1, taken="2024:03:15 10:11:12", make="Apple", gps=True)
    write(phone + b"/Caf\xe9.jpg", taken)
    write(phone + b"/br\xfcke.jpg", BROKEN)
    write(phone + b"/n\xf6tes.txt", b"no picture")
    storage = Storage(folder / "home")
    storage.here("import", f"phone={os.fsdecode(phone)}")
    storage.here("generate-thumbs", "--all")
    return storage


@pytest.mark.parametrize("title", COMMANDS)
def test_a_documented_document_is_the_printed_one(library: Storage, title: str) -> None:
    lines = library.here(*COMMANDS[title])
    printed = (
        merged([shape(line) for line in lines.lines])
        if title.startswith("list")
        else shape(lines.json)
    )

    assert shape(EXAMPLES[title]) == printed


def test_the_report_of_an_import_is_the_documented_one(library: Storage) -> None:
    phone = library.home.parent / "phone"
    other = Storage(library.home.parent / "other")

    assert shape(other.here("import", "--json", phone).json) == shape(EXAMPLES["import"])


def test_the_report_of_a_dry_run_is_the_documented_one(library: Storage) -> None:
    phone = library.home.parent / "phone"
    foretold = Storage(library.home.parent / "foretold").here(
        "import", "--dry-run", "--json", phone
    )

    assert shape(foretold.json) == shape(EXAMPLES["import --dry-run"])


def test_what_undoing_prints_is_the_documented_document(tmp_path: Path) -> None:
    storage = Storage(tmp_path / "home")
    for name, numbers in (("one", (1, 2)), ("two", (2, 3))):
        for number in numbers:
            write(tmp_path / name / f"{number}.jpg", jpeg(number))
        storage.here("import", "-q", tmp_path / name)

    undone = storage.here("imports", "undo", "1", "--yes", "--json").json
    restored = storage.here("imports", "restore", "1", "--json").json
    storage.here("imports", "undo", "1", "--yes")
    storage.here("imports", "undo", "2", "--yes")
    first, _ = sorted((storage.archive / ".picture-pipeline" / "trash").iterdir())
    first.rename(first.with_name(f"2020-01-01{first.name[10:]}"))
    emptied = storage.here("imports", "empty-trash", "--dry-run", "--json").json

    printed = dict(zip(sorted(UNDOING), (emptied, restored, undone), strict=True))
    for title, document in printed.items():
        assert shape(EXAMPLES[title]) == shape(document), title


def test_what_show_prints_is_the_documented_document(library: Storage) -> None:
    lines = library.here("list", "--json", "--has-gps").lines

    shown = library.here("show", lines[0]["digest"], "--json").json

    assert shape(shown) == shape(EXAMPLES["show"])
    assert list(shown) == list(EXAMPLES["show"])
    assert list(shown["renditions"]) == ["tiny", "small", "medium"]


def test_what_adding_a_source_prints_is_the_documented_document(library: Storage) -> None:
    (library.home.parent / "card").mkdir(exist_ok=True)

    said = library.here("sources", "add", "card", library.home.parent / "card", "--json")

    assert shape(said.json) == shape(EXAMPLES["sources add"])


def test_handing_over_to_the_background_is_the_documented_document(library: Storage) -> None:
    said = library.call("generate-thumbs", "--background", "--json")

    assert shape(said.json) == shape(EXAMPLES["generate-thumbs --background"])
    until(lambda: not is_alive(said.json["process"]))


def test_every_example_is_compared() -> None:
    compared = {
        *COMMANDS,
        *ELSEWHERE,
        *UNDOING,
        "import",
        "import --dry-run",
        "show",
        "sources add",
        "generate-thumbs --background",
    }

    assert EXAMPLES.keys() == compared
