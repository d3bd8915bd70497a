"""Takeout, immich-go, AAE, Sony's XML and voice memos."""

import json
import plistlib
import struct
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from picture_pipeline.metadata.companions.reading import as_companions, open_companion
from picture_pipeline.metadata.formats import AAE, CAMERA_XML, COMPANIONS, JPEG, JSON, WAV
from picture_pipeline.metadata.merge import merge
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, Gps, Metadata, TakenFrom
from picture_pipeline.workflows.contents import in_memory

Reads = Callable[[bytes, MediaType], Evidence]

MTIME = Capture(datetime(2020, 1, 1, tzinfo=UTC), TakenFrom.MTIME)
TAKEOUT = {
    "title": "PXL_20231006_063851485.jpg",
    "description": "By the sea",
    "creationTime": {"timestamp": "1697872351", "formatted": "21 oct. 2023, 07:12:31 UTC"},
    "photoTakenTime": {"timestamp": "1696574331", "formatted": "6 oct. 2023, 06:38:51 UTC"},
    "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
    "geoDataExif": {"latitude": -48.8583736, "longitude": 2.291901, "altitude": 66.15},
    "people": [{"name": "Anna"}, {"name": "Ben"}],
    "favorited": True,
    "url": "https://photos.example.org/1",
}
IMMICH_GO = {
    "fileName": "IMG_1.jpg",
    "latitude": 48.5,
    "longitude": -9.25,
    "dateTaken": "2024-03-15T10:11:12+01:00",
    "description": "By the sea",
    "tags": [{"name": "Sea", "value": "Places/Sea"}],
    "rating": 4,
    "favorited": True,
}
SONY = b"""<?xml version="1.0" encoding="UTF-8"?>
<NonRealTimeMeta xmlns="urn:schemas-professionalDisc:nonRealTimeMeta:ver.2.00">
<Duration value="1234"/><CreationDate value="2024-03-15T14:23:45-05:00"/>
<Device manufacturer="Sony" modelName="ILCE-7M4" serialNo="1"/><Lens modelName="FE 28mm F2"/>
<AcquisitionRecord><Group name="ExifGPS"><Item name="LatitudeRef" value="N"/>
<Item name="Latitude" value="35:30:36.000"/><Item name="LongitudeRef" value="E"/>
<Item name="Longitude" value="139:15:00.000"/><Item name="TimeStamp" value="19:23:45.000"/>
<Item name="DateStamp" value="2024:03:15"/></Group></AcquisitionRecord></NonRealTimeMeta>"""


def described(evidence: Evidence) -> Metadata:
    return merge(evidence, None, lambda: MTIME)


def noted(**changes: object) -> bytes:
    return json.dumps(TAKEOUT | changes).encode()


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack("<I", len(data)) + data for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WAVE" + body


def test_takeout_tells_time_place_and_description(reads: Reads) -> None:
    found = described(reads(noted(), JSON))
    assert found.capture.taken_at == datetime(2023, 10, 6, 6, 38, 51, tzinfo=UTC)
    assert found.capture.taken_from is TakenFrom.TAKEOUT
    assert found.gps == Gps(-48.8583736, 2.291901, 66.15)
    assert found.caption == "By the sea"


def test_the_title_of_takeout_is_a_file_name_and_no_title(reads: Reads) -> None:
    evidence = reads(noted(), JSON)
    assert evidence["Takeout.title"] == ("PXL_20231006_063851485.jpg",)
    assert described(evidence).title is None


def test_takeout_names_people_and_favourites(reads: Reads) -> None:
    found = described(reads(noted(archived=True), JSON))
    assert (found.people, found.favourite, found.hidden) == (("Anna", "Ben"), True, True)


def test_takeout_that_tells_of_neither_leaves_both_open(reads: Reads) -> None:
    found = described(reads(noted(favorited=None, people=[]), JSON))
    assert (found.people, found.favourite, found.hidden) == ((), None, None)


def test_nowhere_and_no_description_are_left_out(reads: Reads) -> None:
    nowhere = {"latitude": 0.0, "longitude": 0, "altitude": 0.0}
    found = described(reads(noted(geoDataExif=nowhere, description=""), JSON))
    assert (found.gps, found.caption, found.notes) == (None, None, ())


def test_a_place_on_the_equator_is_one(reads: Reads) -> None:
    equator = {"latitude": 0.0, "longitude": 9.5, "altitude": 0.0}
    assert described(reads(noted(geoData=equator), JSON)).gps == Gps(0.0, 9.5)


@pytest.mark.parametrize(
    "odd",
    [
        {"photoTakenTime": "yesterday"},
        {"photoTakenTime": {"timestamp": None}},
        {"photoTakenTime": {"timestamp": "9" * 30}},
        {"geoData": [1, 2], "geoDataExif": None},
        {"people": {"name": "Anna"}},
        {"people": ["Anna", {"name": 5}]},
        {"geoDataExif": {"latitude": 999, "longitude": "x"}},
    ],
)
def test_odd_values_of_takeout_say_nothing_and_do_no_harm(
    reads: Reads, odd: dict[str, object]
) -> None:
    assert described(reads(noted(**odd), JSON)).caption == "By the sea"


def test_immich_go_tells_time_place_rating_and_tags(reads: Reads) -> None:
    found = described(reads(json.dumps(IMMICH_GO).encode(), JSON))
    assert found.capture.taken_at.isoformat() == "2024-03-15T10:11:12+01:00"
    assert found.capture.taken_from is TakenFrom.SIDECAR
    assert (found.gps, found.rating, found.tags) == (Gps(48.5, -9.25), 4, ("Places/Sea",))


