"""Files that are cut short: archived, flagged, listed, and given up for the whole one."""

import os
from itertools import permutations
from pathlib import Path

import pytest

from libraries import Library
from pictures import jpeg, photo, write

WHOLE = photo(1, taken="2024:03:15 10:11:12")
CUT = WHOLE[: len(WHOLE) * 2 // 3]


def test_a_file_cut_short_is_archived_and_listed(library: Library) -> None:
    report = library.arrive({"a.JPG": CUT, "b.JPG": jpeg(2)})
    assert report["imported"] == 2
    assert "incomplete" in [w["reason"] for w in report["warnings"]]  # type: ignore[attr-defined]  # JSON
    assert [one["original_name"] for one in library.listed("--incomplete")] == ["a.JPG"]
    assert library.shown("a.JPG")["incomplete"] is True
    assert library.storage.here("storage-stats", "--json").json["incomplete"] == 1


def test_the_whole_file_at_the_same_path_supersedes_it(library: Library) -> None:
    library.arrive({"a.JPG": CUT})
    (cut,) = library.listed()
    library.arrive({"a.JPG": WHOLE})
    whole = library.shown("a.JPG")
    assert library.listed("--incomplete") == []
    assert library.assets() == {frozenset({("a.JPG", "primary"), ("a.JPG", "superseded")})}
    assert whole["asset"]["id"] == cut["digest"]  # type: ignore[index]  # JSON
    assert (library.storage.archive / cut["path"]).read_bytes() == CUT


def test_a_whole_file_that_the_archive_knows_already_supersedes_too(library: Library) -> None:
    library.arrive({"a.JPG": CUT, "elsewhere/x.JPG": WHOLE})
    assert library.arrive({"a.JPG": WHOLE})["duplicate"] == 1
    assert library.listed("--incomplete") == []
    assert {("a.JPG", "superseded"), ("x.JPG", "primary")} in library.assets()


def test_another_picture_at_the_path_supersedes_nothing(library: Library) -> None:
    library.arrive({"a.JPG": CUT})
    library.arrive({"a.JPG": photo(9, taken="2025:01:01 00:00:00")})
    assert len({one["asset"] for one in library.listed()}) == 2
    assert len(library.listed("--incomplete")) == 1


def test_the_whole_file_at_another_path_supersedes_nothing(library: Library) -> None:
    library.arrive({"a.JPG": CUT})
    library.arrive({"b.JPG": WHOLE})
    assert len(library.listed("--incomplete")) == 1


def test_metadata_rewritten_in_place_make_a_revision(library: Library) -> None:
    """As icloudpd does: other EXIF, the modification time put back."""
    name = library.folder / "a.JPG"
    library.arrive({"a.JPG": photo(1, taken="2024:03:15 10:11:12")})
    before = name.stat()
    write(name, photo(1, taken="2024:03:15 10:11:12", make="Rewritten"))
    os.utime(name, ns=(before.st_atime_ns, before.st_mtime_ns))
    library.arrive({})
    assert library.assets() == {frozenset({("a.JPG", "primary"), ("a.JPG", "revision")})}


def test_other_pictures_at_a_path_are_other_assets(library: Library) -> None:
    library.arrive({"a.JPG": jpeg(1)})
    library.arrive({"a.JPG": jpeg(2)})
    assert library.assets() == {frozenset({("a.JPG", "primary")})}
    assert len({one["asset"] for one in library.listed()}) == 2


def test_back_to_the_first_version_changes_nothing(library: Library) -> None:
    first, second = jpeg(1), photo(1, taken="2024:03:15 10:11:12")
    library.arrive({"a.JPG": first})
    library.arrive({"a.JPG": second})
    before = library.assets()
    assert library.arrive({"a.JPG": first})["duplicate"] == 1
    assert library.assets() == before


def test_a_truncated_heic_of_the_corpus_is_found(corpus: Path, library: Library) -> None:
    data = next(corpus.rglob("IMG_7943.HEIC")).read_bytes()
    library.arrive({"cut.HEIC": data[: len(data) // 2], "whole.HEIC": data})
    assert [one["original_name"] for one in library.listed("--incomplete")] == ["cut.HEIC"]


def test_a_download_that_goes_on_over_several_imports_leaves_nothing_behind(
    library: Library,
) -> None:
    for length in (len(WHOLE) // 3, len(WHOLE) // 2, len(WHOLE) * 2 // 3):
        library.arrive({"a.JPG": WHOLE[:length]})
        assert len(library.listed("--incomplete")) == 1
    library.arrive({"a.JPG": WHOLE})
    assert library.listed("--incomplete") == []
    (members,) = library.assets()
    assert members == {("a.JPG", "primary"), ("a.JPG", "superseded")}
    assert len(library.listed()) == 4


@pytest.mark.parametrize("order", [o for o in permutations(range(3)) if o.index(1) < o.index(2)])
def test_the_cut_half_of_a_live_photo_gives_way_whatever_the_order(
    corpus: Path, library: Library, order: tuple[int, ...]
) -> None:
    """Its index stands at the end, so that the cut one does not know its still."""
    video = next(corpus.rglob("leiden.mov")).read_bytes()
    steps = [
        {"leiden.HEIC": next(corpus.rglob("leiden.HEIC")).read_bytes()},
        {"leiden.MOV": video[: len(video) // 2]},
        {"leiden.MOV": video},
    ]
    for number in order:
        library.arrive(steps[number])
    assert library.listed("--incomplete") == []
    assert library.assets() == {
        frozenset(
            {("leiden.HEIC", "primary"), ("leiden.MOV", "live_video"), ("leiden.MOV", "superseded")}
        )
    }


def test_a_tie_takes_nothing_of_what_a_sidecar_said(library: Library) -> None:
    """Versions take turns at the path: the one before keeps the rating it was given."""
    sidecar = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        b'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>'
    )
    library.arrive({"a.JPG": CUT, "a.JPG.xmp": sidecar})
    (cut,) = library.listed("--incomplete")
    for data in (WHOLE, CUT, WHOLE):  # the last time, no asset changes any more
        library.arrive({"a.JPG": data})
    shown = library.storage.here("show", cut["digest"], "--json").json
    assert (shown["superseded_by"] is not None, shown["rating"]) == (True, 4)
