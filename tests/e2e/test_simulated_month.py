"""A simulated month in shuffled orders: always the same archive, and verdicts that are true.

``PICTURE_PIPELINE_MONTH_ORDERS`` says in how many orders (``make month``: 20).
"""

import hashlib
import os
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from installed import Storage
from month import Month, Story, a_month, happen, steps

ORDERS = int(os.environ.get("PICTURE_PIPELINE_MONTH_ORDERS", "2"))
WATCHED = ("icloud", "photosync")
BESIDE = ("synology", "immich")
Asset = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Lived:
    """A month that is over, in one order."""

    storage: Storage
    root: Path
    reports: tuple[Any, ...]
    before: frozenset[str]
    """Digests of the originals before the trees beside were imported."""
    verdicts: dict[str, Any]
    verdicts_after: dict[str, Any]
    assets: frozenset[Asset]


@pytest.fixture(scope="module")
def month() -> Month:
    return a_month()


@pytest.fixture(scope="module", params=range(ORDERS))
def lived(request: pytest.FixtureRequest, month: Month, tmp_path_factory: Any) -> Lived:
    root = tmp_path_factory.mktemp("month")
    storage = Storage(
        root / "home", {"PICTURE_PIPELINE_STORAGE__SYNC__INCOMPLETE_AFTER_SECONDS": "0"}
    )
    for name in (*WATCHED, *BESIDE):
        (root / "sources" / name).mkdir(parents=True)
        said = storage.here("sources", "add", name, root / "sources" / name)
        assert said.status == 0, said.err
    reports = []
    for step in steps(month.watched, random.Random(request.param)):  # noqa: S311 - replayable
        for story, version in step:
            happen(root / "sources", story, version)
        said = storage.here("watch", *WATCHED, "--once", "--settle", "0.05", "--json")
        assert said.status == 0, said.err
        reports.append(said.json)
    for story in month.beside:
        happen(root / "sources", story, story.versions[0])
    before = frozenset(digests(storage))
    verdicts = storage.here("consolidate", *BESIDE, "--json").json
    assert storage.here("import", *BESIDE).status == 0
    after = storage.here("consolidate", "--json").json
    return Lived(storage, root, tuple(reports), before, verdicts, after, assets(storage))


def digests(storage: Storage) -> set[str]:
    return {path.stem for path in storage.originals()}


def assets(storage: Storage) -> frozenset[Asset]:
    members: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for line in storage.here("list", "--json").lines:
        members[line["asset"]].add((line["digest"], line["role"]))
    return frozenset(frozenset(found) for found in members.values())


def planted(*stories: Story) -> set[str]:
    return {
        hashlib.sha256(version.data).hexdigest()
        for story in stories
        for version in story.versions
        if version.is_original
    }


def test_every_version_that_stood_still_is_archived_and_nothing_else(
    lived: Lived, month: Month
) -> None:
    assert lived.before == planted(*month.watched)
    assert digests(lived.storage) == planted(*month.watched, *month.beside)


def test_nothing_is_archived_twice(lived: Lived) -> None:
    names = [path.stem for path in lived.storage.originals()]

    assert len(names) == len(set(names))
    for path in lived.storage.originals():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem


@pytest.fixture(scope="module")
def first() -> list[frozenset[Asset]]:
    """Hold what the first order came to."""
    return []


def test_every_order_ends_with_the_same_assets(lived: Lived, first: list[frozenset[Asset]]) -> None:
    if not first:
        first.append(lived.assets)

    assert lived.assets == first[0]


def test_the_reports_add_up(lived: Lived) -> None:
    parts = ("imported", "duplicate", "skipped", "rejected", "failed")

    assert all(r["seen"] == sum(r[part] for part in parts) for r in lived.reports)
    assert sum(r["failed"] for r in lived.reports) == 0


def test_a_live_photo_is_one_asset(lived: Lived) -> None:
    lives = [a for a in lived.assets if "live_video" in {role for _, role in a}]

    assert len(lives) == 2


def test_the_whole_file_took_the_place_of_the_cut_one(lived: Lived) -> None:
    superseded = [a for a in lived.assets if "superseded" in {role for _, role in a}]

    assert len(superseded) == 1


def test_albums_came_with_the_copies(lived: Lived, month: Month) -> None:
    albums = {
        tuple(lived.storage.here("show", digest, "--json").json["albums"])
        for digest in planted(*(s for s in month.watched if "/Holiday/" in s.path))
    }

    assert albums == {("Holiday",)}  # "Recents" is everything, and no album


def test_the_verdicts_are_the_planted_truth(lived: Lived, month: Month) -> None:
    found = {source["name"]: source for source in lived.verdicts["sources"]}

    assert {name: source["only_here"] for name, source in found.items()} == month.only_in
    assert {name: source["better_here"] for name, source in found.items()} == dict.fromkeys(
        BESIDE, 0
    )
    assert found["synology"]["verdict"] == "unique"
    assert found["immich"]["verdict"] == "safe"


def test_once_everything_is_imported_every_source_is_safe(lived: Lived) -> None:
    assert {s["verdict"] for s in lived.verdicts_after["sources"]} == {"safe"}


def test_icloudpd_would_download_nothing_again(lived: Lived, month: Month) -> None:
    """Its rule: there is a file of that name, and it has that size."""
    for story in month.watched:
        if story.path.startswith("icloud/"):
            path = lived.root / "sources" / story.path
            if path.suffix != ".part":
                assert path.is_file()
                assert path.stat().st_size == len(story.versions[-1].data)
