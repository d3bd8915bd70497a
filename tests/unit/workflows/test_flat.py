"""From metadata to the stored original and back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from picture_pipeline.model.candidate import Candidate, SourceName
from picture_pipeline.model.digest import Checksums
from picture_pipeline.model.inspected import InspectJob, Staged
from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.metadata import (
    Capture,
    Exposure,
    Gps,
    Metadata,
    OffsetFrom,
    Recording,
    TakenFrom,
)
from picture_pipeline.model.told import Told
from picture_pipeline.workflows.flat import flatten, metadata_of, name_of
from samples import FIRST, digest_of, stamp_of

NAIVE = datetime(2024, 3, 15, 10, 11, 12, 705_000)  # noqa: DTZ001 - wall time
LOCAL = NAIVE.replace(tzinfo=timezone(timedelta(hours=1)))
FULL = Metadata(
    capture=Capture(LOCAL, TakenFrom.EXIF_ORIGINAL, "705", OffsetFrom.GPS_TIME),
    make="Apple",
    exposure=Exposure(1 / 125, 1.5, 50, 5.7, 26),
    orientation=6,
    width=4032,
    height=3024,
    gps=Gps(47.26, 11.39, 574.0, 4.7, datetime(2024, 3, 15, 9, 11, 12, tzinfo=UTC)),
    rating=-1,
    keywords=("b", "a"),
    tags=("A/B",),
    duration=1.5,
    recording=Recording("hevc", 29.97, "aac"),
    motion_photo=True,
    favourite=False,
    hidden=True,
    albums=("Sea",),
    people=("Anna",),
    stack="s-1",
    notes=("gps: 0, 0",),
)


def staged(metadata: Metadata, incomplete: str | None = None) -> Staged:
    checksums = Checksums(digest_of(1), "1" * 40, "5" * 32)
    media_type = MediaType("video/quicktime", "mov", Family.VIDEO)
    return Staged(checksums, stamp_of(1), media_type, metadata, (), incomplete=incomplete)


JOB = InspectJob(
    "t", SourceName("camera"), b"/srv", Candidate(b"DCIM", b"IMG_1.MOV", stamp_of(1)), FIRST
)


@pytest.mark.parametrize(
    "metadata",
    [
        FULL,
        Metadata(Capture(NAIVE, TakenFrom.NAME)),
        Metadata(Capture(LOCAL.astimezone(UTC), TakenFrom.QUICKTIME_UTC)),
        replace(FULL, gps=Gps(0.0, 11.39), recording=None, keywords=()),
    ],
)
def test_what_is_stored_gives_the_metadata_back(metadata: Metadata) -> None:
    assert metadata_of(flatten(JOB, staged(metadata), "path")) == metadata


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (None, b"IMG_1.MOV"),
        ("", b"IMG_1.MOV"),
        ("../", b"IMG_1.MOV"),
        ("Réveil.mov", "Réveil.mov".encode()),
        ("/etc/a\0.mov", b"a.mov"),
        ("a\ud800", b"a?"),
    ],
)
def test_the_source_may_know_a_files_own_name(told: str | None, name: bytes) -> None:
    candidate = replace(JOB.candidate, told=Told(original_name=told))
    assert name_of(candidate) == name
    assert flatten(replace(JOB, candidate=candidate), staged(FULL), "p").original_name == name


def test_the_family_and_what_is_missing_are_stored() -> None:
    original = flatten(JOB, staged(FULL, "no moov box"), "path")
    assert (original.family, original.incomplete) == ("video", True)
    assert "incomplete: no moov box" in original.notes


def test_utc_is_stored_where_an_offset_is_known() -> None:
    assert flatten(JOB, staged(FULL), "p").taken_at_utc == "2024-03-15T09:11:12.705000Z"
    bare = flatten(JOB, staged(Metadata(Capture(NAIVE, TakenFrom.NAME))), "p")
    assert (bare.taken_at_utc, bare.offset, bare.offset_from) == (None, None, None)
