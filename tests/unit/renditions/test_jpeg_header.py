"""What a JPEG's markers say."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from picture_pipeline.renditions.jpeg import scaled_size
from picture_pipeline.renditions.jpeg_header import JpegHeader, read_header
from picture_pipeline.renditions.specs import Size


def test_size_bits_and_components_are_read(saved: Callable[..., bytes]) -> None:
    header = read_header(saved(Image.new("RGB", (30, 20)), "JPEG"))

    assert header == JpegHeader(Size(30, 20), 8, 3, None)


@pytest.mark.parametrize("length", [1, 65_519, 65_520, 200_000])
def test_a_profile_is_put_together_from_its_parts(saved: Callable[..., bytes], length: int) -> None:
    profile = bytes(range(256)) * (length // 256) + bytes(length % 256)

    header = read_header(saved(Image.new("L", (8, 8)), "JPEG", icc_profile=profile))

    assert header is not None
    assert header.profile == profile


def test_a_jpeg_without_a_scan_has_no_header(saved: Callable[..., bytes]) -> None:
    data = saved(Image.new("RGB", (30, 20)), "JPEG")

    assert read_header(data[: data.index(b"\xff\xda")]) is None


@given(st.binary(max_size=300))
def test_garbage_after_the_start_marker_is_no_error(garbage: bytes) -> None:
    header = read_header(b"\xff\xd8" + garbage)

    assert header is None or header.components in range(256)


def test_twelve_megapixels_are_decoded_at_half_the_size() -> None:
    assert scaled_size(Size(4032, 3024), Size(1440, 1080)) == Size(2016, 1512)


def test_forty_eight_megapixels_are_decoded_at_a_quarter() -> None:
    assert scaled_size(Size(8064, 6048), Size(1440, 1080)) == Size(2016, 1512)


def test_a_small_scale_is_not_used_where_it_would_come_out_soft() -> None:
    assert scaled_size(Size(4032, 3024), Size(1440, 1080)) != Size(1512, 1134)


def test_a_portrait_needs_less_than_half_the_size() -> None:
    assert scaled_size(Size(4032, 3024), Size(1080, 810)) == Size(1512, 1134)


def test_a_scale_that_ends_in_a_fraction_of_a_pixel_is_passed_over() -> None:
    assert scaled_size(Size(4034, 3026), Size(1080, 810)) == Size(2017, 1513)


def test_a_small_picture_is_decoded_whole() -> None:
    assert scaled_size(Size(640, 481), Size(640, 481)) == Size(640, 481)
