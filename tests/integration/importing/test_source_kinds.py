"""Each kind of source, with its real names: what is taken, what is left, what is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from installed import Said, Storage
from pictures import jpeg, photo, write

ID = "0b9f3f4e-8a55-4c1b-9d2e-2f8a6b1c7d10"


@dataclass(frozen=True, slots=True)
class Layout:
    """Files of a source: each with a picture of its own in it."""

    kind: str
    root: str
    """Where it is imported from, below the test's folder."""
    kept: tuple[str, ...]
    ignored: tuple[str, ...]


LAYOUTS = [
    Layout(
        "icloudpd",
        "alice",
        (
            *("2024/03/15/IMG_0001.JPG", "2024/03/15/IMG_0001-adjusted.JPG"),
            *("2024/03/16/IMG_0001-2369959.JPG", "2024/03/16/IMG_0002_QVkvNGJ.JPG"),
        ),
        ("2024/03/16/AHT2BQK3XZLMNOPQRSTUVWXYZ234567A.part", ".mounted"),
    ),
    Layout(
        "synology",
        "photo",
        ("Norway/a.jpg", "b.jpg"),
        (
            *("@eaDir/b.jpg/SYNOPHOTO_THUMB_XL.jpg", "Norway/@eaDir/a.jpg@SynoEAStream"),
            *("#recycle/c.jpg", "#snapshot/GMT-1/a.jpg", "Thumbs.db", "SYNOFILE_THUMB_M.jpg"),
        ),
    ),
    Layout(
        "photosync",
        "PhotoSync",
        ("Anna's iPhone/Recents/IMG_1.JPG", "Anna's iPhone/Holiday/IMG_2.JPG"),
        ("Anna's iPhone/Recents/._IMG_1.JPG",),
    ),
    Layout(
        "iphone",
        "phone",
        ("DCIM/100APPLE/IMG_0001.JPG", "DCIM/100APPLE/IMG_E0001.JPG", "DCIM/202401_a/IMG_1.JPG"),
        ("DCIM/.MISC/x.jpg",),
    ),
    Layout(
        "camera",
        "card",
        ("DCIM/100CANON/IMG_0001.JPG", "DCIM/100GOPRO/GOPR0001.JPG", "DCIM/100GOPRO/GOPR0001.THM"),
        (
            *("PRIVATE/M4ROOT/THMBNL/C0001T01.JPG", "PRIVATE/M4ROOT/SUB/C0001S03.MP4"),
            *("PRIVATE/AVCHD/BDMV/INDEX.BDM", "PRIVATE/AVCHD/BDMV/CLIPINF/00001.CPI"),
            *("PRIVATE/AVCHD/BDMV/PLAYLIST/00000.MPL", ".Trashes/x.jpg"),
        ),
    ),
    Layout(
        "immich",
        "immich",
        ("library/admin/2024/2024-03-15/IMG_1+1.jpg", f"upload/{ID}/0b/9f/{ID}.jpg"),
        (
            *("library/.immich", "upload/.immich", "thumbs/.immich"),
            *(f"thumbs/{ID}/aa/bb/x-preview.jpeg", f"encoded-video/{ID}/aa/bb/x-MP.mp4"),
            *(f"profile/{ID}/x.jpg", "backups/x.jpg"),
        ),
    ),
    Layout("immich", "immich/thumbs", (), (".immich", f"{ID}/aa/bb/x-preview.jpeg")),
    Layout("immich", "immich/library", ("admin/backups/IMG_1.jpg",), (".immich",)),
    Layout(
        "apple_photos",
        "Anna.photoslibrary",
        ("originals/0/0A1B.jpg", "originals/F/FA1B.jpg"),
        (
            *("resources/derivatives/0/0A1B_1.jpg", "database/Photos.jpg", "x.jpg"),
            "scopes/cloudsharing/data/y.jpg",
        ),
    ),
    Layout(
        "folder",
        "mac",
        ("Holiday/a.jpg", "Old.photoslibrary/Masters/2014/a.jpg"),
        (
            *("Old.photoslibrary/Thumbnails/a.jpg", "Recently Deleted/a.jpg"),
            *("Holiday/a.jpg_original", "Holiday/b.jpg.partial", "Lightroom Catalog/x.jpg"),
            f"docker/immich/thumbs/{ID}/aa/bb/x-thumbnail.jpg",
        ),
    ),
    Layout("rsync", "in", ("a.jpg", "2024/b.jpg"), (".c.jpg.Xy12Zz", "2024/.~tmp~/d.jpg")),
]


def lay(folder: Path, layout: Layout) -> Path:
    """Write a layout's files; gives its root."""
    for number, name in enumerate((*layout.kept, *layout.ignored)):
        write(folder / layout.root / name, jpeg(number))
    return folder / layout.root


def ignored(said: Said, root: Path) -> set[str]:
    refused = [p for p in said.json["problems"] if p["reason"] == "ignored"]
    return {str(Path(problem["path"]).relative_to(root)) for problem in refused}


def albums(storage: Storage, name: str) -> list[str]:
    listed = storage.here("list", "--json").lines
    digest = next(one["digest"] for one in listed if one["original_name"] == name)
    shown: Mapping[str, list[str]] = storage.here("show", str(digest), "--json").json
    return shown["albums"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=[each.root for each in LAYOUTS])
