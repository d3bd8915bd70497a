"""Where the picture lies in a RAW: arithmetic on LibRaw's sizes."""

import pytest
from rawpy import ImageSizes

from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.renditions.canvas import Demand
from picture_pipeline.renditions.raw_frame import Frame, fills_smallest, frame_of
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size

DEMAND = Demand(1, DEFAULT_SPECS, 10**9)
# An R6 as LibRaw tells it: 5496x3670 developed, of which the camera shows 5472x3648.
SIZES = ImageSizes(3708, 5568, 3670, 5496, 38, 72, 3670, 5496, 1.0, 0, 84, 50, 5472, 3648)


def frame(size: Size, orientation: int = 1) -> Frame:
    return Frame(size, 0, 0, size, orientation)


def test_the_edges_that_the_camera_does_not_show_are_cut_off() -> None:
    found = frame_of(SIZES, 1)

    assert (found.size, found.left, found.top) == (Size(5472, 3648), 12, 12)


@pytest.mark.parametrize(
    "absurd",
    [
        {"crop_width": 0, "crop_height": 0},
        {"crop_width": 60000},
        {"crop_left_margin": 0},
        {"crop_top_margin": 4000},
        {"crop_width": 2000, "crop_height": 1000},
        {"pixel_aspect": 2.0},
    ],
)
def test_an_absurd_crop_is_none(absurd: dict[str, int]) -> None:
    found = frame_of(SIZES._replace(**absurd), 1)

    assert found.size == found.visible
    assert (found.left, found.top) == (0, 0)


@pytest.mark.parametrize(("aspect", "size"), [(0.5, Size(5496, 7340)), (2.0, Size(10992, 3670))])
def test_pixels_that_are_not_square_are_stretched(aspect: float, size: Size) -> None:
    assert frame_of(SIZES._replace(pixel_aspect=aspect), 1).size == size


@pytest.mark.parametrize(
    ("flip", "orientation"), [(1, 2), (2, 4), (3, 3), (4, 5), (5, 8), (6, 6), (7, 7)]
)
def test_libraws_flip_becomes_an_exif_orientation(flip: int, orientation: int) -> None:
    assert frame_of(SIZES._replace(flip=flip), 1).orientation == orientation


@pytest.mark.parametrize("flip", [0, -1, 90])
def test_what_libraw_does_not_know_the_exif_tells(flip: int) -> None:
    assert frame_of(SIZES._replace(flip=flip), 8).orientation == 8


@pytest.mark.parametrize(
    ("preview", "shown"),
    [
        (Size(5472, 3648), True),
        (Size(1620, 1080), True),
        (Size(1616, 1080), True),
        (Size(1536, 1024), False),
        (Size(1920, 1280), True),
        (Size(1920, 1440), False),
        (Size(1920, 1080), False),
        (Size(160, 120), False),
    ],
)
def test_a_preview_stands_for_the_picture_when_shape_and_size_do(
    preview: Size, *, shown: bool
) -> None:
    assert frame(Size(5472, 3648)).is_shown_by(preview, DEMAND) == shown


def test_a_preview_of_a_picture_on_its_side_is_measured_upright() -> None:
    sideways = frame(Size(5472, 3648), 6)

    assert sideways.is_shown_by(Size(1080, 720), DEMAND)
    assert sideways.is_shown_by(Size(720, 1080), DEMAND)
    assert not sideways.is_shown_by(Size(1024, 680), DEMAND)


@pytest.mark.parametrize(
    ("preview", "told", "orientation"),
    [
        (Size(1620, 1080), None, 8),
        (Size(1620, 1080), 8, 8),
        (Size(1620, 1080), 1, 8),
        (Size(1080, 1620), None, 1),
        (Size(1080, 1620), 8, 1),
    ],
)
def test_a_preview_is_turned_when_it_lies_as_the_sensor_did(
    preview: Size, told: int | None, orientation: int
) -> None:
    assert frame(Size(5472, 3648), 8).orientation_of(preview, told) == orientation


@pytest.mark.parametrize(("told", "orientation"), [(None, 3), (3, 3), (1, 1)])
def test_upside_down_only_the_preview_knows(told: int | None, orientation: int) -> None:
    assert frame(Size(5472, 3648), 3).orientation_of(Size(1620, 1080), told) == orientation


def test_half_of_the_size_covers_what_is_half_as_large() -> None:
    assert frame(Size(3240, 2160)).half_covers(Size(1620, 1080))
    assert not frame(Size(3240, 2160)).half_covers(Size(1621, 1080))


@pytest.mark.parametrize(
    ("size", "fills"),
    [(Size(150, 100), True), (Size(100, 160), True), (Size(149, 149), False)],
)
def test_the_last_resort_fills_the_smallest_box(size: Size, *, fills: bool) -> None:
    specs = (RenditionSpec("tiny", 150, 150), RenditionSpec("medium", 1920, 1080))

    assert fills_smallest(size, specs) == fills
