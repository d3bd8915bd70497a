"""Live Photos, RAW beside JPEG, companions: one asset, whatever the order of arrival."""

import json
from itertools import permutations
from pathlib import Path

import pytest

from installed import Storage
from libraries import Library
from pictures import jpeg, photo

AAE = b'<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict></dict></plist>\n'
TAKEN = "2024:03:15 10:11:12"
SIDECAR = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{}"/></rdf:RDF></x:xmpmeta>"""


def sidecar(rating: int) -> bytes:
    return SIDECAR.format(rating).encode()


def corpus_pair(corpus: Path, *names: str) -> dict[str, bytes]:
    found = {path.name: path for path in corpus.rglob("*") if path.name in names}
    return {name: found[name].read_bytes() for name in names}


@pytest.mark.parametrize(
    "names", [("IMG_7943.HEIC", "IMG_7943_HEVC.MOV"), ("leiden.HEIC", "leiden.mov")]
)
@pytest.mark.parametrize("folders", [("", ""), ("a/", "b/")])
def test_a_live_photo_is_one_asset_in_both_orders(
    corpus: Path, tmp_path: Path, names: tuple[str, str], folders: tuple[str, str]
) -> None:
    files = corpus_pair(corpus, *names)
    still, video = names
    placed = dict(zip(names, folders, strict=True))
    for number, order in enumerate(permutations(names)):
        home = tmp_path / f"{number}"
        library = Library(Storage(home / "home"), home / "phone")
        for name in order:
            library.arrive({placed[name] + name: files[name]})
        assert library.assets() == {frozenset({(still, "primary"), (video, "live_video")})}
        assert library.shown(still)["asset"]["kind"] == "live_photo"  # type: ignore[index]  # JSON
        assert {one["asset"] for one in library.listed()} == {library.shown(order[0])["digest"]}


def test_a_pair_that_arrives_together_lies_in_one_folder(corpus: Path, library: Library) -> None:
    """The video is listed first, and says another day."""
    files = corpus_pair(corpus, "IMG_7943.HEIC", "IMG_7943_HEVC.MOV")
    renamed = {
        "a/IMG_7943.MOV": files["IMG_7943_HEVC.MOV"],
        "a/img_7943.heic": files["IMG_7943.HEIC"],
    }
    library.arrive(renamed)
    (folder,) = {Path(one["path"]).parent for one in library.listed()}
    assert folder.as_posix() == "originals/2026/03/23"


def test_a_companion_follows_its_picture_into_its_day(library: Library) -> None:
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN)})
    library.arrive({"IMG_1.AAE": AAE})
    (folder,) = {Path(one["path"]).parent for one in library.listed()}
    assert folder.as_posix() == "originals/2024/03/15"


def test_a_companion_that_came_earlier_keeps_its_folder(library: Library) -> None:
    library.arrive({"IMG_1.AAE": AAE})
    (before,) = (one["path"] for one in library.listed())
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN)})
    assert before in {one["path"] for one in library.listed()}
    assert library.assets() == {frozenset({("IMG_1.JPG", "primary"), ("IMG_1.AAE", "adjustments")})}


def test_the_assets_id_stands_in_every_members_sidecar(library: Library) -> None:
    library.arrive({"IMG_1.AAE": AAE})
    first = library.shown("IMG_1.AAE")["digest"]
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN)})
    for name in ("IMG_1.AAE", "IMG_1.JPG"):
        assert f"<pp:asset>{first}</pp:asset>" in library.sidecar(name).read_text()


def test_regrouping_leaves_a_sidecar_alone_that_another_program_changed(library: Library) -> None:
    library.arrive({"b.JPG": photo(1, taken=TAKEN), "IMG_E0001.JPG": photo(2, taken=TAKEN)})
    edited = library.sidecar("IMG_E0001.JPG")
    ours = edited.read_text()
    edited.write_text(ours.replace("</rdf:Description>", "<!-- mine --></rdf:Description>"))
    theirs = edited.read_bytes()

    library.arrive({"IMG_0001.JPG": photo(3, taken=TAKEN)})

    assert edited.read_bytes() == theirs
    assert library.shown("IMG_E0001.JPG")["asset"]["members"][0] == {  # type: ignore[index]  # JSON
        "digest": library.shown("IMG_0001.JPG")["digest"],
        "role": "primary",
    }


