"""The corpus imported as a person would, then shown file by file and compared with exiftool."""

from pathlib import Path

import pytest

from installed import Storage
from manifest import (
    COLUMNS,
    DIFFERENCES,
    IMPORTED,
    Compared,
    agreeing,
    differing,
    known,
    rows_of,
)

EMPTY = "2018-04-12 19_24_49.mov"
HIDDEN = ".photoprism/example.jpg"
"""In a folder of another program's own."""


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> list[Compared]:
    """Give the manifest's rows with what ``show --json`` says; nothing of what was rejected."""
    storage = Storage(tmp_path_factory.mktemp("storage") / "home")
    said = storage.here("import", "--quiet", "--json", corpus)
    assert said.status == 0, said.err
    found = []
    for row in rows_of(corpus):
        shown = storage.here("show", row["sha256"], "--json")
        found.append(Compared(row, shown.json if shown.status == 0 else {}))
    return found


@pytest.mark.parametrize("name", COLUMNS)
def test_every_difference_to_exiftool_has_its_reason(name: str, compared: list[Compared]) -> None:
    reasons = {**DIFFERENCES.get(name, {}), **IMPORTED.get(name, {})}
    found = differing(name, compared)
    assert {path: both for path, both in found.items() if not known(path, reasons)} == {}


def test_we_agree_on_99_in_100_values_that_exiftool_gives(compared: list[Compared]) -> None:
    same, every = agreeing(compared, imported=True)
    assert every > 2000
    assert same / every >= 0.99


def test_only_json_of_no_picture_and_two_files_more_are_left_out(compared: list[Compared]) -> None:
    missing = [file.path for file in compared if not file.shown]
    unnamed = [path for path in missing if not path.endswith((".json", EMPTY, HIDDEN))]
    assert unnamed == []
    assert len(missing) < 40
