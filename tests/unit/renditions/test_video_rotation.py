"""Display matrices: films stand upright however the telephone was held."""

from collections.abc import Callable

import av
import numpy as np
import pytest
from PIL import Image

from films import Recipe, film
from picture_pipeline.renditions.video_rotation import orientation_of

Poster = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]


@pytest.mark.parametrize(
    ("turned", "mirrored", "expected"),
    [
        (0, False, ("red", "green", "blue", "white")),
        (-90, False, ("blue", "red", "white", "green")),
        (180, False, ("white", "blue", "green", "red")),
        (90, False, ("green", "white", "red", "blue")),
        (0, True, ("green", "red", "white", "blue")),
        (180, True, ("blue", "white", "red", "green")),
    ],
)
def test_a_turned_film_stands_upright(
    quartered: Image.Image,
    poster_of: Poster,
    colours_of: Colours,
    turned: float,
    mirrored: bool,  # noqa: FBT001 - a parameter of the test
    expected: tuple[str, ...],
) -> None:
    recipe = Recipe(container="mov", turned=turned, mirrored=mirrored)

    poster = poster_of(film([np.asarray(quartered)] * 2, recipe), "quicktime")

    assert colours_of(poster) == expected


def test_a_matrix_that_is_no_turn_by_quarters_is_rounded(
    quartered: Image.Image, poster_of: Poster
) -> None:
    recipe = Recipe(container="mov", turned=-87)

    poster = poster_of(film([np.asarray(quartered)] * 2, recipe), "quicktime")

    assert poster.size == (400, 600)


def test_a_frame_without_a_matrix_is_upright() -> None:
    assert orientation_of(av.VideoFrame(64, 48, "yuv420p")) == 1
