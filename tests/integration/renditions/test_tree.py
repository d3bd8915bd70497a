"""The local tree of renditions on a real disk."""

import hashlib
import io
from pathlib import Path

import pytest
from PIL import Image

from picture_pipeline.model.digest import Digest, parse_digest
from picture_pipeline.model.rendition import RenditionEntry
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.tree import METADATA, RenditionTree

DIGEST = parse_digest(hashlib.sha256(b"an original").hexdigest())


def jpeg(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "thumbs"


@pytest.fixture
def tree(root: Path) -> RenditionTree:
    return RenditionTree(root, DEFAULT_SPECS)


def publish(tree: RenditionTree, token: str, digest: Digest, contents: dict[str, bytes]) -> None:
    for name, data in contents.items():
        tree.stage(token, name, data)
    tree.publish_all([(token, digest, tuple(contents))])


def test_a_published_rendition_lies_where_the_design_says(root: Path, tree: RenditionTree) -> None:
    publish(tree, "run-1", DIGEST, {"tiny": b"t", METADATA: b"{}"})

    assert (root / "tiny" / DIGEST[:2] / f"{DIGEST}.jpg").read_bytes() == b"t"
    assert (root / "metadata" / DIGEST[:2] / f"{DIGEST}.json").read_bytes() == b"{}"


def test_what_is_only_staged_is_not_seen(tree: RenditionTree) -> None:
    tree.stage("run-1", "tiny", b"t")

    assert tree.read(DIGEST, "tiny") is None


def test_publishing_again_replaces(tree: RenditionTree) -> None:
    publish(tree, "run-1", DIGEST, {"tiny": b"old"})
    publish(tree, "run-2", DIGEST, {"tiny": b"new"})

    assert tree.read(DIGEST, "tiny") == b"new"


def test_nothing_is_left_of_what_was_published_or_discarded(
    root: Path, tree: RenditionTree
) -> None:
    publish(tree, "run-1", DIGEST, {"tiny": b"t"})
    tree.stage("run-2", "small", b"s")
    tree.discard("run-2")

    assert list((root / ".incoming").iterdir()) == []


def test_leftovers_of_dead_runs_are_cleared_and_others_kept(
    root: Path, tree: RenditionTree
) -> None:
    tree.stage("dead-1", "tiny", b"t")
    tree.stage("alive-1", "tiny", b"t")

    tree.clear_leftovers(lambda run: run == "alive")

    assert [path.name for path in (root / ".incoming").iterdir()] == ["alive-1.tiny"]


def test_a_whole_rendition_is_sound(tree: RenditionTree) -> None:
    data = jpeg(150, 113)
    publish(tree, "run-1", DIGEST, {"tiny": data})

    assert tree.sound(DIGEST) == {"tiny": RenditionEntry("tiny", 150, 113, len(data))}


@pytest.mark.parametrize(
    "damaged", [b"", jpeg(150, 113)[:-2], jpeg(150, 113)[2:], b"\xff\xd8\xff\xd9"]
)
def test_a_damaged_rendition_is_not_sound(tree: RenditionTree, damaged: bytes) -> None:
    publish(tree, "run-1", DIGEST, {"tiny": damaged})

    assert tree.sound(DIGEST) == {}


def test_our_own_renditions_are_sound(tree: RenditionTree, rendered: dict[str, bytes]) -> None:
    publish(tree, "run-1", DIGEST, rendered)

    assert set(tree.sound(DIGEST)) == {"tiny", "small", "medium"}
