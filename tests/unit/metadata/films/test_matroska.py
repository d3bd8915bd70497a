"""Matroska and WebM headers."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.films.matroska import open_matroska
from picture_pipeline.model.metadata import Recording
from picture_pipeline.workflows.contents import in_memory

EBML = b"\x1a\x45\xdf\xa3\x80"
SEGMENT, INFO, TRACKS = b"\x18\x53\x80\x67", b"\x15\x49\xa9\x66", b"\x16\x54\xae\x6b"
UNKNOWN = b"\x01" + b"\xff" * 7


def element(name: bytes, data: bytes) -> bytes:
    return name + (0x10000000 | len(data)).to_bytes(4, "big") + data


def info(*values: bytes) -> bytes:
    return element(INFO, b"".join(values))


def track(kind: int, codec: bytes, *values: bytes) -> bytes:
    named = element(b"\x83", bytes((kind,))), element(b"\x86", codec)
    return element(b"\xae", b"".join((*named, *values)))


PICTURE = track(
    1,
    b"V_VP9",
    element(b"\x23\xe3\x83", (40_000_000).to_bytes(4, "big")),
    element(b"\xe0", element(b"\xb0", b"\x02\x80") + element(b"\xba", b"\x01\xe0")),
)


def opened(*parts: bytes) -> Contents:
    return open_matroska(in_memory(EBML + element(SEGMENT, b"".join(parts))))


def test_tracks_tell_size_codecs_and_frame_rate() -> None:
    found = opened(element(TRACKS, track(2, b"A_OPUS") + PICTURE))
    assert found.size == (640, 480)
    assert found.recording == Recording("vp9", 25.0, "opus")


def test_a_codec_may_say_more_than_its_name() -> None:
    found = opened(element(TRACKS, track(2, b"A_AAC/MPEG4/LC")))
    assert found.recording == Recording(audio="aac")


def test_the_duration_counts_in_the_files_own_scale() -> None:
    length = element(b"\x44\x89", struct.pack(">d", 1500))
    assert opened(info(length)).duration == 1.5
    assert opened(info(length, element(b"\x2a\xd7\xb1", b"\x0f\x42\x40"))).duration == 1.5
    assert opened(info(length, element(b"\x2a\xd7\xb1", b"\x01"))).duration == 1.5e-6


def test_the_date_counts_nanoseconds_from_2001() -> None:
    date = element(b"\x44\x61", (86_400 * 10**9).to_bytes(8, "big"))
    title = element(b"\x7b\xa9", b"Holiday")
    assert opened(info(date, title)).evidence == {
        "Matroska.DateUTC": ("2001-01-02T00:00:00+00:00",),
        "Matroska.Title": ("Holiday",),
    }


def test_a_segment_of_unknown_length_reaches_to_the_end() -> None:
    raw = EBML + SEGMENT + UNKNOWN + element(TRACKS, PICTURE)
    assert open_matroska(in_memory(raw)).size == (640, 480)


@given(st.binary(max_size=300))
def test_hostile_bytes_give_less_but_no_exception(raw: bytes) -> None:
    assert isinstance(opened(raw), Contents)
    assert isinstance(opened(info(raw), element(TRACKS, element(b"\xae", raw))), Contents)


def test_a_duration_that_is_no_number_is_none() -> None:
    for value in (float("nan"), float("inf"), -1.0):
        assert opened(info(element(b"\x44\x89", struct.pack(">d", value)))).duration is None


def test_elements_nested_without_end_are_left() -> None:
    deep = b""
    for _ in range(50):
        deep = element(b"\xe0", deep)
    assert opened(element(TRACKS, element(b"\xae", deep))).size is None
