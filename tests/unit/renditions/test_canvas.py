"""Standing upright."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from picture_pipeline.renditions.canvas import Demand, stand_upright
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_what_pillow_makes_of_it(orientation: int) -> None:
    pixels = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
    picture = Image.fromarray(pixels)
    picture.getexif()[0x0112] = orientation

    assert np.array_equal(stand_upright(pixels, orientation), ImageOps.exif_transpose(picture))


def test_the_base_of_a_portrait_lies_on_its_side_as_the_original_does() -> None:
    demand = Demand(6, DEFAULT_SPECS, 400_000_000)

    assert demand.base(Size(4032, 3024), 6) == Size(1080, 810)


def test_too_many_pixels_are_refused() -> None:
    refusal = Demand(1, DEFAULT_SPECS, 1_000_000).refuse(Size(1001, 1000))

    assert refusal is not None
    assert refusal.reason == "too_large"


def test_as_many_pixels_as_allowed_are_taken() -> None:
    assert Demand(1, DEFAULT_SPECS, 1_000_000).refuse(Size(1000, 1000)) is None


def test_a_picture_without_pixels_is_undecodable() -> None:
    refusal = Demand(1, DEFAULT_SPECS, 1_000_000).refuse(Size(0, 1000))

    assert refusal is not None
    assert refusal.reason == "undecodable"
