"""Order of trust between the places that tell a field."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from picture_pipeline.metadata.fields import FIELDS, WANTED
from picture_pipeline.metadata.merge import merge
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.model.metadata import Capture, Metadata, OffsetFrom, TakenFrom

MTIME = Capture(datetime(2020, 1, 1, tzinfo=UTC), TakenFrom.MTIME)
ORIGINAL = "Exif.Photo.DateTimeOriginal"
DIGITIZED = "Exif.Photo.DateTimeDigitized"
EAST = timezone(timedelta(hours=2))


def merged(evidence: Evidence) -> Metadata:
    return merge(evidence, (640, 480), lambda: MTIME)


def position(latitude: str, longitude: str) -> dict[str, tuple[str, ...]]:
    return {
        "Exif.GPSInfo.GPSLatitude": (latitude,),
        "Exif.GPSInfo.GPSLatitudeRef": ("N",),
        "Exif.GPSInfo.GPSLongitude": (longitude,),
        "Exif.GPSInfo.GPSLongitudeRef": ("E",),
    }


def test_nothing_said_leaves_the_last_resort_and_the_size() -> None:
    assert merged({}) == Metadata(capture=MTIME, width=640, height=480)


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ({ORIGINAL: ("2024:01:01 00:00:00",)}, TakenFrom.EXIF_ORIGINAL),
        ({"Exif.Image.DateTimeOriginal": ("2024:01:01 00:00:00",)}, TakenFrom.EXIF_ORIGINAL),
        ({DIGITIZED: ("2024:01:01 00:00:00",)}, TakenFrom.EXIF_DIGITIZED),
        ({"Xmp.exif.DateTimeOriginal": ("2024-01-01",)}, TakenFrom.XMP),
        ({"Xmp.photoshop.DateCreated": ("2024-01-01",)}, TakenFrom.XMP),
        ({"Xmp.xmp.CreateDate": ("2024-01-01",)}, TakenFrom.XMP),
        ({"Iptc.Application2.DateCreated": ("2024-01-01",)}, TakenFrom.IPTC),
        (
            {
                "Exif.GPSInfo.GPSDateStamp": ("2024:01:01",),
                "Exif.GPSInfo.GPSTimeStamp": ("0/1 0/1 0/1",),
            },
            TakenFrom.GPS,
        ),
    ],
)
def test_the_capture_time_names_where_it_came_from(evidence: Evidence, expected: TakenFrom) -> None:
    capture = merged(evidence).capture
    assert (capture.taken_from, capture.day.year) == (expected, 2024)


def test_the_original_date_wins_over_all_others() -> None:
    found = merged(
        {
            "Xmp.exif.DateTimeOriginal": ("2001-01-01",),
            DIGITIZED: ("2002:01:01 00:00:00",),
            ORIGINAL: ("2003:01:01 00:00:00",),
        }
    )
    assert found.capture.day.year == 2003


def test_an_absurd_date_is_noted_and_the_next_one_taken() -> None:
    found = merged({ORIGINAL: ("0000:00:00 00:00:00",), DIGITIZED: ("2002:01:01 00:00:00",)})
    assert found.capture.taken_from is TakenFrom.EXIF_DIGITIZED
    assert found.notes == ("DateTimeOriginal: 0000:00:00 00:00:00",)


def test_the_modification_date_is_never_the_capture_time() -> None:
    assert merged({"Exif.Image.DateTime": ("2024:01:01 00:00:00",)}).capture == MTIME


def test_an_offset_is_borrowed_from_a_date_with_the_same_wall_time() -> None:
    evidence = {
        ORIGINAL: ("2024:01:01 10:00:00",),
        "Exif.Photo.SubSecTimeOriginal": ("25",),
        "Exif.Image.DateTime": ("2024:01:01 10:00:00",),
        "Exif.Photo.OffsetTime": ("+02:00",),
    }
    assert merged(evidence).capture.taken_at == datetime(2024, 1, 1, 10, 0, 0, 250000, EAST)


def test_no_offset_is_borrowed_from_another_wall_time() -> None:
    evidence = {
        ORIGINAL: ("2024:01:01 10:00:00",),
        "Exif.Image.DateTime": ("2024:01:01 11:00:00",),
        "Exif.Photo.OffsetTime": ("+02:00",),
    }
    assert merged(evidence).capture.taken_at.tzinfo is None


def test_keywords_of_all_origins_add_up() -> None:
    evidence = {"Xmp.dc.subject": ("a", "b"), "Iptc.Application2.Keywords": ("b", "c")}
    assert merged(evidence).keywords == ("a", "b", "c")


def test_digikams_tags_win_over_lightrooms() -> None:
    evidence = {"Xmp.digiKam.TagsList": ("A/B",), "Xmp.lr.hierarchicalSubject": ("C|D",)}
    assert merged(evidence).tags == ("A/B",)


def test_half_a_position_is_none() -> None:
    evidence = position("48/1 0/1 0/1", "999/1 0/1 0/1")
    found = merged(evidence)
    assert found.gps is None
    assert found.notes == ("gps.longitude: 999/1 0/1 0/1 E",)


def test_the_null_island_is_no_position() -> None:
    found = merged(position("0/1 0/1 0/1", "0/1 0/1 0/1"))
    assert found.gps is None
    assert found.notes == ("gps: 0, 0",)


def test_a_position_on_the_equator_is_one() -> None:
    found = merged(position("0/1 0/1 0/1", "9/1 0/1 0/1"))
    assert found.gps is not None
    assert (found.gps.latitude, found.gps.longitude) == (0, 9)


def test_a_position_carries_altitude_accuracy_and_time() -> None:
    evidence = position("48/1 0/1 0/1", "9/1 0/1 0/1") | {
        "Exif.GPSInfo.GPSAltitude": ("12/1",),
        "Exif.GPSInfo.GPSAltitudeRef": ("1",),
        "Exif.GPSInfo.GPSHPositioningError": ("5/1",),
        "Exif.GPSInfo.GPSDateStamp": ("2024:01:01",),
        "Exif.GPSInfo.GPSTimeStamp": ("1/1 2/1 3/1",),
    }
    gps = merged(evidence).gps
    assert gps is not None
    assert (gps.altitude, gps.accuracy) == (-12, 5)
    assert gps.time_utc == datetime(2024, 1, 1, 1, 2, 3, tzinfo=UTC)


def test_an_absurd_orientation_is_noted_and_left_out() -> None:
    found = merged({"Exif.Image.Orientation": ("77",)})
    assert found.orientation is None
    assert found.notes == ("orientation: 77",)


def test_every_field_of_the_table_is_an_attribute_of_metadata() -> None:
    gps_and_exposure = merged(position("1/1", "1/1"))
    for field in FIELDS:
        value: object = gps_and_exposure
        for part in field.name.split("."):
            assert hasattr(value, part), field.name
            value = getattr(value, part)
    assert {key for field in FIELDS for origin in field.origins for key in origin.keys} <= WANTED


GPS_CLOCK = {
    "Exif.GPSInfo.GPSDateStamp": ("2024:07:01",),
    "Exif.GPSInfo.GPSTimeStamp": ("8/1 0/1 3/1",),
}
BERLIN = position("52/1 30/1 0/1", "13/1 24/1 0/1")
SUMMER = {ORIGINAL: ("2024:07:01 10:00:00",)}


def offset_of(evidence: Evidence) -> tuple[timedelta | None, OffsetFrom | None]:
    capture = merged(evidence).capture
    return capture.taken_at.utcoffset(), capture.offset_from


def test_a_stored_offset_is_marked_as_such() -> None:
    evidence = SUMMER | {"Exif.Photo.OffsetTimeOriginal": ("-05:00",)} | GPS_CLOCK | BERLIN
    assert offset_of(evidence) == (timedelta(hours=-5), OffsetFrom.TAG)


def test_a_borrowed_offset_counts_as_stored() -> None:
    evidence = SUMMER | {
        DIGITIZED: ("2024:07:01 10:00:00",),
        "Exif.Photo.OffsetTimeDigitized": ("+02:00",),
    }
    assert offset_of(evidence) == (timedelta(hours=2), OffsetFrom.TAG)


def test_without_a_tag_the_gps_clock_tells_the_offset() -> None:
    assert offset_of(SUMMER | GPS_CLOCK) == (timedelta(hours=2), OffsetFrom.GPS_TIME)


def test_without_a_gps_clock_the_position_tells_the_offset() -> None:
    assert offset_of(SUMMER | BERLIN) == (timedelta(hours=2), OffsetFrom.GPS_POSITION)


def test_with_nothing_to_tell_it_the_time_stays_local() -> None:
    assert offset_of(SUMMER) == (None, None)


def test_the_date_in_a_name_gets_its_offset_from_the_position_too() -> None:
    named = Capture(datetime(2024, 7, 1, 10), TakenFrom.NAME)  # noqa: DTZ001 - local
    found = merge(BERLIN, None, lambda: named).capture
    assert found.taken_at.utcoffset() == timedelta(hours=2)
    assert found.taken_from is TakenFrom.NAME


def test_a_time_that_is_utc_by_nature_is_left_as_it_is() -> None:
    found = merged(GPS_CLOCK | BERLIN).capture
    assert (found.taken_from, found.offset_from) == (TakenFrom.GPS, None)
    assert found.taken_at == datetime(2024, 7, 1, 8, 0, 3, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_noted() -> None:
    found = merged({ORIGINAL: ("2024:10:27 02:30:00",)} | BERLIN)
    assert found.capture.taken_at.tzinfo is None
    assert found.notes == ("offset: the clocks in Europe/Berlin were changed at this hour",)


@pytest.mark.parametrize("date", ["2099:01:01 00:00:00", "2024:07:03 12:00:00"])
def test_a_date_to_come_is_noted_and_the_next_one_taken(date: str) -> None:
    evidence = {ORIGINAL: (date,), DIGITIZED: ("2002:01:01 00:00:00",)}
    found = merge(evidence, None, lambda: MTIME, (), datetime(2024, 7, 1, tzinfo=UTC))
    assert found.capture.taken_from is TakenFrom.EXIF_DIGITIZED
    assert found.notes == (
        f"DateTimeOriginal: {date[:10].replace(':', '-')} {date[11:]} is to come",
    )


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("nan", "13/1 0/1 0/1"),
        ("0/0 0/0 0/0", "13/1 0/1 0/1"),
        ("999/1 0/1 0/1", "13/1 0/1 0/1"),
        ("0/1 0/1 0/1", "0/1 0/1 0/1"),
    ],
)
def test_an_absurd_position_is_dropped_noted_and_tells_no_offset(
    latitude: str, longitude: str
) -> None:
    found = merged(SUMMER | position(latitude, longitude))
    assert (found.gps, found.capture.taken_at.tzinfo) == (None, None)
    assert len(found.notes) == 1


@pytest.mark.parametrize("date", ["0000:00:00 00:00:00", "1825:12:31 00:00:00"])
def test_a_date_before_photography_is_dropped_and_noted(date: str) -> None:
    found = merged({ORIGINAL: (date,)})
    assert found.capture == MTIME
    assert found.notes == (f"DateTimeOriginal: {date}",)


@pytest.mark.parametrize("date", ["", "    :  :     :  :  "])
def test_a_blank_date_is_no_date(date: str) -> None:
    assert merged({ORIGINAL: (date,)}).capture == MTIME
