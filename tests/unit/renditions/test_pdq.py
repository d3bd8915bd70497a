"""PDQ against the reference's own hashes, and on copies of one picture."""

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.model.rendition import Rendered, RenderedPicture, RenditionSpec
from picture_pipeline.renditions.pdq import (
    gray_of,
    hash_gray,
    hash_jpeg,
    hash_rendered,
    hashed_spec,
)

# What pdqhash 0.2.8, Meta's own C++, says of these planes.
REFERENCE = (
    (500, 375, 0, "bb9be719ef070a023a17541fa5fff664c44e8f0c187ffff8fc0010f0fc0010f0"),
    (375, 500, 5, "1ff8cc000ff8cf000fd8cf001fdccf001fd8cf181fdcef004fdcef181dfccf00"),
    (64, 64, 2, "adb6d52aad546a95a4ac57497c51dab594a9d95294a4266ca8ab694a6b53b6a5"),
    (127, 300, 9, "64d024b7db6e3490cf2fc6906b2f3190eaaff194deae68985aae7090ebaf1190"),
    (500, 500, 1, "f6902d21b36ce667c58f8f0f183f03fcffc08000fff0f000fff0f000fff0f060"),
)
VERY_NEAR = 20
"""Bits: the stricter of the two bounds of the same-shot rule."""
TINY, SMALL, MEDIUM = (
    RenditionSpec("tiny", 150, 150),
    RenditionSpec("small", 500, 500),
    RenditionSpec("medium", 1920, 1080),
)


def plane(width: int, height: int, number: int) -> NDArray[np.uint8]:
    """Make a plane of integers alone, so that it is the same everywhere."""
    y, x = np.mgrid[0:height, 0:width]
    waves = (x * x // (40 + number) + y * (3 + number) + (x * y) // 97) // 2
    return ((waves ^ (x // 17 * 29)) % 256).astype(np.uint8)


def jpeg(pixels: NDArray[np.uint8], quality: int = 90) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def apart(one: PictureHash | None, other: PictureHash | None) -> int:
    assert one is not None
    assert other is not None
    return (int.from_bytes(one.pdq) ^ int.from_bytes(other.pdq)).bit_count()


def smooth(seed: int) -> NDArray[np.uint8]:
    """Make something like a photo: large shapes, few of them."""
    small = np.random.default_rng(seed).integers(0, 256, (9, 12), np.uint8)
    return np.asarray(Image.fromarray(small).resize((640, 480), Image.Resampling.BICUBIC))


@pytest.mark.parametrize(("width", "height", "number", "expected"), REFERENCE)
def test_a_hash_is_the_one_that_the_reference_gives(
    width: int, height: int, number: int, expected: str
) -> None:
    made = hash_gray(plane(width, height, number))
    # A frequency that stands at the median may fall to either side on another machine.
    assert apart(made, PictureHash(bytes.fromhex(expected), 100)) <= 2


def test_half_of_the_bits_are_set() -> None:
    made = hash_gray(plane(500, 375, 0))
    assert int.from_bytes(made.pdq).bit_count() == 128


def test_a_flat_picture_has_no_quality() -> None:
    assert hash_gray(np.full((300, 400), 128, np.uint8)).quality == 0


def test_a_busy_picture_has_full_quality() -> None:
    assert hash_gray(plane(500, 375, 0)).quality == 100


def test_strong_compression_changes_few_bits() -> None:
    picture = smooth(1)
    assert apart(hash_jpeg(jpeg(picture, 95)), hash_jpeg(jpeg(picture, 40))) <= VERY_NEAR


def test_scaling_down_changes_few_bits() -> None:
    picture = smooth(2)
    half = np.asarray(Image.fromarray(picture).resize((320, 240)))
    assert apart(hash_jpeg(jpeg(picture)), hash_jpeg(jpeg(half))) <= VERY_NEAR


def test_other_pictures_are_far_away() -> None:
    assert apart(hash_jpeg(jpeg(smooth(3))), hash_jpeg(jpeg(smooth(4)))) > 80


def test_what_is_no_jpeg_has_no_hash() -> None:
    assert hash_jpeg(b"no JPEG at all") is None


def test_a_picture_of_a_few_pixels_has_no_hash() -> None:
    assert hash_jpeg(jpeg(np.zeros((3, 300), np.uint8))) is None


def test_the_smallest_rendition_that_is_large_enough_is_hashed() -> None:
    assert hashed_spec((MEDIUM, TINY, SMALL)) == SMALL


def test_of_small_renditions_the_largest_is_hashed() -> None:
    assert hashed_spec((RenditionSpec("icon", 64, 64), TINY)) == TINY


def test_a_rendered_picture_is_hashed_by_its_small_one() -> None:
    small, medium = jpeg(smooth(5)), jpeg(smooth(6))
    rendered = Rendered(
        (RenderedPicture("small", 640, 480, small), RenderedPicture("medium", 640, 480, medium))
    )
    assert hash_rendered((SMALL, MEDIUM), rendered) == hash_jpeg(small)


def test_nothing_rendered_has_no_hash() -> None:
    assert hash_rendered((SMALL,), Rendered(())) is None


def test_levels_of_gray_are_32_by_32() -> None:
    assert len(gray_of(jpeg(smooth(7)))) == 32 * 32


def test_what_is_no_jpeg_has_no_levels_of_gray() -> None:
    assert gray_of(b"no JPEG at all") == b""
