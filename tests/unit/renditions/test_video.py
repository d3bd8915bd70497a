"""Posters: which frame of a film is shown, of every container, and of none."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from films import FULL_RANGE_JPEG, Recipe, film, plain, sound_only
from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.renditions.video import MEDIA_TYPES
from picture_pipeline.workflows.contents import in_memory

UPRIGHT = ("red", "green", "blue", "white")
BLACK = plain((0, 0, 0), 600, 400)
KEYS = {"g": "5", "bf": "2"}

Filmed = Callable[..., Rendered | Unrenderable]
Poster = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]


@pytest.fixture
def scene(quartered: Image.Image) -> np.ndarray:
    return np.asarray(quartered)


@pytest.mark.parametrize(
    ("kind", "recipe"),
    [
        ("mp4", Recipe()),
        ("mp4", Recipe(codec="libx265", options={"x265-params": "log-level=none"})),
        ("quicktime", Recipe(container="mov")),
        ("quicktime", Recipe(container="mov", codec="prores_ks", pixels="yuv422p10le")),
        ("x-m4v", Recipe(container="mp4", codec="mpeg4")),
        ("3gpp", Recipe(container="3gp", codec="mpeg4")),
        ("3gpp2", Recipe(container="3g2", codec="mpeg4")),
        ("x-msvideo", Recipe(container="avi", codec="mpeg4")),
        ("x-msvideo", FULL_RANGE_JPEG),
        ("x-msvideo", Recipe(container="avi", codec="rawvideo", pixels="yuyv422")),
        ("mp2t", Recipe(container="mpegts")),
        ("x-matroska", Recipe(container="matroska")),
        ("webm", Recipe(container="webm", codec="libvpx-vp9")),
        ("mpeg", Recipe(container="mpeg", codec="mpeg2video")),
        ("mpeg", Recipe(container="mpeg2video", codec="mpeg2video")),
        ("x-ms-wmv", Recipe(container="asf", codec="wmv2")),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.container}-{value.codec}",
)
def test_every_kind_of_film_has_a_poster(
    scene: np.ndarray, poster_of: Poster, colours_of: Colours, kind: str, recipe: Recipe
) -> None:
    poster = poster_of(film([scene] * 30, recipe), kind)

    assert poster.size == (600, 400)
    assert colours_of(poster) == UPRIGHT


def test_a_film_that_begins_black_shows_what_comes_later(
    scene: np.ndarray, poster_of: Poster, colours_of: Colours
) -> None:
    data = film([BLACK] * 25 + [scene] * 50, Recipe(options=KEYS))

    assert colours_of(poster_of(data)) == UPRIGHT


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 255), (16, 16, 16)])
def test_a_film_that_begins_in_one_colour_shows_what_comes_later(
    scene: np.ndarray, poster_of: Poster, colours_of: Colours, colour: tuple[int, int, int]
) -> None:
    data = film([plain(colour, 600, 400)] * 25 + [scene] * 50, Recipe(options=KEYS))

    assert colours_of(poster_of(data)) == UPRIGHT


def test_a_film_that_is_black_all_along_has_a_black_poster(
    poster_of: Poster, colours_of: Colours
) -> None:
    poster = poster_of(film([BLACK] * 30, Recipe(options=KEYS)))

    assert colours_of(poster) == ("black",) * 4


def test_of_dim_frames_the_one_that_shows_most_is_taken(poster_of: Poster) -> None:
    dim = BLACK.copy()
    dim[:, 300:] = 14
    data = film([BLACK] * 10 + [dim] * 10 + [BLACK] * 30, Recipe(options={"g": "5"}))

    poster = np.asarray(poster_of(data).convert("L")).astype(int)

    assert poster[200, 450] - poster[200, 150] > 5


def test_a_film_cut_short_after_its_first_frames_has_a_poster(
    scene: np.ndarray, poster_of: Poster, colours_of: Colours
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (30, 400, 600, 3), np.uint8)
    data = film([scene, *noise], Recipe(container="matroska"))

    assert colours_of(poster_of(data[: len(data) // 2], "x-matroska")) == UPRIGHT


def test_a_quicktime_film_without_ftyp_has_a_poster(
    scene: np.ndarray, poster_of: Poster, colours_of: Colours
) -> None:
    data = film([scene] * 3, Recipe(container="mov"))
    length = int.from_bytes(data[:4], "big")
    without = length.to_bytes(4, "big") + b"wide" + data[8:]

    assert colours_of(poster_of(without, "quicktime")) == UPRIGHT


@pytest.mark.parametrize("cover", [None, "JPEG"])
def test_sound_alone_has_no_poster(quartered: Image.Image, filmed: Filmed, cover: str) -> None:
    jpeg = io.BytesIO()
    quartered.resize((64, 48)).save(jpeg, "JPEG")

    outcome = filmed(sound_only(cover=jpeg.getvalue() if cover else None))

    assert outcome == Unrenderable("unsupported_picture", "no moving pictures inside")


def test_a_codec_that_no_camera_writes_is_unsupported(scene: np.ndarray, filmed: Filmed) -> None:
    data = film([scene] * 2, Recipe(container="avi", codec="snow"))

    outcome = filmed(data, "x-msvideo")

    assert isinstance(outcome, Unrenderable)
    assert outcome.reason == "unsupported_picture"


def test_more_pixels_than_the_limit_are_too_large(scene: np.ndarray) -> None:
    kind = MediaType("video/mp4", "mp4", Family.VIDEO)
    content = in_memory(film([scene] * 2, Recipe()))

    outcome = StillRenderer(max_pixels=100_000).render(content, kind, None, DEFAULT_SPECS)

    assert outcome == Unrenderable("too_large", "600x400 pixels; the limit is 100000")


@pytest.mark.parametrize("name", sorted(MEDIA_TYPES))
@pytest.mark.parametrize("data", [b"", b"garbage", bytes(5000), b"\0\0\0\x20ftypqt  " + bytes(90)])
def test_garbage_is_undecodable(filmed: Filmed, name: str, data: bytes) -> None:
    outcome = filmed(data, name.removeprefix("video/"))

    assert isinstance(outcome, Unrenderable)
    assert outcome.reason == "undecodable"


@pytest.mark.parametrize("name", sorted(MEDIA_TYPES))
@pytest.mark.parametrize(
    "playlist", ["#EXTM3U\n#EXTINF:1,\nfile:{}\n", "ffconcat version 1.0\nfile {}\n"]
)
def test_a_playlist_opens_no_other_file(
    tmp_path: Path, scene: np.ndarray, filmed: Filmed, name: str, playlist: str
) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(film([scene] * 2, Recipe()))

    outcome = filmed(playlist.format(other).encode(), name.removeprefix("video/"))

    assert isinstance(outcome, Unrenderable)


def test_a_quicktime_film_that_refers_to_another_file_does_not_open_it(
    tmp_path: Path, scene: np.ndarray, filmed: Filmed
) -> None:
    other = tmp_path / "other.mov"
    data = film([scene] * 2, Recipe(container="mov"))
    other.write_bytes(data)
    told = os.fsencode(other)
    reference = (12 + len(told) + 1).to_bytes(4, "big") + b"url \0\0\0\0" + told + b"\0"
    inside = b"\0\0\0\x0curl \0\0\0\x01"
    assert data.count(inside) == 1
    moved = data[: data.index(b"mdat") + 4].ljust(data.index(b"moov") - 4, b"\0")
    tail = data[data.index(b"moov") - 4 :].replace(inside, reference)

    outcome = filmed(moved + tail, "quicktime")

    assert isinstance(outcome, Unrenderable)


@pytest.mark.parametrize("container", ["mp4", "mov", "avi", "mpegts", "matroska", "asf", "mpeg"])
@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_film_never_raises(
    scene: np.ndarray, renderer: StillRenderer, container: str, seed: int
) -> None:
    codec = "mpeg2video" if container == "mpeg" else "mpeg4"
    random = np.random.default_rng(seed)
    data = np.frombuffer(film([scene] * 6, Recipe(container=container, codec=codec)), np.uint8)
    places = random.integers(0, len(data), 40)
    broken = data.copy()
    broken[places] = random.integers(0, 256, 40)
    kind = MediaType(_TYPES[container], "x", Family.VIDEO)

    for hurt in (broken, broken[: len(broken) // 2]):
        outcome = renderer.render(in_memory(hurt.tobytes()), kind, None, DEFAULT_SPECS)
        assert isinstance(outcome, Rendered | Unrenderable)


_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "mpegts": "video/mp2t",
    "matroska": "video/x-matroska",
    "asf": "video/x-ms-wmv",
    "mpeg": "video/mpeg",
}
