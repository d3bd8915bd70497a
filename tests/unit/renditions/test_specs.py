"""Sizes of renditions: pure arithmetic."""

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size, fit_inside, largest

sides = st.integers(min_value=1, max_value=100_000)
sizes = st.builds(Size, sides, sides)
boxes = st.builds(
    RenditionSpec, st.just("any"), st.integers(1, 5_000), st.integers(min_value=1, max_value=5_000)
)


@given(sizes, boxes)
def test_a_rendition_fits_inside_its_box(size: Size, spec: RenditionSpec) -> None:
    fitted = fit_inside(size, spec)

    assert 1 <= fitted.width <= spec.width
    assert 1 <= fitted.height <= spec.height


@given(sizes, boxes)
def test_nothing_is_enlarged(size: Size, spec: RenditionSpec) -> None:
    fitted = fit_inside(size, spec)

    assert fitted.width <= size.width
    assert fitted.height <= size.height


@given(sizes, boxes)
def test_the_aspect_is_kept_within_one_pixel(size: Size, spec: RenditionSpec) -> None:
    fitted = fit_inside(size, spec)
    scale = max(fitted.width / size.width, fitted.height / size.height)

    assert abs(fitted.width - size.width * min(scale, spec.width / size.width)) <= 1
    assert abs(fitted.height - size.height * min(scale, spec.height / size.height)) <= 1


@given(sizes, boxes)
def test_a_picture_larger_than_the_box_touches_it(size: Size, spec: RenditionSpec) -> None:
    fitted = fit_inside(size, spec)

    assert (
        fitted == size
        or fitted.width == min(spec.width, size.width)
        or fitted.height == spec.height
    )


@given(sizes)
def test_a_picture_on_its_side_gives_the_same_size_on_its_side(size: Size) -> None:
    square = RenditionSpec("square", 500, 500)

    assert fit_inside(size.turned(6), square) == fit_inside(size, square).turned(6)


def test_half_a_pixel_is_rounded_up() -> None:
    assert fit_inside(Size(4032, 3024), DEFAULT_SPECS[0]) == Size(150, 113)


def test_a_phone_photo_comes_in_three_sizes() -> None:
    fitted = [fit_inside(Size(4032, 3024), spec) for spec in DEFAULT_SPECS]

    assert fitted == [Size(150, 113), Size(500, 375), Size(1440, 1080)]


def test_the_largest_is_found_wherever_it_stands() -> None:
    specs = (RenditionSpec("large", 900, 900), RenditionSpec("small", 90, 90))

    assert largest(Size(1000, 500), specs) == Size(900, 450)
    assert largest(Size(1000, 500), specs[::-1]) == Size(900, 450)


def test_only_sideways_orientations_swap_the_sides() -> None:
    turned = [Size(3, 2).turned(orientation) for orientation in range(1, 9)]

    assert turned == [Size(3, 2)] * 4 + [Size(2, 3)] * 4