def test_a_duplicate_elsewhere_can_show_what_belongs_together(library: Library) -> None:
    """The AAE lay alone in a folder until the picture was seen there too."""
    picture = photo(1, taken=TAKEN)
    library.arrive({"a/IMG_1.JPG": picture, "b/IMG_1.AAE": AAE})
    assert len(library.assets()) == 2
    report = library.arrive({"b/IMG_1.JPG": picture})
    assert report["duplicate"] == 1
    assert library.assets() == {frozenset({("IMG_1.JPG", "primary"), ("IMG_1.AAE", "adjustments")})}


def test_a_sidecars_rating_is_the_pictures(library: Library) -> None:
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN), "IMG_1.JPG.xmp": sidecar(4)})
    assert library.shown("IMG_1.JPG")["rating"] == 4
    assert "<xmp:Rating>4</xmp:Rating>" in library.sidecar("IMG_1.JPG").read_text()


def test_a_sidecar_that_comes_later_counts_as_well(library: Library) -> None:
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN)})
    assert library.shown("IMG_1.JPG")["rating"] is None
    library.arrive({"IMG_1.JPG.xmp": sidecar(5)})
    assert library.shown("IMG_1.JPG")["rating"] == 5
    text = library.sidecar("IMG_1.JPG").read_text()
    assert "<xmp:Rating>5</xmp:Rating>" in text
    assert "<pp:revision>2</pp:revision>" in text


def test_a_second_look_at_a_library_changes_nothing(library: Library) -> None:
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN), "IMG_1.JPG.xmp": sidecar(4)})
    sidecars = {path: path.read_bytes() for path in library.storage.archive.rglob("*.xmp")}
    before = library.listed()
    copies = {"copy/IMG_1.JPG": photo(1, taken=TAKEN), "copy/IMG_1.JPG.xmp": sidecar(4)}
    assert library.arrive(copies)["duplicate"] == 2
    assert library.listed() == before
    assert {p: p.read_bytes() for p in library.storage.archive.rglob("*.xmp")} == sidecars


def test_the_list_of_assets_knows_filters(library: Library) -> None:
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN), "IMG_1.AAE": AAE, "x.jpg": jpeg(2)})
    said = library.storage.here("list", "--assets", "--type", "application", "--json")
    (asset,) = said.lines
    assert asset["original_name"] == "IMG_1.JPG"
    assert "adjustments" in library.storage.here("list", "--assets").text


def test_a_sidecar_that_is_rewritten_in_place_has_the_last_word(library: Library) -> None:
    """As icloudpd does in every run; whichever digest comes first."""
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN), "IMG_1.JPG.xmp": sidecar(5)})
    for rating in (3, 1, 4, 2):
        library.arrive({"IMG_1.JPG.xmp": sidecar(rating)})
        assert library.shown("IMG_1.JPG")["rating"] == rating


def test_a_sidecar_that_is_put_back_has_the_last_word_again(library: Library) -> None:
    library.arrive({"IMG_1.JPG": photo(1, taken=TAKEN), "IMG_1.JPG.xmp": sidecar(5)})
    library.arrive({"IMG_1.JPG.xmp": sidecar(3)})
    assert library.arrive({"IMG_1.JPG.xmp": sidecar(5)})["duplicate"] == 1
    assert library.shown("IMG_1.JPG")["rating"] == 5


def test_an_edit_without_a_capture_time_is_known_by_its_name(library: Library) -> None:
    library.arrive({"IMG_0001.JPG": photo(1, taken=TAKEN), "IMG_E0001.JPG": jpeg(2)})
    assert library.assets() == {
        frozenset({("IMG_0001.JPG", "primary"), ("IMG_E0001.JPG", "edited")})
    }


def test_accents_may_be_composed_either_way(library: Library) -> None:
    library.arrive({"Caf\u00e9.JPG": photo(1, taken=TAKEN), "Cafe\u0301.AAE": AAE})
    (members,) = library.assets()
    assert {role for _, role in members} == {"primary", "adjustments"}


def test_a_position_from_takeout_tells_the_offset(library: Library) -> None:
    told = {
        "title": "IMG_1.JPG",
        "photoTakenTime": {"timestamp": "1710494000"},
        "geoData": {"latitude": 48.858, "longitude": 2.29, "altitude": 35.0},
    }
    picture = photo(1, taken=TAKEN)
    library.arrive({"IMG_1.JPG": picture, "IMG_1.JPG.json": json.dumps(told).encode()})
    shown = library.shown("IMG_1.JPG")
    assert (shown["offset"], shown["offset_from"]) == ("+01:00", "gps_position")
    assert shown["taken_at_utc"] == "2024-03-15T09:11:12Z"
