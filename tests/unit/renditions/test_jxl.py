"""JPEG XL: what was pixels, and what was a JPEG."""

import io
from collections.abc import Callable

import numpy as np
import pillow_jxl  # noqa: F401 - teaches Pillow to write JPEG XL
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions.jxl_header import read_jxl_header
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import in_memory

UPRIGHT = ("red", "green", "blue", "white")
# cjxl's (0.7) work on the four quarters, 8 x 4 pixels, stored with orientation 6.
ON_ITS_SIDE = bytes.fromhex(
    "ff0a18700b041497040802010098004b188b15c209b2cd69f0de05820078dcf1ad61a10b3e8553f8db17d71a10a0a0136395221500"
)

Saved = Callable[..., bytes]
Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]
Reason = Callable[..., str]


@pytest.mark.parametrize("container", [True, False])
@pytest.mark.parametrize("lossless", [True, False])
def test_a_jpeg_xl_is_shown(
    quartered: Image.Image,
    saved: Saved,
    medium_of: Medium,
    colours_of: Colours,
    *,
    container: bool,
    lossless: bool,
) -> None:
    data = saved(quartered, "JXL", lossless=lossless, use_container=container)

    assert colours_of(medium_of(data, "jxl")) == UPRIGHT


@pytest.mark.parametrize("told", [1, 6])
def test_the_codestreams_orientation_is_applied_once_and_exifs_never(
    medium_of: Medium, colours_of: Colours, told: int
) -> None:
    medium = medium_of(ON_ITS_SIDE, "jxl", told)

    assert medium.size == (4, 8)
    assert colours_of(medium) == ("blue", "red", "white", "green")


def test_the_header_tells_size_and_orientation() -> None:
    header = read_jxl_header(ON_ITS_SIDE)

    assert header is not None
    assert (header.size, header.orientation) == (Size(8, 4), 6)


@pytest.mark.parametrize(
    "size", [(1, 1), (8, 8), (256, 256), (257, 3), (600, 400), (1600, 900), (9000, 10)]
)
def test_the_header_tells_the_size_that_was_encoded(saved: Saved, size: tuple[int, int]) -> None:
    header = read_jxl_header(saved(Image.new("L", size), "JXL", lossless=True))

    assert header is not None
    assert header.size == Size(*size)


def test_a_jpeg_inside_becomes_one_again(
    quartered: Image.Image,
    saved: Saved,
    medium_of: Medium,
    colours_of: Colours,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("jxl") / "a.jpg"
    path.write_bytes(saved(quartered, "JPEG", quality=90))
    with Image.open(path) as opened:
        data = saved(opened, "JXL", lossless_jpeg=True)

    assert b"jbrd" in data
    assert colours_of(medium_of(data, "jxl")) == UPRIGHT


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA"])
def test_other_bands_are_shown(saved: Saved, medium_of: Medium, mode: str) -> None:
    medium = medium_of(saved(Image.new("RGB", (60, 40), "white").convert(mode), "JXL"), "jxl")

    assert np.asarray(medium).min() >= 250


def test_what_is_transparent_becomes_white(saved: Saved, medium_of: Medium) -> None:
    medium = medium_of(saved(Image.new("RGBA", (60, 40)), "JXL", lossless=True), "jxl")

    assert np.asarray(medium).min() >= 253


def test_sixteen_bit_grey_is_scaled_and_not_clipped(saved: Saved, medium_of: Medium) -> None:
    """libjxl's encoder takes 16 bits for linear light, so the ramp comes out bent."""
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (32, 1))

    data = saved(Image.fromarray(ramp), "JXL", lossless=True)

    row = np.asarray(medium_of(data, "jxl").convert("L"))[16].astype(int)
    assert row[0] <= 3
    assert row[128] == pytest.approx(188, abs=4)
    assert row[255] >= 252
    assert np.diff(row).min() >= -2


def test_garbage_after_the_signature_is_undecodable(reason_of: Reason) -> None:
    assert reason_of(b"\xff\x0a" + bytes(range(100)), "jxl") == "undecodable"


def test_a_header_that_promises_too_much_is_too_large(saved: Saved) -> None:
    data = saved(Image.new("L", (600, 400)), "JXL")

    outcome = StillRenderer(max_pixels=1000).render(
        in_memory(data), MediaType("image/jxl", "jxl"), None, DEFAULT_SPECS
    )

    assert isinstance(outcome, Unrenderable)
    assert outcome.reason == "too_large"


@settings(max_examples=30, deadline=None)
@given(place=st.floats(0, 1), value=st.integers(0, 255))
def test_a_damaged_jpeg_xl_never_raises(place: float, value: int) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 50).save(buffer, "JXL")
    data = bytearray(buffer.getvalue())
    data[int(place * (len(data) - 1))] = value

    outcome = StillRenderer(max_pixels=10**7).render(
        in_memory(bytes(data)), MediaType("image/jxl", "jxl"), None, DEFAULT_SPECS
    )

    assert isinstance(outcome, Rendered | Unrenderable)
