"""What every source promises; see ``ports.Source``."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FolderListing,
    SourceName,
    SourceSpec,
    Unlistable,
    Unopenable,
)
from picture_pipeline.ports import Source
from picture_pipeline.ports.watching import ListableSource
from picture_pipeline.sources.folder import FolderSource
from picture_pipeline.sources.icloud_takeout import icloud_notes
from picture_pipeline.sources.iphone_usb import PhoneSource
from picture_pipeline.sources.kinds import KINDS
from picture_pipeline.sources.takeout import takeout_notes
from picture_pipeline.sources.telling import TellingSource
from picture_pipeline.sources.zips import ZipsSource
from pictures import jpeg, write
from zips import write_zip

FILES = {
    "DCIM/100APPLE/IMG_0001.JPG": jpeg(1),
    "DCIM/100APPLE/IMG_0002.JPG": jpeg(2),
    "DCIM/101APPLE/IMG_0003.JPG": jpeg(3),
    "DCIM/101APPLE/IMG_0004.JPG.part": jpeg(4)[:99],
    "IMG_0005.JPG": jpeg(5),
}
"""What each source here holds; ``.part`` is unfinished."""
Make = Callable[[Path], Source]


def spec_of(root: Path, kind: str) -> SourceSpec:
    return SourceSpec(SourceName("here"), os.fsencode(root), kind)


def folder_of_kind(kind: str) -> Make:
    row = KINDS[kind]
    return lambda root: FolderSource(spec_of(root, kind), None, frozenset(), row.rules, row.albums)


def phone(root: Path) -> Source:
    spec = SourceSpec(SourceName("usb:1"), b"usb:1", "iphone_usb")
    return PhoneSource(spec, FolderSource(spec_of(root, "iphone_usb")))


def unpacked_export(root: Path) -> Source:
    zips = ZipsSource(FolderSource(spec_of(root, "takeout")))
    return TellingSource(zips, zips, takeout_notes)


def zipped_export(root: Path) -> Source:
    path = write_zip(root.with_name("export.zip"), FILES)
    zips = ZipsSource(FolderSource(spec_of(path, "icloud_takeout")))
    return TellingSource(zips, zips, icloud_notes)


FOLDER_KINDS = (
    "folder",
    "icloudpd",
    "camera",
    "iphone",
    "immich",
    "synology",
    "photosync",
    "rsync",
)
MAKERS: dict[str, Make] = {
    **{kind: folder_of_kind(kind) for kind in FOLDER_KINDS},
    "phone": phone,
    "unpacked export": unpacked_export,
    "zipped export": zipped_export,
}


@pytest.fixture(params=MAKERS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    """Give each source in turn, with the same files in it."""
    root = tmp_path / "source"
    for name, data in FILES.items():
        write(root / name, data)
    return MAKERS[request.param](root)


@pytest.fixture
def listable(source: Source) -> ListableSource:
    """Give the sources that list a single folder; those with zips only know their whole tree."""
    if not isinstance(source, ListableSource):
        pytest.skip("lists its whole tree only")
    return source


def listed(source: Source) -> list[FolderListing]:
    return [each for each in source.listings() if isinstance(each, FolderListing)]


def entries(source: Source) -> list[tuple[bytes, Entry]]:
    return [(each.folder, entry) for each in listed(source) for entry in each.entries]


def path(folder: bytes, name: bytes) -> str:
    return os.fsdecode(folder + b"/" + name if folder else name)


def test_every_file_comes_exactly_once(source: Source) -> None:
    assert sorted(path(folder, entry.name) for folder, entry in entries(source)) == sorted(FILES)


def test_every_folder_comes_once_and_in_the_same_order_again(source: Source) -> None:
    folders = [each.folder for each in listed(source)]

    assert len(set(folders)) == len(folders)
    assert [each.folder for each in listed(source)] == folders


def test_names_come_in_the_order_of_their_bytes(source: Source) -> None:
    for listing in listed(source):
        names = [entry.name for entry in listing.entries]
        assert names == sorted(names)


def test_what_did_not_change_has_the_same_stamps(source: Source) -> None:
    assert listed(source) == listed(source)


def test_a_stamp_tells_the_size(source: Source) -> None:
    sizes = {path(folder, entry.name): entry.stamp.size for folder, entry in entries(source)}

    assert sizes == {name: len(data) for name, data in FILES.items()}


def test_pictures_are_candidates_at_their_places(source: Source) -> None:
    found = [source.classify(folder, entry) for folder, entry in entries(source)]
    candidates = [each for each in found if isinstance(each, Candidate)]

    assert {os.fsdecode(each.path) for each in candidates} == {
        name for name in FILES if name.endswith(".JPG")
    }
    stamps = {(folder, entry.name): entry.stamp for folder, entry in entries(source)}
    assert all(stamps[each.folder, each.name] == each.stamp for each in candidates)


def test_unfinished_files_are_never_opened(source: Source) -> None:
    found = [source.classify(folder, entry) for folder, entry in entries(source)]
    refused = [each for each in found if isinstance(each, Unopenable)]

    assert [(each.name, each.reason) for each in refused] == [(b"IMG_0004.JPG.part", "ignored")]
    assert refused[0].detail


def test_a_folder_that_cannot_be_listed_is_told(listable: ListableSource) -> None:
    gone = listable.list_one(b"nowhere")[0]

    assert isinstance(gone, Unlistable)
    assert gone.folder == b"nowhere"


def test_single_folders_are_listed_as_in_the_walk(listable: ListableSource) -> None:
    alone = [listable.list_one(each.folder)[0] for each in listed(listable)]

    assert alone == listed(listable)


def test_it_knows_who_it_is(source: Source) -> None:
    assert source.spec.kind in KINDS
    assert source.shows_all
