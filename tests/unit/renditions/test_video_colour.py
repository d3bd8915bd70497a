"""Colours of films: matrices, ranges, gamuts, HDR."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from films import BT601, BT709, BT2020, UNTOLD, Picture, Recipe, film
from picture_pipeline.renditions.curves import BT709 as SRGB_PRIMARIES
from picture_pipeline.renditions.curves import rgb_to_xyz, srgb_to_linear

BARS = ((200, 40, 40), (40, 180, 60), (50, 60, 210), (230, 230, 230), (128, 128, 128), (20, 20, 20))
D65 = (0.3127, 0.3290)
BT2020_PRIMARIES = ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))
PQ, HLG = 16, 18
LOSSLESS = {"qp": "0"}

Poster = Callable[..., Image.Image]


def bars(width: int = 96, height: int = 240) -> Picture:
    """Make six upright bars."""
    return np.repeat(np.array([BARS], np.uint8), width, axis=1).repeat(height, axis=0)


def difference(poster: Image.Image, width: int = 96) -> float:
    """Give by how many levels the worst band in the middle of a bar is off."""
    pixels = np.asarray(poster.convert("RGB")).astype(int)
    centres = pixels[pixels.shape[0] // 2, width // 2 :: width]
    return float(np.abs(centres - BARS).max())


@pytest.mark.parametrize("matrix", [BT601, BT709, BT2020])
@pytest.mark.parametrize("full_range", [False, True])
def test_matrix_and_range_are_those_that_the_stream_tells(
    poster_of: Poster,
    matrix: int,
    full_range: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    recipe = Recipe(matrix=matrix, full_range=full_range, primaries=1, transfer=1, options=LOSSLESS)

    assert difference(poster_of(film([bars()] * 2, recipe))) <= 5


@pytest.mark.parametrize(("scale", "matrix"), [(1, BT601), (3, BT709)])
def test_an_untold_matrix_is_guessed_by_the_size(
    poster_of: Poster, scale: int, matrix: int
) -> None:
    recipe = Recipe(matrix=matrix, told_matrix=UNTOLD, options=LOSSLESS)
    data = film([bars(96 * scale, 240 * scale)] * 2, recipe)

    assert difference(poster_of(data), 96 * scale) <= 5


def test_the_wrong_matrix_would_be_seen(poster_of: Poster) -> None:
    recipe = Recipe(matrix=BT601, told_matrix=BT709, options=LOSSLESS)

    assert difference(poster_of(film([bars()] * 2, recipe))) > 10


def in_bt2020(picture: Picture) -> np.ndarray:
    """Give linear light of an sRGB picture in the primaries of BT.2020, 1 being white."""
    there = rgb_to_xyz(SRGB_PRIMARIES, D65)
    matrix = np.linalg.solve(rgb_to_xyz(BT2020_PRIMARIES, D65), there)
    return np.clip(srgb_to_linear(picture / 255.0) @ matrix.T, 0, 1)


def hlg(nits: np.ndarray) -> np.ndarray:
    """Give the signal for a display of 1000 cd/m2 (ARIB STD-B67)."""
    scene = (nits / 1000) ** (1 / 1.2)
    bent = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), bent)


def pq(nits: np.ndarray) -> np.ndarray:
    """Give the signal (SMPTE ST 2084)."""
    light = (nits / 10_000) ** (2610 / 16384)
    power = (3424 / 4096 + 2413 / 128 * light) / (1 + 2392 / 128 * light)
    return np.asarray(power ** (2523 / 32))


@pytest.mark.parametrize(("transfer", "signal"), [(HLG, hlg), (PQ, pq)])
def test_hdr_looks_like_the_same_scene_in_sdr(
    poster_of: Poster, transfer: int, signal: Callable[[np.ndarray], np.ndarray]
) -> None:
    recipe = Recipe(
        container="mov",
        codec="libx265",
        pixels="yuv420p10le",
        matrix=BT2020,
        primaries=9,
        transfer=transfer,
        options={"x265-params": "log-level=none:crf=8"},
    )
    graded = np.clip(signal(203 * in_bt2020(bars())), 0, 1) * 255

    poster = poster_of(film([graded] * 2, recipe), "quicktime")

    assert difference(poster) <= 40  # white makes room for what is brighter; all else stays
    assert np.asarray(poster.convert("L")).max() > 200


def test_a_wide_gamut_is_narrowed(poster_of: Poster) -> None:
    linear = in_bt2020(bars())
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    recipe = Recipe(matrix=BT2020, primaries=9, transfer=1, pixels="yuv420p", options=LOSSLESS)

    assert difference(poster_of(film([encoded * 255] * 2, recipe))) <= 8
