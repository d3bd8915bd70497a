"""What the reader finds in whole films of every container, written by FFmpeg."""

import pytest

from films import Recipe, film, plain, sound_only
from picture_pipeline.metadata.films.demuxing import read_streams
from picture_pipeline.metadata.formats import (
    AVI,
    BY_NAME,
    MKV,
    MOV,
    MP4,
    MPG,
    MTS,
    THREE_GP,
    VIDEOS,
    WEBM,
    WMV,
)
from picture_pipeline.metadata.reader import CarefulReader, FileReader
from picture_pipeline.metadata.recognition.recognise import recognise
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.workflows.contents import in_memory

PICTURES = [plain((200, 60, 20))] * 50
FILMS = [
    (MOV, Recipe("mov"), "h264"),
    (MP4, Recipe("mp4"), "h264"),
    (MP4, Recipe("mp4", options={"movflags": "frag_keyframe+empty_moov"}), "h264"),
    (MP4, Recipe("mp4", "libx265"), "hevc"),
    (THREE_GP, Recipe("3gp"), "h264"),
    (AVI, Recipe("avi", "mpeg4"), "mpeg4"),
    (MKV, Recipe("matroska"), "h264"),
    (WEBM, Recipe("webm", "libvpx-vp9"), "vp9"),
    (MTS, Recipe("mpegts"), "h264"),
    (MPG, Recipe("mpeg", "mpeg2video"), "mpeg2video"),
    (WMV, Recipe("asf", "wmv2"), "wmv2"),
]


def read(raw: bytes, media_type: MediaType) -> Metadata:
    return FileReader().read(in_memory(raw), media_type, b"x", 0)


@pytest.mark.parametrize(("media_type", "recipe", "codec"), FILMS)
def test_every_container_tells_size_length_codec_and_rate(
    media_type: MediaType, recipe: Recipe, codec: str
) -> None:
    raw = film(PICTURES, recipe)
    assert recognise(raw[:65536], b"x", len(raw)) == media_type
    found = read(raw, media_type)
    assert (found.width, found.height) == (320, 240)
    assert found.duration == pytest.approx(2, abs=0.1)
    assert found.recording is not None
    assert (found.recording.codec, found.recording.audio) == (codec, None)
    assert found.recording.frame_rate == pytest.approx(25)


def test_a_film_without_pictures_tells_its_sound() -> None:
    found = read(sound_only(), MP4)
    assert found.recording is not None
    assert (found.recording.codec, found.width) == (None, None)
    assert found.recording.audio is not None


@pytest.mark.parametrize("media_type", VIDEOS, ids=lambda kind: kind.extension)
def test_bytes_that_are_no_film_say_nothing(media_type: MediaType) -> None:
    for raw in (b"", bytes(300), b"\0\0\0\x18ftypqt  " + bytes(99)):
        found = read(raw, media_type)
        assert (found.duration, found.recording) == (None, None)


@pytest.mark.parametrize("container", ["mov", "matroska", "avi"])
def test_the_careful_reader_tells_what_headers_say(container: str) -> None:
    codec = "mpeg4" if container == "avi" else "libx264"
    names = {"mov": MOV, "matroska": MKV, "avi": AVI}
    raw = film(PICTURES, Recipe(container, codec))
    found = CarefulReader().read(in_memory(raw), names[container], b"x", 0)
    assert (found.width, found.duration) == (320, pytest.approx(2, abs=0.1))


def test_a_playlist_opens_no_other_file() -> None:
    raw = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n"
    for media_type in VIDEOS:
        assert read_streams(in_memory(raw).path, media_type).size is None


def test_every_type_of_film_is_a_known_one() -> None:
    assert {kind.name for kind in VIDEOS} <= set(BY_NAME)
