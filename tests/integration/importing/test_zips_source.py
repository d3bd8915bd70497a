"""Zips are folders of files: listed by their directories, never written, never trusted."""

import os
from pathlib import Path

import pytest

from picture_pipeline.model.candidate import (
    Candidate,
    FolderListing,
    SourceName,
    SourceSpec,
    Unlistable,
    Unopenable,
    Way,
)
from picture_pipeline.ports import Source
from picture_pipeline.sources.folder import FolderSource
from picture_pipeline.sources.zips import ZipsSource
from zips import in_memory, write_zip, zip_of

FIRST, SECOND = "takeout-20240101T000000Z-001.zip", "takeout-20240101T000000Z-002.zip"
TREE = b"takeout-20240101T000000Z.zip"


def source_at(path: Path) -> Source:
    spec = SourceSpec(SourceName("export"), os.fsencode(path), "takeout")
    return ZipsSource(FolderSource(spec))


def found_in(source: Source) -> dict[bytes, Candidate | Unopenable]:
    """Give what a source offers, by path."""
    found = {}
    for listing in source.listings():
        assert isinstance(listing, FolderListing)
        for entry in listing.entries:
            one = source.classify(listing.folder, entry)
            assert isinstance(one, Candidate | Unopenable)
            found[one.path] = one
    return found


def reasons(source: Source) -> dict[bytes, str]:
    """Give why entries are not opened, by path."""
    found = found_in(source)
    return {path: one.reason for path, one in found.items() if isinstance(one, Unopenable)}


def test_the_parts_of_one_export_are_one_tree(source: Path) -> None:
    write_zip(source / FIRST, {"Takeout/a/x.jpg.json": b"{}"})
    write_zip(source / SECOND, {"Takeout/a/x.jpg": b"x"})

    assert set(found_in(source_at(source))) == {
        TREE + b"/Takeout/a/x.jpg",
        TREE + b"/Takeout/a/x.jpg.json",
    }


def test_a_candidate_says_where_its_bytes_are(source: Path) -> None:
    write_zip(source / "below" / SECOND, {"Takeout/x.jpg": b"x"})

    found = found_in(source_at(source))[b"below/" + TREE + b"/Takeout/x.jpg"]
    assert isinstance(found, Candidate)
    assert found.within is not None
    assert (found.within.way, found.within.container) == (Way.ZIP, f"below/{SECOND}".encode())


def test_two_exports_do_not_mix(source: Path) -> None:
    write_zip(source / FIRST, {"x.jpg": b"x"})
    write_zip(source / "takeout-20250101T000000Z-001.zip", {"x.jpg": b"x"})

    assert len(found_in(source_at(source))) == 2


def test_files_beside_zips_are_listed_as_ever(source: Path) -> None:
    write_zip(source / FIRST, {"x.jpg": b"x"})
    (source / "y.jpg").write_bytes(b"y")

    found = found_in(source_at(source))[b"y.jpg"]
    assert isinstance(found, Candidate)
    assert found.within is None


def test_a_zip_may_be_a_source_by_itself(source: Path) -> None:
    path = write_zip(source / "holiday.zip", {"day 1/x.jpg": b"x"})

    assert set(found_in(source_at(path))) == {b"day 1/x.jpg"}


def test_a_broken_zip_by_itself_is_told(source: Path) -> None:
    (source / "holiday.zip").write_bytes(b"PK\3\4")

    assert [type(one) for one in source_at(source / "holiday.zip").listings()] == [Unlistable]


def test_two_members_of_one_name_are_both_listed(source: Path) -> None:
    write_zip(source / FIRST, {"x.jpg": b"one"})
    write_zip(source / SECOND, {"x.jpg": b"two"})

    assert set(found_in(source_at(source))) == {TREE + b"/x.jpg", TREE + b"/(2)/x.jpg"}


def test_a_real_folder_of_the_trees_name_is_not_mixed_with_it(source: Path) -> None:
    write_zip(source / FIRST, {"x.jpg": b"one"})
    (source / TREE.decode()).mkdir()
    (source / TREE.decode() / "x.jpg").write_bytes(b"two")

    assert set(found_in(source_at(source))) == {TREE + b"/x.jpg", TREE + b"~/x.jpg"}


def test_a_copied_zip_shows_the_same_stamps(source: Path) -> None:
    path = write_zip(source / FIRST, {"x.jpg": b"x"})
    before = list(source_at(source).listings())
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)

    assert list(source_at(source).listings()) == before


def test_a_json_that_a_later_part_brings_changes_the_stamps_of_its_folder(source: Path) -> None:
    write_zip(source / FIRST, {"a/x.jpg": b"x", "b/y.jpg": b"y"})
    before = {one.folder: one for one in source_at(source).listings()}
    write_zip(source / SECOND, {"a/x.jpg.json": b"{}"})
    after = {one.folder: one for one in source_at(source).listings()}

    assert [folder for folder in before if before[folder] != after[folder]] == [TREE + b"/a"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\3\4 and no more", "unreadable"),
        (zip_of(b"x.jpg", copies=2), "zip_bomb"),
        (zip_of(b"x.jpg", size=0xF000_0000), "zip_bomb"),
    ],
)
def test_a_zip_that_cannot_be_read_is_named_and_others_go_on(
    source: Path, data: bytes, reason: str
) -> None:
    (source / FIRST).write_bytes(data)
    write_zip(source / "good.zip", {"x.jpg": b"x"})
    export = source_at(source)

    assert reasons(export) == {FIRST.encode(): reason}
    assert b"good.zip/x.jpg" in found_in(export)


def test_nothing_counts_as_gone_while_a_zip_cannot_be_read(source: Path) -> None:
    write_zip(source / SECOND, {"x.jpg": b"x"})
    export = source_at(source)
    found_in(export)
    assert export.shows_all

    (source / FIRST).write_bytes(b"cut short")
    found_in(export)
    assert not export.shows_all


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zip_of(b"x.jpg", flags=1), "encrypted"),
        (zip_of(b"x.jpg", method=9), "unsupported_compression"),
        (zip_of(b"x.jpg", made_by=3, attributes=0o120777 << 16), "link_in_archive"),
        (in_memory({"inner.zip": in_memory({"x.jpg": b"x"})}), "closed_archive"),
        (in_memory({"inner.tar.gz": b"x"}), "closed_archive"),
        (in_memory({"__MACOSX/._x.jpg": b"x"}), "ignored"),
        (in_memory({".DS_Store": b"x"}), "ignored"),
    ],
)
def test_a_member_that_is_not_opened_has_a_reason(source: Path, data: bytes, reason: str) -> None:
    (source / "a.zip").write_bytes(data)

    assert list(reasons(source_at(source)).values()) == [reason]


def test_a_part_in_another_format_is_named(source: Path) -> None:
    (source / "takeout-20240101T000000Z-001.tgz").write_bytes(b"\x1f\x8b")

    assert list(reasons(source_at(source)).values()) == ["closed_archive"]


@pytest.mark.parametrize("name", ["../../x.jpg", "/x.jpg", "C:\\x.jpg", "a/../../../x.jpg"])
def test_a_hostile_name_stays_below_its_zip(source: Path, name: str) -> None:
    (source / "a.zip").write_bytes(zip_of(name.encode()))

    (path,) = found_in(source_at(source))
    assert path.startswith(b"a.zip/")
    assert b".." not in path.split(b"/")