def test_immich_go_tells_albums_favourites_and_what_was_archived(reads: Reads) -> None:
    told = IMMICH_GO | {"albums": [{"title": "Sea"}], "favorited": True, "archived": True}
    found = described(reads(json.dumps(told).encode(), JSON))
    assert (found.albums, found.favourite, found.hidden) == (("Sea",), True, True)


def test_a_time_that_immich_go_never_set_is_none(reads: Reads) -> None:
    never = IMMICH_GO | {"dateTaken": "0001-01-01T00:00:00Z"}
    assert described(reads(json.dumps(never).encode(), JSON)).capture == MTIME


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{", b'{"a": 1}', b"[" * 100_000, b'{"a":' * 100_000, b"9" * 10_000, b"NaN"],
    ids=["nothing", "a list", "cut", "other", "lists", "objects", "a number", "no number"],
)
def test_other_json_says_nothing(reads: Reads, data: bytes) -> None:
    assert reads(data, JSON) == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_json_may_have_a_byte_order_mark(reads: Reads, encoding: str) -> None:
    assert reads(noted().decode().encode(encoding), JSON) == reads(noted(), JSON)


EDIT = {
    "adjustmentFormatIdentifier": "com.apple.photo",
    "adjustmentFormatVersion": "1.4",
    "adjustmentData": b"x",
    "adjustmentTimestamp": datetime(2024, 3, 2, 9, 50, 27),  # noqa: DTZ001 - plistlib's UTC
}


@pytest.mark.parametrize("form", [plistlib.FMT_XML, plistlib.FMT_BINARY])
def test_an_edit_tells_its_editor_and_its_time(reads: Reads, form: plistlib.PlistFormat) -> None:
    assert reads(plistlib.dumps(EDIT, fmt=form), AAE) == {
        "AAE.adjustmentFormatIdentifier": ("com.apple.photo",),
        "AAE.adjustmentFormatVersion": ("1.4",),
        "AAE.adjustmentTimestamp": ("2024-03-02T09:50:27Z",),
    }


def test_the_time_of_an_edit_is_no_capture_time(reads: Reads) -> None:
    assert described(reads(plistlib.dumps(EDIT), AAE)).capture == MTIME


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<plist>",
        b"bplist00",
        b"bplist00" + b"\xff" * 64,
        plistlib.dumps([1]),
        b'<!DOCTYPE p [<!ENTITY a "b">]><plist><string>&a;</string></plist>',
        b"<plist>" + b"<array>" * 50_000,
        b"<plist><date>2024</date></plist>",
        b"<plist><integer>x</integer></plist>",
        b"<plist><dict><string>x</string></dict></plist>",
    ],
)
def test_what_is_no_edit_says_nothing(reads: Reads, data: bytes) -> None:
    assert reads(data, AAE) == {}


def test_sonys_xml_tells_time_camera_lens_and_place(reads: Reads) -> None:
    found = described(reads(SONY, CAMERA_XML))
    assert (found.make, found.model, found.lens) == ("Sony", "ILCE-7M4", "FE 28mm F2")
    assert found.gps == Gps(35.51, 139.25)
    assert found.capture.taken_at.isoformat() == "2024-03-15T14:23:45-05:00"
    assert found.capture.taken_from is TakenFrom.SIDECAR


def test_other_xml_says_nothing(reads: Reads) -> None:
    assert reads(SONY.replace(b"NonRealTimeMeta", b"Other"), CAMERA_XML) == {}


def test_a_voice_memo_tells_when_and_how_long() -> None:
    bext = bytes(320) + b"2024-03-15" + b"10:11:12" + bytes(264)
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    data = riff((b"bext", bext), (b"fmt ", form), (b"data", bytes(40_000)))
    with in_memory(data) as content:
        found = open_companion(content, WAV)
    assert found.duration == 2.5
    assert described(found.evidence).capture.taken_at.isoformat() == "2024-03-15T10:11:12"


def test_the_date_of_a_wave_file_is_read_from_its_list(reads: Reads) -> None:
    info = b"INFO" + b"ICRD" + struct.pack("<I", 10) + b"2024-03-15"
    assert reads(riff((b"LIST", info)), WAV) == {"WAV.ICRD": ("2024-03-15",)}


def test_a_sound_that_claims_more_than_it_has_is_as_long_as_it_is() -> None:
    form = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    data = riff((b"fmt ", form)) + b"data" + struct.pack("<I", 2**32 - 1) + bytes(16_000)
    with in_memory(data) as content:
        assert open_companion(content, WAV).duration == 1.0


def test_a_companions_own_time_is_called_a_sidecars() -> None:
    said = Capture(datetime(2024, 3, 15, tzinfo=UTC), TakenFrom.XMP)
    assert as_companions(said).taken_from is TakenFrom.SIDECAR


@pytest.mark.parametrize("outside", [TakenFrom.TAKEOUT, TakenFrom.NAME, TakenFrom.MTIME])
def test_takeout_name_and_mtime_stay_what_they_are(outside: TakenFrom) -> None:
    said = Capture(datetime(2024, 3, 15, tzinfo=UTC), outside)
    assert as_companions(said) == said


def test_a_picture_is_no_companion(reads: Reads) -> None:
    assert reads(noted(), JPEG) == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    media_type=st.sampled_from(COMPANIONS),
    start=st.sampled_from([b"", b"RIFF1234WAVE", b"bplist00", b"{", b"<plist>", b"<a>", noted()]),
    data=st.binary(max_size=400),
)
def test_no_bytes_break_the_reading_of_companions(
    reads: Reads, media_type: MediaType, start: bytes, data: bytes
) -> None:
    evidence = reads(start + data, media_type)
    assert all(isinstance(value, str) for values in evidence.values() for value in values)
