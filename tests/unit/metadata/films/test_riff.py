"""AVI headers."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.films.riff import open_avi
from picture_pipeline.model.metadata import Recording
from picture_pipeline.workflows.contents import in_memory


def chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def listed(name: bytes, *chunks: bytes) -> bytes:
    return chunk(b"LIST", name + b"".join(chunks))


def stream(kind: bytes, form: bytes, scale: int = 1, rate: int = 15, length: int = 30) -> bytes:
    header = kind + bytes(16) + struct.pack("<4I", scale, rate, 0, length) + bytes(20)
    return listed(b"strl", chunk(b"strh", header), chunk(b"strf", form))


PICTURES = stream(b"vids", struct.pack("<Iii4x", 40, 640, -480) + b"mjpg" + bytes(20))
SOUND = stream(b"auds", struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8))


def avi(*chunks: bytes) -> bytes:
    return chunk(b"RIFF", b"AVI " + b"".join(chunks))


def opened(raw: bytes) -> Contents:
    return open_avi(in_memory(raw))


def test_streams_tell_size_duration_and_codecs() -> None:
    found = opened(avi(listed(b"hdrl", PICTURES, SOUND)))
    assert (found.size, found.duration) == ((640, 480), 2.0)
    assert found.recording == Recording("mjpeg", 15.0, "pcm_u8")


def test_the_date_may_stand_in_the_header_or_behind_the_pictures() -> None:
    dated = chunk(b"IDIT", b"Mon Mar 10 15:04:43 2003\n\0")
    for raw in (avi(listed(b"hdrl", dated)), avi(listed(b"movi", bytes(11)), dated)):
        assert opened(raw).evidence == {"RIFF.IDIT": ("Mon Mar 10 15:04:43 2003\n\0",)}


def test_words_and_xmp_are_found() -> None:
    words = listed(b"INFO", chunk(b"ISFT", b"CanonMVI01\0\0"), chunk(b"INAM", b"Holiday"))
    camera = listed(b"exif", chunk(b"ecor", b"CASIO"), chunk(b"emdl", b"EX-S1"))
    found = opened(avi(words, camera, chunk(b"_PMX", b"<x/>")))
    assert found.packets == (b"<x/>",)
    assert found.evidence == {
        "RIFF.ISFT": ("CanonMVI01\0\0",),
        "RIFF.INAM": ("Holiday",),
        "RIFF.ecor": ("CASIO",),
        "RIFF.emdl": ("EX-S1",),
    }


def test_what_looks_like_a_header_among_the_pictures_is_none() -> None:
    assert opened(avi(listed(b"movi", PICTURES))).size is None


def test_a_stream_without_a_rate_has_no_duration() -> None:
    still = stream(b"vids", bytes(40), scale=0)
    assert opened(avi(listed(b"hdrl", still))).duration is None


@given(st.binary(max_size=300))
def test_hostile_bytes_give_less_but_no_exception(raw: bytes) -> None:
    assert isinstance(opened(b"RIFF\xff\xff\xff\xffAVI " + raw), Contents)
    assert isinstance(opened(avi(listed(b"hdrl", raw))), Contents)
