"""RAW files: the preview where it is as good as the sensor, else the sensor."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import in_memory
from raws import dng

ORIENTATION, EXIF = 0x0112, 0x8769
SENSOR = (600, 400)
UPRIGHT = ("red", "green", "blue", "white")
GREYS = ("grey",) * 4
# The four quarters of a picture stored in the sensor's axes, upright, read as one reads a page.
TURNED = {
    1: ("red", "green", "blue", "white"),
    2: ("green", "red", "white", "blue"),
    3: ("white", "blue", "green", "red"),
    4: ("blue", "white", "red", "green"),
    5: ("red", "blue", "green", "white"),
    6: ("blue", "red", "white", "green"),
    7: ("white", "green", "blue", "red"),
    8: ("green", "white", "red", "blue"),
}

Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]
Attempt = Callable[..., Rendered | Unrenderable]
Reason = Callable[..., str]


def jpeg(picture: Image.Image, size: tuple[int, int] | None = None, **more: object) -> bytes:
    buffer = io.BytesIO()
    picture.resize(size or picture.size, Image.Resampling.NEAREST).save(
        buffer, "JPEG", quality=95, **more
    )
    return buffer.getvalue()


def told(orientation: int) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif.tobytes()


@pytest.fixture
def sensor(quartered: Image.Image) -> np.ndarray:
    return np.asarray(quartered)


@pytest.fixture
def grey() -> Image.Image:
    """What the previews show where the sensor saw colours, to tell the two apart."""
    return Image.new("RGB", SENSOR, (128, 128, 128))


def test_a_large_preview_is_shown(
    sensor: np.ndarray, grey: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    medium = medium_of(dng(sensor, previews=[jpeg(grey)]), "x-adobe-dng")

    assert colours_of(medium) == GREYS


def test_a_small_preview_gives_way_to_the_sensor(
    sensor: np.ndarray, grey: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    medium = medium_of(dng(sensor, previews=[jpeg(grey, (300, 200))]), "x-adobe-dng")

    assert colours_of(medium) != GREYS
    assert medium.size == SENSOR


def test_a_preview_that_fills_the_box_is_large_enough(
    quartered: Image.Image, grey: Image.Image, medium_of: Medium
) -> None:
    large = np.asarray(quartered.resize((3000, 2000)))

    medium = medium_of(dng(large, previews=[jpeg(grey, (1616, 1080))]), "x-adobe-dng")

    assert medium.size == (1616, 1080)


def test_a_preview_of_another_shape_gives_way_to_the_sensor(
    sensor: np.ndarray, grey: Image.Image, medium_of: Medium
) -> None:
    medium = medium_of(dng(sensor, previews=[jpeg(grey, (800, 600))]), "x-adobe-dng")

    assert medium.size == SENSOR


def test_the_largest_of_several_previews_counts(
    sensor: np.ndarray, grey: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    small = jpeg(Image.new("RGB", SENSOR, "black"), (150, 100))

    medium = medium_of(dng(sensor, previews=[small, jpeg(grey)]), "x-adobe-dng")

    assert colours_of(medium) == GREYS


def test_a_broken_preview_gives_way_to_the_sensor(
    sensor: np.ndarray, grey: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    headless = bytearray(jpeg(grey))
    scan = headless.index(b"\xff\xda")
    data = dng(sensor, previews=[bytes(headless[: scan + 4]) + b"\xff\xd9"])

    assert colours_of(medium_of(data, "x-adobe-dng")) == UPRIGHT


def test_no_preview_means_developing(
    sensor: np.ndarray, medium_of: Medium, colours_of: Colours
) -> None:
    assert colours_of(medium_of(dng(sensor), "x-adobe-dng")) == UPRIGHT


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_developed_picture_stands_upright(
    sensor: np.ndarray, medium_of: Medium, colours_of: Colours, orientation: int
) -> None:
    medium = medium_of(dng(sensor, orientation=orientation), "x-adobe-dng", orientation)

    assert colours_of(medium) == TURNED[orientation]


@pytest.mark.parametrize("own", [None, "same"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_preview_in_the_sensors_axes_stands_upright(
    quartered: Image.Image,
    medium_of: Medium,
    colours_of: Colours,
    orientation: int,
    own: str | None,
) -> None:
    exif = told(orientation) if own else b""
    data = dng(
        np.zeros((400, 600, 3), np.uint8),
        previews=[jpeg(quartered, exif=exif)],
        orientation=orientation,
    )

    assert colours_of(medium_of(data, "x-adobe-dng", orientation)) == TURNED[orientation]


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
@pytest.mark.parametrize("own", [None, 1, 6])
def test_a_preview_that_is_upright_already_is_left_so(
    quartered: Image.Image,
    medium_of: Medium,
    colours_of: Colours,
    orientation: int,
    own: int | None,
) -> None:
    exif = told(own) if own else b""
    upright = jpeg(quartered.resize((400, 600)), exif=exif)
    data = dng(np.zeros((400, 600, 3), np.uint8), previews=[upright], orientation=orientation)

    assert colours_of(medium_of(data, "x-adobe-dng", orientation)) == UPRIGHT


def test_without_libraws_word_the_exif_orientation_counts(
    sensor: np.ndarray, medium_of: Medium, colours_of: Colours
) -> None:
    assert colours_of(medium_of(dng(sensor), "x-canon-crw", 6)) == TURNED[6]


@pytest.mark.parametrize(("mosaic", "packed"), [(True, True), (False, False), (False, True)])
def test_dngs_of_all_kinds_are_developed(
    sensor: np.ndarray, medium_of: Medium, colours_of: Colours, *, mosaic: bool, packed: bool
) -> None:
    data = dng(sensor, mosaic=mosaic, packed=packed)

    assert colours_of(medium_of(data, "x-adobe-dng")) == UPRIGHT


def test_a_grey_sensor_gives_a_grey_picture(medium_of: Medium) -> None:
    half = np.full((*SENSOR[::-1], 1), 128, np.uint8)
    half[:200] = 250

    medium = np.asarray(medium_of(dng(half, mosaic=False), "x-adobe-dng")).astype(int)

    assert np.abs(medium - medium[:, :, :1]).max() <= 2
    assert medium[100, 300, 0] > medium[300, 300, 0] + 50


def test_a_large_sensor_is_developed_at_half_its_size_or_more(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    medium = medium_of(dng(np.asarray(quartered.resize((3300, 2200)))), "x-adobe-dng")

    assert medium.size == (1620, 1080)
    assert colours_of(medium) == UPRIGHT


@pytest.mark.parametrize("exposure", [0.3, 0.6, 1.0])
def test_a_developed_picture_is_as_bright_as_the_camera_made_it(
    medium_of: Medium, exposure: float
) -> None:
    scene = Image.linear_gradient("L").resize(SENSOR).convert("RGB")
    data = dng(np.asarray(scene), previews=[jpeg(scene, (150, 100))], exposure=exposure)

    medium = np.asarray(medium_of(data, "x-adobe-dng"))

    assert medium.mean() == pytest.approx(np.asarray(scene).mean(), abs=4)


def test_without_a_preview_night_stays_night(sensor: np.ndarray, medium_of: Medium) -> None:
    medium = np.asarray(medium_of(dng(sensor, exposure=0.01), "x-adobe-dng"))

    assert medium.mean() < 60


def adobe(space: int) -> list[tuple[int, int, object]]:
    return [(0xA001, 3, (space,))]


def test_a_preview_in_adobe_rgb_becomes_srgb(sensor: np.ndarray, medium_of: Medium) -> None:
    green = jpeg(Image.new("RGB", SENSOR, (100, 160, 100)))

    as_adobe = medium_of(dng(sensor, previews=[green], exif=adobe(2)), "x-nikon-nef")
    as_srgb = medium_of(dng(sensor, previews=[green], exif=adobe(1)), "x-nikon-nef")

    assert as_srgb.getpixel((300, 200)) == pytest.approx((100, 160, 100), abs=3)
    assert as_adobe.getpixel((300, 200)) == pytest.approx((53, 162, 96), abs=4)


def test_a_dngs_preview_is_in_srgb_whatever_its_camera_was_set_to(
    sensor: np.ndarray, medium_of: Medium
) -> None:
    green = jpeg(Image.new("RGB", SENSOR, (100, 160, 100)))

    medium = medium_of(dng(sensor, previews=[green], exif=adobe(2)), "x-adobe-dng")

    assert medium.getpixel((300, 200)) == pytest.approx((100, 160, 100), abs=3)


def test_a_preview_that_says_itself_that_it_is_in_adobe_rgb_becomes_srgb(
    sensor: np.ndarray, medium_of: Medium
) -> None:
    exif = Image.Exif()
    exif.get_ifd(EXIF)[0xA001] = 65535
    exif.get_ifd(EXIF)[0xA005] = {1: "R03"}
    green = jpeg(Image.new("RGB", SENSOR, (100, 160, 100)), exif=exif.tobytes())

    medium = medium_of(dng(sensor, previews=[green]), "x-fujifilm-raf")

    assert medium.getpixel((300, 200)) == pytest.approx((53, 162, 96), abs=4)


def test_a_cr3_tells_of_adobe_rgb_in_a_box_of_its_own(medium_of: Medium) -> None:
    exif = Image.Exif()
    exif[0xA001] = 2
    box = b"CMT2" + exif.tobytes().removeprefix(b"Exif\0\0")
    green = jpeg(Image.new("RGB", SENSOR, (100, 160, 100)))

    medium = medium_of(bytes(100) + box + bytes(100) + green, "x-canon-cr3")

    assert medium.getpixel((300, 200)) == pytest.approx((53, 162, 96), abs=4)


def test_an_unknown_raw_shows_the_jpeg_inside(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    data = b"a RAW of tomorrow" + bytes(1000) + jpeg(quartered) + bytes(1000)

    assert colours_of(medium_of(data, "x-raw", 1)) == UPRIGHT


def hollowed(data: bytes, preview: bytes = b"") -> bytes:
    """Put zeros where the sensor's samples were."""
    samples = SENSOR[0] * SENSOR[1] * 2
    head = len(data) - samples - len(preview)
    return data[:head] + bytes(samples) + preview


