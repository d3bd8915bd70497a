"""Films without a plain signature, and the sound that shares their containers."""

import pytest

from picture_pipeline.metadata.recognition.recognise import recognise
from picture_pipeline.metadata.recognition.streams import ASF_VIDEO, packets_of

PACKET = b"\x47\x40\x00\x10" + bytes(184)
ASF = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"
EBML = b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska"
TRACKS = b"\x16\x54\xae\x6b\x8a"


def what(head: bytes, whole: bytes | None = None) -> str | None:
    data = whole or head
    read_at = lambda at, length: data[at : at + length]  # noqa: E731 - a file
    found = recognise(head, b"x", len(data), read_at)
    return found.name if found else None


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (PACKET * 4, (188, 0)),
        ((bytes(4) + PACKET) * 4, (192, 4)),
        ((PACKET + bytes(16)) * 4, (204, 0)),
        (bytes(70) + PACKET * 12, (188, 70)),
        (bytes(100) + (PACKET + bytes(4)) * 12, (192, 100)),
    ],
)
def test_a_transport_stream_shows_itself_by_its_packets(
    stream: bytes, expected: tuple[int, int]
) -> None:
    assert packets_of(stream) == expected
    assert what(stream) == "video/mp2t"


def test_a_few_sync_bytes_at_a_strange_place_are_chance() -> None:
    assert packets_of(bytes(70) + PACKET * 5) is None


def test_windows_media_with_pictures_is_a_film() -> None:
    assert what(ASF + bytes(100) + ASF_VIDEO) == "video/x-ms-wmv"


def test_windows_media_without_pictures_is_music() -> None:
    assert what(ASF + bytes(200)) is None


def test_the_stream_of_pictures_is_found_behind_a_large_cover() -> None:
    length = (200_000).to_bytes(8, "little")
    whole = (ASF + length).ljust(150_000, b"\0") + ASF_VIDEO
    assert what(whole[:65536], whole) == "video/x-ms-wmv"


def test_matroska_with_sound_only_is_music() -> None:
    assert what(EBML + TRACKS + b"\xae\x88\x83\x81\x02") is None


@pytest.mark.parametrize("tracks", [b"", TRACKS + b"\xae\x83\x81\x02\xae\x83\x81\x01"])
def test_matroska_with_pictures_or_late_tracks_is_a_film(tracks: bytes) -> None:
    assert what(EBML + tracks) == "video/x-matroska"


def test_a_short_pattern_repeated_is_no_stream() -> None:
    pattern = bytes(range(0x40, 0x80))
    assert packets_of(pattern * 80) is None
