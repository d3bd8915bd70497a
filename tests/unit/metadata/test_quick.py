"""The quick metadata beside the thumbnails."""

import json
from datetime import UTC, datetime, timedelta, timezone

from picture_pipeline.metadata.formats import JPEG
from picture_pipeline.metadata.quick import SCHEMA, quick_metadata
from picture_pipeline.model.digest import Checksums, Digest
from picture_pipeline.model.metadata import (
    Capture,
    Exposure,
    Gps,
    Metadata,
    OffsetFrom,
    Recording,
    TakenFrom,
)

CHECKSUMS = Checksums(Digest("a" * 64), "b" * 40, "c" * 32)
EAST = timezone(timedelta(hours=2))
TAKEN = Capture(datetime(2024, 3, 15, 10, 11, 12, 705000, EAST), TakenFrom.EXIF_ORIGINAL, "705")
LOCAL = Capture(datetime(2024, 3, 15, 10, 11, 12), TakenFrom.NAME)  # noqa: DTZ001 - local


def quick(metadata: Metadata, name: bytes = b"a.jpg") -> dict[str, object]:
    found: dict[str, object] = json.loads(quick_metadata(CHECKSUMS, 5, JPEG, metadata, name))
    return found


def test_times_are_given_local_and_in_utc() -> None:
    found = quick(Metadata(TAKEN))
    assert found["taken_at"] == "2024-03-15T10:11:12.705000+02:00"
    assert found["taken_at_utc"] == "2024-03-15T08:11:12.705000Z"
    assert (found["offset"], found["subsecond"]) == ("+02:00", "705")


def test_without_an_offset_there_is_no_utc() -> None:
    found = quick(Metadata(LOCAL))
    assert found["taken_at"] == "2024-03-15T10:11:12"
    assert not {"taken_at_utc", "offset"} & set(found)


def test_unknown_values_are_left_out_and_a_rating_of_none_is_not_unknown() -> None:
    found = quick(Metadata(LOCAL, rating=0))
    assert found["rating"] == 0
    assert not {"gps", "exposure", "keywords", "title", "lens"} & set(found)


def test_position_and_exposure_are_nested() -> None:
    gps = Gps(41.9, 12.5, time_utc=datetime(2024, 3, 15, 8, tzinfo=UTC))
    found = quick(Metadata(TAKEN, gps=gps, exposure=Exposure(iso=100)))
    assert found["gps"] == {"latitude": 41.9, "longitude": 12.5, "time_utc": "2024-03-15T08:00:00Z"}
    assert found["exposure"] == {"iso": 100}


def test_a_name_that_is_not_utf_8_comes_as_base64_too() -> None:
    found = quick(Metadata(LOCAL), b"\xff.jpg")
    assert (found["original_name"], found["original_name_b64"]) == ("\\xff.jpg", "/y5qcGc=")


def test_the_schema_has_a_version_and_the_keys_are_sorted() -> None:
    raw = quick_metadata(CHECKSUMS, 5, JPEG, Metadata(TAKEN), b"a.jpg")
    found = json.loads(raw)
    assert found["schema"] == SCHEMA
    assert list(found) == sorted(found)
    assert raw == quick_metadata(CHECKSUMS, 5, JPEG, Metadata(TAKEN), b"a.jpg")


def test_a_film_tells_its_length_and_its_codecs() -> None:
    found = quick(Metadata(TAKEN, duration=1.5, recording=Recording("hevc", 29.97)))
    assert found["duration"] == 1.5
    assert found["video"] == {"codec": "hevc", "frame_rate": 29.97}


def test_only_a_motion_photo_says_that_it_is_one() -> None:
    assert quick(Metadata(TAKEN, motion_photo=True))["motion_photo"] is True
    assert "motion_photo" not in quick(Metadata(TAKEN))


def test_what_told_the_offset_is_said() -> None:
    told = Capture(TAKEN.taken_at, TAKEN.taken_from, None, OffsetFrom.GPS_TIME)
    assert quick(Metadata(told))["offset_from"] == "gps_time"
