"""What the reader finds in real files, byte for byte."""

import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest

from picture_pipeline.metadata.formats import GIF, JPEG, PNG, SUPPORTED
from picture_pipeline.metadata.reader import CarefulReader, FileReader
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Metadata, TakenFrom
from picture_pipeline.workflows.contents import in_memory

Tagged = Callable[[Mapping[str, str]], bytes]
Read = Callable[[bytes], Metadata]

DATE = {"Exif.Photo.DateTimeOriginal": "2024:03:15 10:11:12"}


def test_camera_exposure_and_time_are_read(tagged: Tagged, read: Read) -> None:
    found = read(
        tagged(
            DATE
            | {
                "Exif.Image.Make": "Apple",
                "Exif.Photo.SubSecTimeOriginal": "705",
                "Exif.Photo.OffsetTimeOriginal": "+02:00",
                "Exif.Photo.ExposureTime": "1/120",
                "Exif.Photo.FNumber": "18/10",
                "Exif.Photo.ISOSpeedRatings": "64",
                "Exif.Image.Orientation": "6",
            }
        )
    )
    assert (found.make, found.orientation, found.width, found.height) == ("Apple", 6, 1, 1)
    assert found.exposure.f_number == 1.8
    assert found.exposure.iso == 64
    assert found.capture.taken_at == datetime(
        2024, 3, 15, 10, 11, 12, 705000, timezone(timedelta(hours=2))
    )


def test_iptc_and_xmp_are_read(tagged: Tagged, read: Read) -> None:
    found = read(
        tagged(
            {
                "Iptc.Application2.Keywords": "sea",
                "Iptc.Application2.Caption": "At the sea",
                "Xmp.dc.title": "Holiday",
                "Xmp.xmp.Rating": "-1",
                "Xmp.digiKam.TagsList": "Places/Rome",
            }
        )
    )
    assert (found.title, found.caption, found.rating) == ("Holiday", "At the sea", -1)
    assert (found.keywords, found.tags) == (("sea",), ("Places/Rome",))


def test_text_in_latin_1_is_readable(tagged: Tagged, read: Read) -> None:
    picture = tagged({"Exif.Image.ImageDescription": "K#ln"}).replace(b"K#ln", b"K\xf6ln")
    assert read(picture).caption == "Köln"


