"""Movie headers: size, codec, times, and what they say in words."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movies import SINCE_1904, box, data, header, keys, movie, track
from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.films.quicktime import MOVIE_CREATED, TRACK_CREATED, open_movie
from picture_pipeline.model.metadata import Recording
from picture_pipeline.workflows.contents import in_memory

APPLE = "com.apple.quicktime."
PACKET = b"<x:xmpmeta/>"


def opened(raw: bytes) -> Contents:
    return open_movie(in_memory(raw))


def said(*children: bytes) -> dict[str, tuple[str, ...]]:
    return dict(opened(movie(*children)).evidence)


def test_size_and_duration_are_those_of_the_header() -> None:
    found = opened(movie(header(length=700), track()))
    assert (found.size, found.duration) == ((1920, 1080), 700 / 600)


def test_a_movie_without_a_type_box_is_read_all_the_same() -> None:
    raw = box(b"wide") + box(b"mdat", bytes(40)) + box(b"moov", header(length=600), track())
    assert opened(raw).duration == 1


def test_pixels_behind_a_64_bit_length_are_jumped_over() -> None:
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 40) + bytes(40)
    assert opened(large + box(b"moov", track())).size == (1920, 1080)


def test_the_size_is_that_of_the_first_picture_track() -> None:
    raw = movie(track(b"soun", b"mp4a", (0, 0)), track(size=(640, 480)), track(size=(9, 9)))
    assert opened(raw).size == (640, 480)


def test_a_track_that_shows_no_size_has_the_size_of_its_samples() -> None:
    trak = track(size=(640, 480))
    bare = trak.replace(struct.pack(">II", 640 << 16, 480 << 16), bytes(8))
    assert opened(movie(bare)).size == (640, 480)


def test_codecs_have_ffmpegs_names_and_the_frame_rate_is_the_mean() -> None:
    sound = track(b"soun", b"sowt", (0, 0))
    found = opened(movie(track(times=((10, 20), (10, 40))), sound))
    assert found.recording == Recording("hevc", 20.0, "pcm_s16le")


def test_an_object_type_tells_what_mp4v_really_is() -> None:
    config = b"\x03\x80\x80\x80\x19\0\1\0\x04\x80\x80\x80\x11\x6c\x11"
    found = opened(movie(track(entry=b"mp4v", more=box(b"esds", bytes(4), config))))
    assert found.recording == Recording("mjpeg", 30.0)


def test_a_codec_that_nobody_knows_is_none() -> None:
    assert opened(movie(track(entry=b"zzzz"))).recording == Recording(None, 30.0)


def test_a_fragmented_movie_tells_its_length_in_mehd() -> None:
    extends = box(b"mvex", box(b"mehd", bytes(4), struct.pack(">I", 1200)))
    assert opened(movie(header(), track(), extends)).duration == 2


def test_an_unknown_length_is_no_duration() -> None:
    assert opened(movie(header(length=0xFFFFFFFF))).duration is None


def test_the_creation_time_counts_from_1904_in_utc() -> None:
    found = said(header(created=SINCE_1904 + 86_400))
    assert found == {MOVIE_CREATED: ("1970-01-02T00:00:00+00:00",)}


def test_a_number_too_small_for_1904_counts_from_1970() -> None:
    assert said(header(created=1_700_000_000))[MOVIE_CREATED] == ("2023-11-14T22:13:20+00:00",)


def test_a_creation_time_of_zero_says_nothing() -> None:
    assert said(header(created=0), track()) == {}


def test_a_tracks_creation_time_is_there_too() -> None:
    trak = track().replace(b"tkhd" + bytes(8), b"tkhd" + struct.pack(">II", 0, SINCE_1904 + 1))
    assert said(trak)[TRACK_CREATED] == ("1970-01-01T00:00:01+00:00",)


def test_apples_keys_lose_their_prefix_and_others_keep_their_names() -> None:
    found = said(keys({f"{APPLE}make": b"Apple", "com.android.model": b"Pixel 8"}))
    assert found == {
        "QuickTime.Keys.make": ("Apple",),
        "QuickTime.Keys.com.android.model": ("Pixel 8",),
    }


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (2, "Köln".encode("utf-16-be"), "Köln"),
        (21, struct.pack(">i", -5), "-5"),
        (22, struct.pack(">H", 5), "5"),
        (23, struct.pack(">f", 0.5), "0.5"),
        (24, struct.pack(">d", 2.25), "2.25"),
    ],
)
def test_a_value_is_read_by_its_type(kind: int, value: bytes, text: str) -> None:
    assert said(keys({f"{APPLE}x": value}, kind)) == {"QuickTime.Keys.x": (text,)}


def test_a_picture_among_the_items_says_nothing() -> None:
    assert said(keys({f"{APPLE}artwork": b"\xff\xd8\xff"}, 13)) == {}


def test_itunes_items_are_read_out_of_a_full_box_in_the_user_data() -> None:
    items = box(b"ilst", box(b"\xa9nam", data(b"Holiday")), box(b"desc", data(b"At the sea")))
    meta = box(b"meta", bytes(4), box(b"hdlr", bytes(8), b"mdir", bytes(13)), items)
    assert said(box(b"udta", meta)) == {
        "QuickTime.ItemList.nam": ("Holiday",),
        "QuickTime.ItemList.desc": ("At the sea",),
    }


def test_user_data_is_read_with_its_length_and_language() -> None:
    place = b"+41.9000+012.5000/"
    text = struct.pack(">HH", len(place), 0x15C7) + place
    assert said(box(b"udta", box(b"\xa9xyz", text))) == {
        "QuickTime.UserData.xyz": (place.decode(),)
    }


def test_the_first_of_several_languages_counts() -> None:
    texts = b"\0\1\x15\xc7a" + b"\0\1\x14\xc7b"
    assert said(box(b"udta", box(b"\xa9nam", texts))) == {"QuickTime.UserData.nam": ("a",)}


def test_an_old_macintosh_wrote_in_its_own_letters() -> None:
    text = "Köln".encode("mac-roman")
    raw = struct.pack(">HH", len(text), 0) + text
    assert said(box(b"udta", box(b"\xa9nam", raw))) == {"QuickTime.UserData.nam": ("Köln",)}


def test_3gpp_titles_are_read() -> None:
    raw = bytes(4) + b"\x15\xc7" + b"Holiday\0"
    assert said(box(b"udta", box(b"titl", raw))) == {"QuickTime.UserData.titl": ("Holiday\0",)}


def test_what_a_tracks_own_keys_say_counts_too() -> None:
    trak = track()
    inner = trak[8:] + keys({f"{APPLE}camera.lens_model": b"back camera"})
    assert said(box(b"trak", inner)) == {"QuickTime.Keys.camera.lens_model": ("back camera",)}


def test_xmp_packets_are_found_beside_the_header_and_in_the_user_data() -> None:
    uuid = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
    raw = movie(box(b"udta", box(b"XMP_", PACKET))) + box(b"uuid", uuid, PACKET + b" ")
    assert opened(raw).packets == (PACKET, PACKET + b" ")


def test_another_uuid_is_no_xmp() -> None:
    assert opened(movie() + box(b"uuid", bytes(16), PACKET)).packets == ()


@given(st.binary(max_size=400))
def test_hostile_bytes_give_less_but_no_exception(raw: bytes) -> None:
    assert opened(raw).duration is None or raw
    assert isinstance(opened(box(b"moov", raw)), Contents)


@given(st.data())
def test_a_header_with_a_changed_byte_gives_no_exception(drawn: st.DataObject) -> None:
    raw = bytearray(movie(header(length=9), track(), keys({f"{APPLE}make": b"Apple"})))
    raw[drawn.draw(st.integers(0, len(raw) - 1))] = drawn.draw(st.integers(0, 255))
    assert isinstance(opened(bytes(raw)), Contents)


def test_a_box_that_holds_itself_ends() -> None:
    deep = box(b"trak")
    for _ in range(200):
        deep = box(b"trak", deep)
    assert opened(movie(deep)).size is None
