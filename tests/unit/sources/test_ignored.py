"""Litter and other programs' own files are known by name; nothing else is taken for it."""

import pytest

from picture_pipeline.sources.ignored import is_ignored_file, lies_in_ignored_folder


@pytest.mark.parametrize(
    "name",
    [
        *(b".DS_Store", b"._IMG_1.JPG", b"Thumbs.db", b"thumbs.DB", b"IMG_1.HEIC.part"),
        *(b"x.crdownload", b".syncthing.IMG_1.JPG.tmp", b"SYNOPHOTO_THUMB_XL.jpg"),
        *(b".nfs000000000001", b"desktop.ini"),
    ],
)
def test_litter_is_ignored(name: bytes) -> None:
    assert is_ignored_file(name)


@pytest.mark.parametrize(
    "name",
    [
        *(b"IMG_1.JPG", b"part.jpg", b"tmp.jpg", b"x.part.jpg", b"_IMG_1.JPG", b".hidden.jpg"),
        *(b"\xff.jpg", b"Thumbs.db.jpg", b"a\n.part.jpg"),
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
    ],
)
def test_what_lies_below_a_folder_of_litter_is_ignored(folder: bytes) -> None:
    assert lies_in_ignored_folder(folder)


@pytest.mark.parametrize("folder", [b"", b"2024", b"2024/eaDir", b"recycle", b"thumbs"])
def test_other_folders_are_looked_into(folder: bytes) -> None:
    assert not lies_in_ignored_folder(folder)
