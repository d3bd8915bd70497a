"""Motion photos: what Google and Samsung write, and what only looks like it."""

import struct

import pytest

from picture_pipeline.metadata.formats import HEIC, JPEG, PNG
from picture_pipeline.metadata.recognition.motion import is_motion_photo
from picture_pipeline.model.media import MediaType
from picture_pipeline.workflows.contents import in_memory
from pictures import jpeg, photo

GOOGLE = 'xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"'


def seft(kind: int) -> bytes:
    entry = struct.pack("<HHII", 0, kind, 30, 20)
    directory = b"SEFH" + struct.pack("<II", 107, 1) + entry
    return b"film" * 5 + directory + struct.pack("<I", len(directory)) + b"SEFT"


def is_motion(data: bytes, kind: MediaType = JPEG, xmp: str = "") -> bool:
    return is_motion_photo(in_memory(data), kind, xmp)


@pytest.mark.parametrize(
    "xmp",
    [
        f'<rdf:Description {GOOGLE} GCamera:MotionPhoto="1" GCamera:MotionPhotoVersion="1"/>',
        f"<rdf:Description {GOOGLE} GCamera:MicroVideo='1'/>",
        "<GCamera:MotionPhoto>1</GCamera:MotionPhoto>",
        '<Container:Item Item:Mime="video/mp4" Item:Semantic="MotionPhoto" Item:Length="9"/>',
        "<Item:Semantic>MotionPhoto</Item:Semantic>",
    ],
)
def test_google_says_so_in_the_packet(xmp: str) -> None:
    assert is_motion(jpeg(1), JPEG, xmp)
    assert is_motion(b"", HEIC, xmp)


@pytest.mark.parametrize(
    "xmp",
    [
        f'<rdf:Description {GOOGLE} GCamera:MotionPhoto="0"/>',
        '<rdf:Description GCamera:MotionPhotoVersion="1"/>',
        '<Container:Item Item:Semantic="GainMap"/>',
        "<dc:title>MotionPhoto</dc:title>",
    ],
)
def test_a_packet_that_says_otherwise_is_believed(xmp: str) -> None:
    assert not is_motion(jpeg(1), JPEG, xmp)


def test_a_packet_in_the_file_is_found_when_it_is_not_known() -> None:
    said = "<GCamera:MotionPhoto xmlns:GCamera='g'>1</GCamera:MotionPhoto>"
    assert is_motion(photo(1, taken="2024:01:01 00:00:00", xmp=said))


def test_samsung_says_so_in_its_trailer() -> None:
    assert is_motion(jpeg(1) + seft(0x0A30))
    assert not is_motion(jpeg(1) + seft(0x0A01))


def test_a_heic_holds_its_film_in_a_box() -> None:
    film = struct.pack(">I", 16) + b"mpvd" + bytes(8)
    assert is_motion(struct.pack(">I", 12) + b"ftypheic" + film, HEIC)


def test_no_other_type_is_a_motion_photo() -> None:
    assert not is_motion(b"", PNG, "<GCamera:MotionPhoto>1</GCamera:MotionPhoto>")


@pytest.mark.parametrize("tail", [b"SEFT", b"\xff\xff\xff\xffSEFT", b"\0\0\0\0SEFT", bytes(8)])
def test_a_broken_trailer_is_none(tail: bytes) -> None:
    assert not is_motion(jpeg(1) + tail)
