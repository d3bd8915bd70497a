"""Copies that were cut short, beside the archive that holds them whole."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from installed import Storage
from planted import Family
from scenes import encoded, scene

_STILLS = ("jpg", "jpeg", "heic")


def test_a_cut_copy_without_fractions_of_the_second_is_known_by_its_bytes(
    own_family: Family,
) -> None:
    whole = encoded(scene(70), taken="2024:05:01 10:00:00", model="X100")
    (own_family.icloud / "DSCF0001.JPG").write_bytes(whole)
    own_family.storage.here("import", f"icloud={own_family.icloud}", "-q")
    own_family.put({"other name.jpg": whole[: len(whole) * 6 // 10]})
    report = own_family.of_sync("--items")
    (item,) = report["items"]
    assert (report["verdict"], item["state"], item["why"], item["probable"]) == (
        "safe",
        "archived_better",
        "whole",
        False,
    )


def test_without_the_nas_a_cut_copy_stays_only_here(own_family: Family) -> None:
    whole = encoded(scene(70), taken="2024:05:01 10:00:00", model="X100")
    (own_family.icloud / "DSCF0001.JPG").write_bytes(whole)
    own_family.storage.here("import", f"icloud={own_family.icloud}", "-q")
    own_family.put({"DSCF0001.JPG": whole[: len(whole) * 6 // 10]})
    own_family.storage.archive.rename(own_family.storage.archive.with_name("away"))
    (item,) = own_family.of_sync("--items")["items"]
    assert item["state"] == "incomplete"


@pytest.fixture
def corpus_report(corpus: Path, tmp_path: Path) -> dict[str, Any]:
    """Archive some pictures of the corpus whole, and look at the first 60 % of each."""
    storage, whole, cut = Storage(tmp_path / "home"), tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    found = (p for p in sorted(corpus.rglob("*")) if p.suffix[1:].lower() in _STILLS)
    large = [path for path in found if 50_000 < path.stat().st_size < 3_000_000]
    for number, path in enumerate(large[:: max(1, len(large) // 12)][:12]):
        name = f"{number:02}{path.suffix}"
        shutil.copyfile(path, whole / name)
        data = path.read_bytes()
        (cut / name).write_bytes(data[: len(data) * 6 // 10])
    said = storage.here("import", f"whole={whole}", "-q")
    assert said.status == 0, said.err
    said = storage.here("consolidate", f"cut={cut}", "--json", "--items", "-q")
    report: dict[str, Any] = said.json["sources"][0]
    return report


def test_no_cut_copy_of_the_corpus_makes_a_source_unique(corpus_report: dict[str, Any]) -> None:
    states = {item["path"]: item["state"] for item in corpus_report["items"]}
    assert states
    assert set(states.values()) == {"archived_better"}, states