def test_the_name_tells_the_time_when_the_picture_does_not(tagged: Tagged) -> None:
    reader = FileReader(now=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    found = reader.read(in_memory(tagged({})), JPEG, b"IMG-20240315-WA0001.jpg", 0)
    assert found.capture.taken_from is TakenFrom.NAME
    assert found.capture.day.isoformat() == "2024-03-15"


def test_the_modification_time_is_the_last_resort_in_utc(tagged: Tagged, read: Read) -> None:
    found = FileReader().read(in_memory(tagged({})), JPEG, b"x.jpg", 1_710_497_472_123_456_789)
    assert found.capture.taken_from is TakenFrom.MTIME
    assert found.capture.taken_at == datetime(2024, 3, 15, 10, 11, 12, 123456, UTC)
    assert read(tagged({})).capture.taken_at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("mtime_ns", [10**30, -(10**30), -(10**19)])
def test_a_modification_time_outside_all_calendars_does_not_break(mtime_ns: int) -> None:
    assert FileReader().read(in_memory(b""), JPEG, b"x.jpg", mtime_ns).capture.taken_at.year >= 1


@pytest.mark.parametrize(
    "date", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2024:13:45 99:99:99", "2150:01:01"]
)
def test_an_absurd_date_gives_way_to_the_next_and_is_noted(
    tagged: Tagged, read: Read, date: str
) -> None:
    found = read(
        tagged(
            {
                "Exif.Photo.DateTimeOriginal": date,
                "Exif.Photo.DateTimeDigitized": "2024:03:15 10:11:12",
            }
        )
    )
    assert found.capture.taken_from is TakenFrom.EXIF_DIGITIZED
    assert any(note.startswith("DateTimeOriginal: ") for note in found.notes)


@pytest.mark.parametrize("latitude", ["0/0 0/0 0/0", "999/1 0/1 0/1"])
def test_an_absurd_position_is_dropped_and_noted(tagged: Tagged, read: Read, latitude: str) -> None:
    found = read(
        tagged(
            {
                "Exif.GPSInfo.GPSLatitude": latitude,
                "Exif.GPSInfo.GPSLatitudeRef": "N",
                "Exif.GPSInfo.GPSLongitude": "12/1 0/1 0/1",
                "Exif.GPSInfo.GPSLongitudeRef": "E",
            }
        )
    )
    assert found.gps is None
    assert [note for note in found.notes if note.startswith("gps.latitude")]


def test_a_jpeg_that_ends_in_its_header_still_tells_its_exif(tagged: Tagged, read: Read) -> None:
    picture = tagged(DATE)
    found = read(picture[: picture.index(b"\xff\xdb") + 20])
    assert found.capture.taken_from is TakenFrom.EXIF_ORIGINAL
    assert found.notes == ("metadata: Failed to read image data",)


def test_exif_directories_in_a_circle_come_to_an_end(tagged: Tagged, read: Read) -> None:
    picture = bytearray(tagged(DATE))
    tiff = picture.index(b"II*\0")
    pointer = picture.index(struct.pack("<HHI", 0x8769, 4, 1), tiff) + 8
    picture[pointer : pointer + 4] = struct.pack("<I", 8)
    assert read(bytes(picture)).width == 1


def xmp_jpeg(packet: bytes) -> bytes:
    """A JPEG with nothing but an XMP packet."""
    body = b"http://ns.adobe.com/xap/1.0/\0" + packet
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xd9"


def xmp_naming_the_make(doctype: bytes, make: bytes) -> bytes:
    return (
        b'<?xml version="1.0"?>' + doctype + b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        b'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"><tiff:Make>'
        + make
        + b"</tiff:Make></rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def test_xmp_is_read_from_a_jpeg(read: Read) -> None:
    assert read(xmp_jpeg(xmp_naming_the_make(b"", b"Apple"))).make == "Apple"


def test_a_billion_laughs_are_not_laughed(read: Read) -> None:
    entities = b'<!ENTITY a0 "lol">' + b"".join(
        b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 10)
    )
    packet = xmp_naming_the_make(b"<!DOCTYPE x [" + entities + b"]>", b"&a9;")
    assert read(xmp_jpeg(packet)).make is None


def test_no_entity_reads_a_file_of_this_computer(read: Read) -> None:
    packet = xmp_naming_the_make(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', b"A&e;")
    assert read(xmp_jpeg(packet)).make in (None, "A")


def test_the_xmp_of_a_gif_is_read() -> None:
    packet = xmp_naming_the_make(b"", b"Apple")
    header = b"GIF89a" + struct.pack("<HH", 3, 2) + bytes(3)
    data = header + b"!\xff\x0bXMP DataXMP" + packet + b"\x01\xff\xfe\xfd"
    found = FileReader().read(in_memory(data), GIF, b"x.gif", 0)
    assert (found.make, found.width, found.height) == ("Apple", 3, 2)


@pytest.mark.parametrize("media_type", SUPPORTED)
@pytest.mark.parametrize("data", [b"", b"\xff", b"II*\0\x08\0\0\0", bytes(1000)])
def test_broken_bytes_say_nothing(media_type: MediaType, data: bytes) -> None:
    found = FileReader().read(in_memory(data), media_type, b"x", 0)
    assert found.capture.taken_from is TakenFrom.MTIME
    assert found.make is None


def test_exiv2_keeps_silent_on_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    FileReader().read(in_memory(b"\x89PNG\r\n\x1a\n" + bytes(40)), PNG, b"x", 0)
    assert capfd.readouterr() == ("", "")


def test_the_careful_reader_needs_no_native_code(tagged: Tagged) -> None:
    found = CarefulReader().read(in_memory(tagged(DATE)), JPEG, b"20240315_101112.jpg", 0)
    assert (found.width, found.height) == (1, 1)
    assert found.capture.taken_from is TakenFrom.NAME
    assert found.notes == ("metadata: not read, it crashed the parser",)
