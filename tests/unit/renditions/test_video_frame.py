"""The size and shape of a poster: pixels that are not square, two fields, depth, 4K."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from PIL import Image

from films import Recipe, film
from picture_pipeline.model.rendition import Rendered

UPRIGHT = ("red", "green", "blue", "white")

Poster = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]


@pytest.fixture
def scene(quartered: Image.Image) -> np.ndarray:
    return np.asarray(quartered)


@pytest.mark.parametrize(("aspect", "width"), [("4/3", 800), ("1/2", 300), ("1/1", 600)])
def test_pixels_that_are_not_square_are_shown_as_on_a_screen(
    scene: np.ndarray, poster_of: Poster, aspect: str, width: int
) -> None:
    poster = poster_of(film([scene] * 2, Recipe(pixel_aspect=Fraction(aspect))))

    assert poster.size == (width, 400)


def test_an_absurd_shape_of_pixels_counts_as_square(scene: np.ndarray, poster_of: Poster) -> None:
    recipe = Recipe(container="matroska", pixel_aspect=Fraction(100, 1))

    assert poster_of(film([scene] * 2, recipe), "x-matroska").size == (600, 400)


def test_a_turned_film_of_long_pixels_is_stretched_before_it_is_turned(
    scene: np.ndarray, poster_of: Poster
) -> None:
    recipe = Recipe(container="mov", turned=90, pixel_aspect=Fraction(4, 3))

    assert poster_of(film([scene] * 2, recipe), "quicktime").size == (400, 800)


def test_two_fields_do_not_comb(poster_of: Poster) -> None:
    comb = np.zeros((400, 600, 3), np.uint8)
    comb[::2] = 200
    recipe = Recipe(
        container="mpeg2video",
        codec="mpeg2video",
        options={"flags": "+ilme+ildct", "qmax": "2", "field_order": "tt"},
    )
    comb[:, :300] = 60

    poster = np.asarray(poster_of(film([comb] * 3, recipe), "mpeg").convert("L")).astype(int)

    assert np.abs(np.diff(poster[20:-20, 450])).max() < 10


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv422p", "yuv444p", "yuv420p10le"])
def test_bands_of_every_size_and_depth_lie_where_they_belong(
    scene: np.ndarray, poster_of: Poster, colours_of: Colours, pixels: str
) -> None:
    poster = poster_of(film([scene] * 2, Recipe(pixels=pixels)))

    assert colours_of(poster) == UPRIGHT


def test_a_large_frame_keeps_its_places_and_colours(
    quartered: Image.Image, poster_of: Poster, colours_of: Colours
) -> None:
    large = np.asarray(quartered.resize((3840, 2160)))

    poster = poster_of(film([large], Recipe(options={"preset": "ultrafast"})))

    assert poster.size == (1920, 1080)
    assert colours_of(poster) == UPRIGHT


def test_no_rendition_is_larger_than_the_film(
    scene: np.ndarray, filmed: Callable[..., Rendered]
) -> None:
    small = scene[100:300, 200:400]

    rendered = filmed(film([small] * 2, Recipe()))

    assert [(picture.width, picture.height) for picture in rendered.pictures] == [
        (150, 150),
        (200, 200),
        (200, 200),
    ]