def test_where_the_sensors_data_are_missing_a_smaller_preview_is_shown(
    sensor: np.ndarray, quartered: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    preview = jpeg(quartered, (300, 200))

    medium = medium_of(hollowed(dng(sensor, previews=[preview]), preview), "x-adobe-dng")

    assert medium.size == (300, 200)
    assert colours_of(medium) == UPRIGHT


def test_a_raw_of_zeros_is_undecodable(sensor: np.ndarray, reason_of: Reason) -> None:
    assert reason_of(hollowed(dng(sensor)), "x-adobe-dng") == "undecodable"


def test_what_libraw_leaves_out_shows_nothing_of_other_pictures(
    sensor: np.ndarray, reason_of: Reason, medium_of: Medium
) -> None:
    """A strip that is no JPEG ends LibRaw's unpacking without a word."""
    data = dng(sensor, packed=True)
    start = data.index(b"\xff\xd8\xff\xc3")
    broken = data[:start] + bytes(len(data) - start)
    medium_of(dng(sensor), "x-adobe-dng")

    assert reason_of(broken, "x-adobe-dng") == "undecodable"


def test_an_unknown_raw_with_a_mere_icon_is_unsupported(
    quartered: Image.Image, reason_of: Reason
) -> None:
    data = b"a RAW of tomorrow" + jpeg(quartered, (80, 60))

    assert reason_of(data, "x-raw") == "unsupported_picture"


def test_a_sensor_of_too_many_pixels_is_too_large(sensor: np.ndarray) -> None:
    media_type = MediaType("image/x-adobe-dng", "dng", Family.RAW)

    outcome = StillRenderer(max_pixels=1000).render(
        in_memory(dng(sensor)), media_type, 1, DEFAULT_SPECS
    )

    assert isinstance(outcome, Unrenderable)
    assert outcome.reason == "too_large"


@settings(max_examples=40, deadline=None)
@given(places=st.lists(st.floats(0, 1), min_size=1, max_size=20), value=st.integers(0, 255))
def test_a_damaged_raw_never_raises(places: list[float], value: int) -> None:
    picture = Image.effect_noise((96, 64), 60).convert("RGB")
    data = bytearray(dng(np.asarray(picture), previews=[jpeg(picture, (48, 32))], packed=True))
    for place in places:
        data[int(place * place * (len(data) - 1))] = value
    media_type = MediaType("image/x-adobe-dng", "dng", Family.RAW)

    outcome = StillRenderer(max_pixels=10**7).render(
        in_memory(bytes(data)), media_type, 1, DEFAULT_SPECS
    )

    assert isinstance(outcome, Rendered | Unrenderable)
