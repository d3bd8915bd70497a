"""Sources with planted truth: what `consolidate` says of them, and what it leaves alone."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from picture_pipeline.bootstrap.consolidating import open_consolidation
from picture_pipeline.cli.talk import Talk
from picture_pipeline.config import load_config
from picture_pipeline.model.inspected import InspectJob
from picture_pipeline.ports import Workers
from picture_pipeline.workflows.look import LookResult
from planted import COUNTS, Family, documented, original, planted
from scenes import encoded, scene


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Give size and modification time of each file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): (path.stat().st_size, path.stat().st_mtime_ns)
        for path in files
    }


def test_the_report_equals_the_planted_truth(family: Family) -> None:
    truth = planted()
    family.put({name: data for name, (data, _) in truth.items()})
    report = family.of_sync("--items")
    states = {item["path"]: item["state"] for item in report["items"]}
    assert states == {name: state for name, (_, state) in truth.items()}
    assert {key: report[key] for key in COUNTS} == COUNTS
    assert report["verdict"] == "unique"


def test_what_can_be_given_back_is_what_the_archive_holds(family: Family) -> None:
    truth = planted()
    family.put({name: data for name, (data, _) in truth.items()})
    held = ("equal", "archived_better")
    expected = sum(len(data) for data, state in truth.values() if state in held)
    assert family.of_sync()["reclaimable_bytes"] == expected


def test_a_source_that_adds_nothing_is_safe_to_switch_off(family: Family) -> None:
    family.put({"a.jpg": original(0), "b.jpg": encoded(scene(1), quality=60)})
    assert family.of_sync()["verdict"] == "safe"


def test_the_source_that_was_imported_is_safe_too(family: Family) -> None:
    (report,) = family.consolidated("icloud")["sources"]
    assert (report["verdict"], report["assets"]) == ("safe", 8)


def test_only_the_probable_copy_is_told_as_probable(family: Family) -> None:
    family.put({name: data for name, (data, _) in planted().items()})
    items = family.of_sync("--items")["items"]
    assert [item["path"] for item in items if item["probable"]] == ["stripped.jpg"]


def test_all_known_sources_are_compared_when_none_is_named(family: Family) -> None:
    family.put({"a.jpg": original(0), "new.jpg": original(60)})
    family.of_sync()
    document = family.consolidated()
    assert [report["name"] for report in document["sources"]] == ["icloud", "sync"]
    assert document["pairs"] == [{"a": "icloud", "b": "sync", "both": 1, "only_a": 7, "only_b": 1}]


def test_a_known_source_that_is_not_there_leaves_its_verdict_open(own_family: Family) -> None:
    own_family.icloud.rename(own_family.icloud.with_name("away"))
    (report,) = own_family.consolidated()["sources"]
    assert report["verdict"] == "unfinished"


def test_a_named_source_that_is_not_there_says_why_and_the_others_are_judged(
    own_family: Family,
) -> None:
    own_family.put({"a.jpg": original(0)})
    own_family.icloud.rename(own_family.icloud.with_name("away"))
    gone, there = own_family.consolidated("icloud", f"sync={own_family.sync}")["sources"]
    assert (gone["verdict"], there["verdict"]) == ("unfinished", "safe")
    assert gone["reasons"] == [
        f"{own_family.icloud}: no such folder; check the path, and that the volume is mounted"
    ]


def test_a_source_that_is_not_there_may_be_named_by_its_path(own_family: Family) -> None:
    own_family.icloud.rename(own_family.icloud.with_name("away"))
    (report,) = own_family.consolidated(f"icloud={own_family.icloud}")["sources"]
    assert report["verdict"] == "unfinished"


@pytest.mark.parametrize("wrong", ["nobody", "nobody=/nowhere", "icloud=/nowhere", "/nowhere"])
def test_what_nobody_knows_is_a_wrong_call(family: Family, wrong: str) -> None:
    said = family.storage.here("consolidate", wrong, "--json", "-q")
    assert (said.status, said.out) == (2, b"")


def test_links_to_files_give_nothing_back(family: Family) -> None:
    (family.sync / "a.jpg").symlink_to(family.icloud / "IMG_0000.JPG")
    first, again = family.of_sync(), family.of_sync()
    assert (first["verdict"], first["archived_equal_or_better"]) == ("safe", 1)
    assert (first["reclaimable_bytes"], again["reclaimable_bytes"]) == (0, 0)


def test_a_file_with_two_names_gives_its_bytes_back_once(family: Family) -> None:
    family.put({"a.jpg": original(0)})
    (family.sync / "b.jpg").hardlink_to(family.sync / "a.jpg")
    assert family.of_sync()["reclaimable_bytes"] == len(original(0))


def test_a_folder_that_shrank_is_judged_after_the_next_import(own_family: Family) -> None:
    for number in range(4):
        (own_family.icloud / f"IMG_{number:04}.JPG").unlink()
    own_family.consolidated("icloud")
    (before,) = own_family.consolidated("icloud")["sources"]
    own_family.storage.here("import", f"icloud={own_family.icloud}", "-q")
    (after,) = own_family.consolidated("icloud")["sources"]
    assert (before["verdict"], after["verdict"]) == ("unfinished", "safe")


def test_nothing_is_archived_and_no_file_is_changed(family: Family) -> None:
    family.put({name: data for name, (data, _) in planted().items()})
    before = snapshot(family.storage.archive), snapshot(family.sync)
    family.of_sync()
    assert (snapshot(family.storage.archive), snapshot(family.sync)) == before


def test_a_folder_that_lost_half_of_its_files_is_not_judged(own_family: Family) -> None:
    for number in range(4):
        (own_family.icloud / f"IMG_{number:04}.JPG").unlink()
    (report,) = own_family.consolidated("icloud")["sources"]
    assert report["verdict"] == "unfinished"


def test_an_empty_folder_is_not_judged(family: Family) -> None:
    assert family.of_sync()["verdict"] == "unfinished"


def test_a_file_without_data_is_not_judged(family: Family) -> None:
    family.put({"a.jpg": original(0)})
    with (family.sync / "stub.jpg").open("wb") as file:
        file.truncate(100_000)
    report = family.of_sync("--items")
    states = {item["path"]: item["state"] for item in report["items"]}
    assert (report["verdict"], states["stub.jpg"]) == ("unfinished", "unreadable")


def test_what_is_no_picture_is_passed_over(family: Family) -> None:
    family.put({"a.jpg": original(0), "notes.txt": b"nothing to see"})
    report = family.of_sync("--items")
    assert (report["verdict"], len(report["items"])) == ("safe", 1)


def test_a_name_that_is_not_utf8_is_told_in_bytes_too(family: Family) -> None:
    (Path(os.fsdecode(os.fsencode(family.sync) + b"/\xff.jpg"))).write_bytes(original(0))
    (item,) = family.of_sync("--items")["items"]
    assert (item["path"], item["path_b64"]) == ("\\xff.jpg", "/y5qcGc=")


def test_what_is_imported_after_a_look_is_equal_at_the_next(family: Family) -> None:
    family.put({"new.jpg": original(60)})
    first = family.of_sync()["verdict"]
    family.storage.here("import", f"sync={family.sync}", "-q")
    assert (first, family.of_sync()["verdict"]) == ("unique", "safe")


class Counting:
    """Workers that count what they are asked for."""

    def __init__(self, workers: Workers[InspectJob, LookResult]) -> None:
        self.submit = self._counted
        self._workers = workers
        self.asked: list[bytes] = []

    def _counted(self, job: InspectJob) -> object:
        self.asked.append(job.candidate.name)
        return self._workers.submit(job)


def opened_by_a_look(family: Family) -> list[bytes]:
    """Look at ``sync``, and give the names of the files that are opened."""
    config = load_config(family.storage.environ, None, family.sync)
    with open_consolidation(config, Talk(), lambda: False) as consolidation:
        counting = Counting(consolidation.survey.workers)
        survey = replace(consolidation.survey, workers=counting)  # type: ignore[arg-type]  # counts only
        (source,) = consolidation.sources([b"sync=" + os.fsencode(family.sync)], family.sync)
        assert not isinstance(source, tuple)
        survey.look_at(source)  # type: ignore[arg-type]  # it is there
        return counting.asked


def test_a_second_look_opens_no_file(family: Family) -> None:
    family.put({name: data for name, (data, _) in planted().items()} | {"notes.txt": b"text"})
    first = opened_by_a_look(family)
    assert (len(first), opened_by_a_look(family)) == (12, [])


def test_a_file_that_changed_is_looked_at_again(family: Family) -> None:
    family.put({"a.jpg": original(0), "b.jpg": original(60)})
    opened_by_a_look(family)
    family.put({"b.jpg": original(61)})
    assert opened_by_a_look(family) == [b"b.jpg"]


def test_the_terminal_says_it_in_plain_words(family: Family) -> None:
    family.put({"a.jpg": original(0)})
    said = family.storage.here("consolidate", f"sync={family.sync}", "-q")
    assert said.text.startswith("sync adds nothing: its 1 picture is in the archive")


def test_the_page_shows_pictures_side_by_side_and_loads_nothing(
    family: Family, tmp_path: Path
) -> None:
    family.put({name: data for name, (data, _) in planted().items()})
    page = tmp_path / "report.html"
    said = family.storage.here("consolidate", f"sync={family.sync}", "--html", page, "-q")
    text = page.read_text()
    assert said.status == 0
    assert text.count("data:image/jpeg;base64,") == 10 + 6
    assert not re.search(r"https?:|<script|url\(", text)


def test_a_name_is_no_markup_on_the_page(family: Family, tmp_path: Path) -> None:
    family.put({"<b>&.jpg": original(60)})
    page = tmp_path / "report.html"
    family.storage.here("consolidate", f"sync={family.sync}", "--html", page, "-q")
    assert "&lt;b&gt;&amp;.jpg" in page.read_text()


def test_the_documented_document_is_the_printed_one(family: Family) -> None:
    family.put({name: data for name, (data, _) in planted().items()})
    document = family.consolidated("icloud", f"sync={family.sync}", "--items")
    example = documented("consolidate")
    assert document.keys() == example.keys()
    for key in ("sources", "pairs"):
        assert document[key][-1].keys() == example[key][0].keys()
    assert document["sources"][1]["items"][0].keys() == example["sources"][0]["items"][0].keys()
