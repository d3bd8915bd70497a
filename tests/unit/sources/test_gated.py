"""A source behind its gate."""

import os
from pathlib import Path

import pytest

from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    EntryKind,
    FileStamp,
    FolderListing,
    NotYet,
    SourceName,
    SourceSpec,
    Unlistable,
    Unopenable,
)
from picture_pipeline.model.watched import Verdict
from picture_pipeline.sources.folder import FolderSource
from picture_pipeline.sources.gated import GatedSource

STAMP = FileStamp(1, 2, 3, 4)
PICTURE = Entry(b"a.jpg", EntryKind.FILE, STAMP)


@pytest.fixture
def folder(tmp_path: Path) -> FolderSource:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.jpg").write_bytes(b"x")
    return FolderSource(SourceSpec(SourceName("phone"), os.fsencode(tmp_path)))


def gated(
    folder: FolderSource,
    verdict: Verdict = Verdict.IF_WHOLE,
    folders: tuple[bytes, ...] | None = None,
    *,
    is_same: bool = True,
) -> GatedSource:
    return GatedSource(folder, lambda _place, _stamp: verdict, lambda: is_same, folders)


def test_only_the_folders_that_are_meant_are_listed(folder: FolderSource) -> None:
    listed = [each.folder for each in gated(folder, folders=(b"b",)).listings()]
    assert listed == [b"b"]


def test_where_none_is_named_all_are_listed(folder: FolderSource) -> None:
    assert [each.folder for each in gated(folder).listings()] == [b"", b"a", b"b"]


def test_each_listing_is_whole(folder: FolderSource) -> None:
    (listing,) = gated(folder, folders=(b"a",)).listings()
    assert isinstance(listing, FolderListing)
    assert [entry.name for entry in listing.entries] == [b"1.jpg"]


def test_a_folder_that_is_gone_cannot_be_listed(folder: FolderSource) -> None:
    (listing,) = gated(folder, folders=(b"gone",)).listings()
    assert isinstance(listing, Unlistable)


def test_when_the_volume_dropped_out_no_listing_is_believed(folder: FolderSource) -> None:
    with pytest.raises(UsageError):
        next(gated(folder, is_same=False).listings())


def test_a_file_that_waits_is_not_yet_to_be_taken(folder: FolderSource) -> None:
    assert isinstance(gated(folder, Verdict.WAIT).classify(b"a", PICTURE), NotYet)


@pytest.mark.parametrize(
    ("verdict", "whole_only"), [(Verdict.IF_WHOLE, True), (Verdict.AS_IT_IS, False)]
)
def test_a_file_that_stood_still_is_offered(
    folder: FolderSource, verdict: Verdict, *, whole_only: bool
) -> None:
    found = gated(folder, verdict).classify(b"a", PICTURE)
    assert isinstance(found, Candidate)
    assert found.whole_only is whole_only


def test_what_is_never_opened_needs_no_gate(folder: FolderSource) -> None:
    found = gated(folder, Verdict.WAIT).classify(b"a", Entry(b"x.part", EntryKind.FILE, STAMP))
    assert isinstance(found, Unopenable)
