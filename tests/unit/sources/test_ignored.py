"""Litter and other programs' own files are known by name; nothing else is taken for it."""

import pytest

from picture_pipeline.sources.ignored import (
    GENERAL,
    IMMICH,
    SYNOLOGY,
    is_ignored_file,
    lies_in_ignored_folder,
)
from picture_pipeline.sources.kinds import KINDS

ID = b"0b9f3f4e-8a55-4c1b-9d2e-2f8a6b1c7d10"
LIBRARY = b"/nas/Anna.photoslibrary"


@pytest.mark.parametrize(
    "name",
    [
        *(b".DS_Store", b"._IMG_1.JPG", b"Thumbs.db", b"thumbs.DB", b"IMG_1.HEIC.part"),
        *(b"x.crdownload", b".syncthing.IMG_1.JPG.tmp", b"SYNOPHOTO_THUMB_XL.jpg"),
        *(b".nfs000000000001", b"desktop.ini", b".IMG_1.JPG.a1B2c3", b".name.XXXXXX"),
        *(b".immich", b".mounted", b"x.jpg_original", b"IMG_1.JPG_exiftool_tmp", b"00000.MPL"),
        *(b"00001.cpi", b"INDEX.BDM", b"~syncthing~a.jpg.tmp", b"a.jpg.partial", b".nomedia"),
        *(b"SYNOFILE_THUMB_M.png", b"SYNOINDEX_MEDIA_INFO", b"a.digikamtempfile.jpg"),
    ],
)
def test_litter_is_ignored(name: bytes) -> None:
    assert is_ignored_file(name)


@pytest.mark.parametrize(
    "name",
    [
        *(b"IMG_1.JPG", b"part.jpg", b"tmp.jpg", b"x.part.jpg", b"_IMG_1.JPG", b".hidden.jpg"),
        *(b"\xff.jpg", b"Thumbs.db.jpg", b"a\n.part.jpg", b"my desktop.ini", b"IMG_1.JPG.a1B2c3"),
        *(b".IMG_1.JPEG", b"original.jpg", b"x_original.jpg", b"C0001M01.XML", b"00001.MTS"),
    ],
)
def test_pictures_are_not(name: bytes) -> None:
    assert not is_ignored_file(name)


@pytest.mark.parametrize(
    "folder",
    [
        b"@eaDir",
        b"2024/@eaDir/IMG_1.JPG",
        b"#recycle",
        b".Trash-1000/files",
        b"a/.GIT",
        b"x.lrdata",
        b"Recently Deleted",
        b"Lightroom Catalog/previews",
        b"DCIM/.MISC",
        b".~tmp~",
        b"PRIVATE/M4ROOT/THMBNL",
        b"#snapshot/GMT-2024",
        b".Trashes/501",
    ],
)
def test_what_lies_below_a_folder_of_litter_is_ignored(folder: bytes) -> None:
    assert lies_in_ignored_folder(folder)


@pytest.mark.parametrize("folder", [b"", b"2024", b"2024/eaDir", b"recycle", b"thumbs"])
def test_other_folders_are_looked_into(folder: bytes) -> None:
    assert not lies_in_ignored_folder(folder)


@pytest.mark.parametrize(
    ("root", "folder"),
    [
        (LIBRARY, b""),
        (LIBRARY, b"resources/derivatives/0"),
        (LIBRARY, b"database"),
        (LIBRARY, b"scopes/cloudsharing/data"),
        (b"/nas", b"Anna.photoslibrary/resources/renders"),
        (b"/nas/pictures", b"mac/Old.PHOTOSLIBRARY/Thumbnails"),
        (LIBRARY + b"/resources", b"renders"),
        (b"/nas/immich", b"thumbs/" + ID + b"/aa/bb"),
        (b"/nas", b"docker/immich/encoded-video/" + ID + b"/aa/bb"),
        (b"/nas/immich/thumbs", ID + b"/aa/bb"),
        (b"/nas/immich/profile/" + ID, b""),
        (b"/card", b"PRIVATE/M4ROOT/SUB"),
    ],
)
def test_what_programs_and_cameras_derive_is_ignored_in_every_source(
    root: bytes, folder: bytes
) -> None:
    assert all(row.rules.why_not(root, folder, b"a.jpg") for row in KINDS.values())


@pytest.mark.parametrize(
    ("root", "folder"),
    [
        (LIBRARY, b"originals/0"),
        (LIBRARY, b"Masters/2014/05/04"),
        (LIBRARY + b"/originals", b"F"),
        (b"/nas", b"Anna.photoslibrary/originals/0"),
        (b"/nas/thumbs", b"norway"),
        (b"/nas", b"profile/pictures"),
        (b"/card", b"PRIVATE/M4ROOT/CLIP"),
        (b"/card", b"PRIVATE/AVCHD/BDMV/STREAM"),
        (b"/nas/#recycle", b"named by the person"),
    ],
)
def test_originals_are_not(root: bytes, folder: bytes) -> None:
    assert GENERAL.why_not(root, folder, b"a.jpg") is None


@pytest.mark.parametrize(
    ("root", "folder"),
    [
        (b"/nas/immich", b"thumbs/anna/aa/bb"),
        (b"/nas/immich", b"backups"),
        (b"/nas/immich/encoded-video", b"anna/aa"),
        (b"/nas/immich/profile", b""),
        (b"/nas", b"immich/thumbs/anna"),
    ],
)
def test_what_immich_makes_is_ignored_at_every_level(root: bytes, folder: bytes) -> None:
    assert IMMICH.why_not(root, folder, b"a.webp")


@pytest.mark.parametrize(
    ("root", "folder"),
    [
        (b"/nas/immich", b"library/anna/2024/2024-03-15"),
        (b"/nas/immich", b"upload/" + ID + b"/aa/bb"),
        (b"/nas/immich", b"library/anna/backups"),
        (b"/nas/immich/library", b"anna/thumbs"),
        (b"/nas/backups", b"library/anna"),
        (b"/nas/backups", b"upload"),
    ],
)
def test_what_people_keep_in_immich_is_not(root: bytes, folder: bytes) -> None:
    assert IMMICH.why_not(root, folder, b"a.jpg") is None


@pytest.mark.parametrize("name", [b"a.jpg@SynoEAStream", b"a.jpg@SynoResource"])
def test_a_synology_folder_has_rules_of_its_own(name: bytes) -> None:
    assert SYNOLOGY.why_not(b"/nas", b"", name)
    assert GENERAL.why_not(b"/nas", b"", name) is None


def test_people_are_told_what_a_copy_of_exiftools_is() -> None:
    told = GENERAL.why_not(b"/nas", b"2024", b"a.jpg_original")

    assert told
    assert "before it was edited" in told
