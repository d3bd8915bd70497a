"""Scaling down: exact sizes, no aliasing, nothing lost."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from picture_pipeline.renditions.resize import PREFILTER, by_lanczos, resize, taps
from picture_pipeline.renditions.specs import Size

PHASES = 64
REACH = 12


def lanczos(distance: np.ndarray) -> np.ndarray:
    return np.where(np.abs(distance) < 3, np.sinc(distance) * np.sinc(distance / 3), 0)


def error_against_lanczos(factor: float, five: np.ndarray) -> float:
    """Give the rms distance of the weights that the source pixels get, over all phases."""
    pixels = np.arange(-REACH, REACH + 1)
    squares = 0.0
    for phase in (np.arange(PHASES) + 0.5) / PHASES:
        wanted = lanczos((pixels - phase) / factor)
        weights = np.zeros(len(pixels))
        for pixel in (0, 1):
            for offset, tap in zip(range(-2, 3), five, strict=True):
                weights[pixel + offset + REACH] += max(0.0, 1 - abs(pixel - phase)) * tap
        squares += float(((weights - wanted / wanted.sum()) ** 2).sum())
    return (squares / PHASES) ** 0.5


@pytest.mark.parametrize("factor", PREFILTER[:, 0])
def test_the_taps_bring_linear_nearer_to_lanczos(factor: float) -> None:
    plain = error_against_lanczos(factor, np.array((0, 0, 1, 0, 0)))
    filtered = error_against_lanczos(factor, taps(factor))

    assert filtered < 0.85 * plain
    assert filtered < 0.15


@pytest.mark.parametrize("factor", PREFILTER[:, 0])
@pytest.mark.parametrize("change", [(0.02, 0), (-0.02, 0), (0, 0.02), (0, -0.02)])
def test_no_other_taps_are_nearer(factor: float, change: tuple[float, float]) -> None:
    outer, inner = change
    other = taps(factor) + np.array((outer, inner, -2 * (outer + inner), inner, outer))

    assert error_against_lanczos(factor, taps(factor)) < error_against_lanczos(factor, other)


@pytest.mark.parametrize("factor", [1.0, 1.07, 1.4, 1.77, 2.0])
def test_the_taps_leave_flat_areas_as_they_are(factor: float) -> None:
    assert taps(factor).sum() == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 300), st.integers(1, 300))
def test_the_size_comes_out_exactly(width: int, height: int, to_width: int, to_height: int) -> None:
    size = Size(min(width, to_width), min(height, to_height))

    scaled = resize(np.zeros((height, width, 3), np.uint8), size)

    assert scaled.shape == (size.height, size.width, 3)


@pytest.mark.parametrize("bands", [1, 3, 4])
@pytest.mark.parametrize("factor", [1.0, 1.3, 1.9, 2.7, 10.0])
def test_a_flat_picture_stays_flat(bands: int, factor: float) -> None:
    flat = np.full((200, 300, bands), 77, np.uint8)

    scaled = resize(flat, Size(round(300 / factor), round(200 / factor)))

    assert scaled.shape[2] == bands
    assert set(np.unique(scaled)) == {77}


def test_fine_stripes_become_grey_and_no_coarse_stripes() -> None:
    stripes = np.zeros((280, 280, 1), np.uint8)
    stripes[:, ::2] = 255

    scaled = resize(stripes, Size(200, 200))

    assert scaled[20:-20, 20:-20].std() < 16


def test_noise_comes_out_nearly_as_lanczos_has_it() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (400, 560, 3), np.uint8)
    wanted = by_lanczos(noise, Size(400, 286)).astype(int)

    filtered = np.abs(resize(noise, Size(400, 286)) - wanted).mean()
    plain = np.abs(cv2.resize(noise, (400, 286), interpolation=cv2.INTER_LINEAR) - wanted).mean()

    assert filtered < plain / 2
