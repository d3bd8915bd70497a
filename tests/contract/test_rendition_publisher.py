"""Promises of the port ``RenditionPublisher``."""

from pathlib import Path

import pytest

from picture_pipeline.errors import LocalDiskUnavailable
from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.renditions.tree import RenditionTree
from samples import digest_of

SPECS = (RenditionSpec("tiny", 150, 150), RenditionSpec("small", 500, 500))
NAMES = ("metadata", "tiny", "small")


@pytest.fixture
def tree(tmp_path: Path) -> RenditionTree:
    return RenditionTree(tmp_path / "thumbs", SPECS)


def stage(tree: RenditionTree, token: str) -> None:
    for name in NAMES:
        tree.stage(token, name, f"{name} of {token}".encode())


def staged(tmp_path: Path) -> list[str]:
    return sorted(file.name for file in (tmp_path / "thumbs" / ".incoming").iterdir())


def lying(tree: RenditionTree, number: int) -> list[bytes | None]:
    return [tree.read(digest_of(number), name) for name in NAMES]


def test_published_renditions_lie_at_their_places(tmp_path: Path, tree: RenditionTree) -> None:
    stage(tree, "run-1")
    stage(tree, "run-2")

    tree.publish_all([("run-1", digest_of(1), NAMES), ("run-2", digest_of(2), NAMES)])

    assert lying(tree, 1) == [b"metadata of run-1", b"tiny of run-1", b"small of run-1"]
    assert lying(tree, 2) == [b"metadata of run-2", b"tiny of run-2", b"small of run-2"]
    assert staged(tmp_path) == []


def test_publishing_may_be_repeated(tree: RenditionTree) -> None:
    stage(tree, "run-1")
    tree.publish_all([("run-1", digest_of(1), NAMES)])

    tree.publish_all([("run-1", digest_of(1), NAMES)])

    assert lying(tree, 1) == [b"metadata of run-1", b"tiny of run-1", b"small of run-1"]


def test_what_was_never_staged_is_passed_over(tree: RenditionTree) -> None:
    tree.publish_all([("run-1", digest_of(1), NAMES)])

    assert lying(tree, 1) == [None, None, None]


def test_nothing_to_publish_is_fine(tree: RenditionTree) -> None:
    tree.publish_all([])

    assert lying(tree, 1) == [None, None, None]


def test_newer_renditions_take_the_place_of_older_ones(tree: RenditionTree) -> None:
    for token in ("run-1", "run-2"):
        stage(tree, token)
        tree.publish_all([(token, digest_of(1), NAMES)])

    assert lying(tree, 1) == [b"metadata of run-2", b"tiny of run-2", b"small of run-2"]


def test_what_was_staged_may_be_discarded_twice(tmp_path: Path, tree: RenditionTree) -> None:
    stage(tree, "run-1")
    stage(tree, "run-2")

    tree.discard("run-1")
    tree.discard("run-1")

    assert staged(tmp_path) == ["run-2.metadata", "run-2.small", "run-2.tiny"]


def test_leftovers_of_dead_runs_are_cleared_and_those_of_live_ones_kept(
    tmp_path: Path, tree: RenditionTree
) -> None:
    stage(tree, "host-1.dead-1")
    stage(tree, "host-1.alive-1")

    tree.clear_leftovers(lambda run: run == "host-1.alive")

    assert {name.split("-1.")[1][:5] for name in staged(tmp_path)} == {"alive"}


def test_a_disk_that_takes_nothing_is_reported(tmp_path: Path) -> None:
    (tmp_path / "thumbs").write_bytes(b"a file where a folder should be")

    with pytest.raises(LocalDiskUnavailable, match="thumbnails cannot be written"):
        RenditionTree(tmp_path / "thumbs", SPECS).publish_all([("run-1", digest_of(1), NAMES)])
