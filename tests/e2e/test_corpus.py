"""Everything in the corpus is archived or named; the README tells what has thumbnails."""

import re
from collections import Counter
from pathlib import Path

import pytest

from installed import Said, Storage

README = Path(__file__).resolve().parents[2] / "README.md"
COMPANIONS = ("application/", "audio/")
ROW = re.compile(r"(?m)^\| `([a-z]+/[^`]+)` \| (\d+) \| (\d+|-) \|")


@pytest.fixture(scope="module")
def imported(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Storage, Said]:
    storage = Storage(tmp_path_factory.mktemp("corpus"))
    return storage, storage.call("import", corpus, "--json")


def files_of(corpus: Path) -> set[str]:
    return {str(path) for path in corpus.rglob("*") if path.is_file() or path.is_symlink()}


def test_every_file_is_archived_or_named(corpus: Path, imported: tuple[Storage, Said]) -> None:
    storage, said = imported
    report = said.json
    named = {problem["path"] for problem in report["problems"]}
    seen = {
        f"{corpus}/{sighting['path']}"
        for line in storage.here("list", "--json").lines
        for sighting in storage.here("show", line["digest"], "--json").json["sightings"]
    }
    assert said.status == 0
    assert named | seen == files_of(corpus)
    assert named.isdisjoint(seen)
    assert report["seen"] == len(files_of(corpus))


def test_the_readme_tells_how_many_of_each_type_have_thumbnails(
    imported: tuple[Storage, Said],
) -> None:
    storage, said = imported
    warnings = said.json["warnings"]
    bare = {warning["digest"] for warning in warnings if warning["reason"] != "incomplete"}
    lines = storage.here("list", "--json").lines
    archived = Counter(line["media_type"] for line in lines)
    without = Counter(line["media_type"] for line in lines if line["digest"] in bare)
    told = {
        name: (int(count), None if shown == "-" else int(shown))
        for name, count, shown in ROW.findall(README.read_text())
    }
    assert told == {
        name: (
            count,
            None if name.startswith(("application/", "audio/")) else count - without[name],
        )
        for name, count in archived.items()
    }