def test_a_source_is_recognised_and_its_pictures_taken(
    storage: Storage, tmp_path: Path, layout: Layout
) -> None:
    root = lay(tmp_path, layout)

    said = storage.here("import", "--json", root)

    (source,) = said.json["sources"]
    assert (said.status, source["kind"], source["recognised"]) == (0, layout.kind, True)
    assert said.json["imported"] == len(layout.kept)
    assert ignored(said, root) == set(layout.ignored)


def test_people_are_told_what_was_recognised_and_why(storage: Storage, tmp_path: Path) -> None:
    root = lay(tmp_path, LAYOUTS[3])

    said = storage.here("import", root)

    assert "recognised as an iPhone's DCIM (DCIM holds 100APPLE)" in said.err


def test_the_person_overrules_what_was_recognised(storage: Storage, source: Path) -> None:
    write(source / "DCIM/100APPLE/IMG_0001.JPG", jpeg(1))

    said = storage.here("import", "--json", "--source", "folder", source)

    (told,) = said.json["sources"]
    assert (told["kind"], told["recognised"], told["confidence"]) == ("folder", False, 1.0)


def test_a_kind_that_nobody_knows_is_refused_with_those_that_there_are(
    storage: Storage, source: Path
) -> None:
    said = storage.here("import", "--source", "icloud", source)

    assert (said.status, said.out) == (2, b"")
    assert "icloudpd" in said.err
    assert "photosync" in said.err


def test_a_configured_kind_wins(storage: Storage, source: Path) -> None:
    write(source / "DCIM/100APPLE/IMG_0001.JPG", jpeg(1))
    configured = f"[{{name: phone, path: {source}, kind: camera}}]"

    said = storage.given(PICTURE_PIPELINE_STORAGE__SOURCES=configured).here(
        "import", "--json", "phone"
    )

    assert [(one["name"], one["kind"]) for one in said.json["sources"]] == [("phone", "camera")]


def test_the_method_of_sync_tells_what_fills_the_watched_folder(
    storage: Storage, source: Path
) -> None:
    write(source / "a.jpg", jpeg(1))
    watching = storage.given(
        PICTURE_PIPELINE_STORAGE__SYNC__WATCH_PATH=str(source),
        PICTURE_PIPELINE_STORAGE__SYNC__METHOD="docker-icloud",
    )

    assert watching.here("import", "--json", "watch").json["sources"][0]["kind"] == "icloudpd"


def test_a_folder_that_is_of_another_kind_now_is_looked_at_by_other_rules(
    storage: Storage, source: Path
) -> None:
    write(source / "backups" / "a.jpg", jpeg(1))
    first = storage.here("import", "--json", "--source", "immich", source)
    assert (first.json["imported"], first.json["rejected"]) == (0, 1)

    then = storage.here("import", "--json", "--source", "folder", source)

    assert (then.json["imported"], then.json["rejected"]) == (1, 0)


def test_a_copy_for_each_album_is_one_original_in_all_these_albums(
    storage: Storage, source: Path
) -> None:
    for album in ("Recents", "Holiday", "Best of 2024"):
        write(source / "Anna's iPhone" / album / "IMG_1.JPG", jpeg(1))

    said = storage.here("import", "--json", source)

    assert (said.json["imported"], said.json["duplicate"]) == (1, 2)
    assert sorted(albums(storage, "IMG_1.JPG")) == ["Best of 2024", "Holiday"]


def test_albums_are_told_also_of_what_was_taken_as_a_plain_folder_before(
    storage: Storage, source: Path
) -> None:
    write(source / "Anna's iPhone" / "Holiday" / "IMG_1.JPG", jpeg(1))
    storage.here("import", "--source", "folder", source)
    assert albums(storage, "IMG_1.JPG") == []

    first, second = (storage.here("import", "--json", source).json for _ in range(2))

    assert (first["duplicate"], second["skipped"]) == (1, 1)
    assert albums(storage, "IMG_1.JPG") == ["Holiday"]


XML_DOC = b"""<?xml version="1.0" encoding="UTF-8"?>
<x:xml_doc xmlns:x="adobe:ns:meta/" x:xmptk="icloudpd 1.32.2+abcdef"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:RDF>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>By the sea</dc:title><dc:description>All of us</dc:description>
<dc:subject><rdf:Seq><rdf:li>sea</rdf:li><rdf:li>family</rdf:li></rdf:Seq></dc:subject>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/">
<exif:GPSLatitude>47.5</exif:GPSLatitude><exif:GPSLongitude>-11.25</exif:GPSLongitude>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<xmp:Rating>5</xmp:Rating></rdf:Description>
</rdf:RDF></x:xml_doc>
"""


def test_the_odd_xmp_of_icloudpd_tells_of_its_picture(storage: Storage, source: Path) -> None:
    folder = source / "2024" / "03" / "15"
    write(folder / "IMG_0001.JPG", photo(1, taken="2024:03:15 10:11:12"))
    write(folder / "IMG_0001.JPG.xmp", XML_DOC)

    said = storage.here("import", "--json", source)

    assert (said.status, said.json["imported"]) == (0, 2)
    listed = storage.here("list", "--json").lines
    digest = next(one["digest"] for one in listed if one["original_name"] == "IMG_0001.JPG")
    shown = storage.here("show", str(digest), "--json").json
    assert (shown["title"], shown["caption"], shown["rating"]) == ("By the sea", "All of us", 5)
    assert (shown["gps"]["latitude"], shown["gps"]["longitude"]) == (47.5, -11.25)
    assert sorted(shown["keywords"]) == ["family", "sea"]
