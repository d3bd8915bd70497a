"""A glimpse sees enough of a folder to recognise it, and never more than so much."""

import os
from pathlib import Path

import pytest

from picture_pipeline.sources.glimpse import look_at
from pictures import write


def test_names_are_seen_over_four_levels(tmp_path: Path) -> None:
    write(tmp_path / "alice/2024/03/15/IMG_1.HEIC", b"")
    write(tmp_path / "alice/2024/03/15/deep/IMG_2.HEIC", b"")

    seen = look_at(os.fsencode(tmp_path))

    assert seen.files == (b"alice/2024/03/15/IMG_1.HEIC",)
    assert b"alice/2024/03/15/deep" in seen.folders


def test_top_tells_what_lies_directly_in_it(tmp_path: Path) -> None:
    write(tmp_path / "a/b.jpg", b"")
    write(tmp_path / "c.jpg", b"")

    seen = look_at(os.fsencode(tmp_path))

    assert (seen.name, seen.top, seen.top_files) == (
        os.fsencode(tmp_path.name),
        {b"a"},
        {b"c.jpg"},
    )


def test_litter_is_named_but_not_entered(tmp_path: Path) -> None:
    write(tmp_path / "@eaDir/a.jpg/SYNOPHOTO_THUMB_M.jpg", b"")

    seen = look_at(os.fsencode(tmp_path))

    assert (seen.folders, seen.files) == ((b"@eaDir",), ())


def test_a_large_tree_is_seen_in_part(tmp_path: Path) -> None:
    for number in range(120):
        (tmp_path / f"{number:03}" / "below").mkdir(parents=True)
        for name in range(2):
            write(tmp_path / f"{number:03}" / "below" / f"{name}.jpg", b"")
    for name in range(60):
        write(tmp_path / "000" / f"{name}.jpg", b"")

    seen = look_at(os.fsencode(tmp_path))

    assert sum(1 for file in seen.files if file.count(b"/") == 1) < 60
    assert 0 < sum(1 for file in seen.files if file.count(b"/") == 2) <= 200


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path)

    assert look_at(os.fsencode(tmp_path)).files == (b"round",)


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_what_cannot_be_listed_shows_nothing(tmp_path: Path, name: str) -> None:
    write(tmp_path / "file", b"")

    seen = look_at(os.fsencode(tmp_path / name))

    assert (seen.name, seen.folders, seen.files) == (name.encode(), (), ())


def test_only_the_names_that_are_meant_are_seen(tmp_path: Path) -> None:
    write(tmp_path / "a.jpg", b"")
    write(tmp_path / "b.jpg", b"")

    assert look_at(os.fsencode(tmp_path), frozenset([b"a.jpg"])).files == (b"a.jpg",)
