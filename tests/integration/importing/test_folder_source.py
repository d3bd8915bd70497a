"""A folder is walked in a stable order, every entry once, our own folders never."""

import os
from pathlib import Path

import pytest

from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import FolderListing, SourceName, SourceSpec
from picture_pipeline.sources.folder import FolderSource
from pictures import write


def source_of(folder: Path, **more: object) -> FolderSource:
    spec = SourceSpec(SourceName("camera"), os.fsencode(folder))
    return FolderSource(spec, **more)  # type: ignore[arg-type]  # what the test says


def walk(source: FolderSource) -> list[tuple[bytes, list[bytes]]]:
    return [
        (listing.folder, [entry.name for entry in listing.entries])
        for listing in source.listings()
        if isinstance(listing, FolderListing)
    ]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a folder with folders in it."""
    for name in (b"b.jpg", b"B.jpg", b"\xff.jpg", b"sub/y.jpg", b"sub/deep/z.jpg", b"a/x.jpg"):
        write(os.fsencode(tmp_path / "tree") + b"/" + name, b"x")
    return tmp_path / "tree"


def test_folders_and_names_come_in_the_order_of_their_bytes(tree: Path) -> None:
    assert walk(source_of(tree)) == [
        (b"", [b"B.jpg", b"b.jpg", b"\xff.jpg"]),
        (b"a", [b"x.jpg"]),
        (b"sub", [b"y.jpg"]),
        (b"sub/deep", [b"z.jpg"]),
    ]


def test_each_call_walks_anew(tree: Path) -> None:
    source = source_of(tree)
    walk(source)
    write(tree / "new.jpg", b"x")

    assert b"new.jpg" in walk(source)[0][1]


def test_forbidden_folders_are_not_entered(tree: Path) -> None:
    status = (tree / "sub").stat()

    found = walk(source_of(tree, forbidden=frozenset([(status.st_dev, status.st_ino)])))

    assert [folder for folder, _ in found] == [b"", b"a"]


def test_only_the_named_files_are_shown(tree: Path) -> None:
    source = source_of(tree, only=frozenset([b"b.jpg", b"gone.jpg"]))

    assert walk(source) == [(b"", [b"b.jpg"])]
    assert not source.shows_all


def test_a_root_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        walk(source_of(tmp_path / "nowhere"))


def test_a_root_that_is_a_link_to_a_folder_is_walked(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tree)

    assert walk(source_of(tmp_path / "link")) == walk(source_of(tree))
