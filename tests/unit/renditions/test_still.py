"""Every format, every orientation, every size, from pictures made in memory."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered, RenditionSpec
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size, fit_inside
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import in_memory

UPRIGHT = ("red", "green", "blue", "white")
ORIENTATION = 0x0112
JPEG = MediaType("image/jpeg", "jpg")

# How to store an upright picture so that the orientation brings it back.
STORED_AS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}

Saved = Callable[..., bytes]
Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]


def stored(picture: Image.Image, orientation: int) -> Image.Image:
    turn = STORED_AS.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def exif(orientation: int) -> bytes:
    held = Image.Exif()
    held[ORIENTATION] = orientation
    return held.tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_exif_orientation_stands_upright(
    quartered: Image.Image,
    saved: Saved,
    medium_of: Medium,
    colours_of: Colours,
    form: str,
    orientation: int,
) -> None:
    data = saved(stored(quartered, orientation), form, exif=exif(orientation))

    medium = medium_of(data, form.lower(), orientation)

    assert colours_of(medium) == UPRIGHT
    assert medium.size == (600, 400)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_stands_upright(
    quartered: Image.Image, saved: Saved, medium_of: Medium, colours_of: Colours, orientation: int
) -> None:
    data = saved(stored(quartered, orientation), "TIFF", tiffinfo={ORIENTATION: orientation})

    medium = medium_of(data, "tiff", orientation)

    assert colours_of(medium) == UPRIGHT
    assert medium.size == (600, 400)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_an_avif_stands_upright_by_its_container(
    quartered: Image.Image, saved: Saved, medium_of: Medium, colours_of: Colours, orientation: int
) -> None:
    data = saved(stored(quartered, orientation), "AVIF", exif=exif(orientation))

    assert colours_of(medium_of(data, "avif", 1)) == UPRIGHT


@pytest.mark.parametrize("orientation", [None, 0, 9, -1, 1000])
def test_an_absurd_orientation_counts_as_none(
    quartered: Image.Image,
    saved: Saved,
    medium_of: Medium,
    colours_of: Colours,
    orientation: int | None,
) -> None:
    assert colours_of(medium_of(saved(quartered, "JPEG"), "jpeg", orientation)) == UPRIGHT


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "AVIF"])
def test_every_format_keeps_its_colours(
    quartered: Image.Image, saved: Saved, medium_of: Medium, colours_of: Colours, form: str
) -> None:
    assert colours_of(medium_of(saved(quartered, form), form.lower())) == UPRIGHT


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.integers(1, 8), st.sampled_from(["RGB", "L"]))
def test_sizes_are_those_of_the_table(width: int, height: int, orientation: int, mode: str) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, "JPEG")
    rendered = StillRenderer().render(
        in_memory(buffer.getvalue()), JPEG, orientation, DEFAULT_SPECS
    )
    assert isinstance(rendered, Rendered)

    upright = Size(width, height).turned(orientation)
    for picture, spec in zip(rendered.pictures, DEFAULT_SPECS, strict=True):
        size = fit_inside(upright, spec)
        assert (picture.name, picture.width, picture.height) == (spec.name, size.width, size.height)
        assert Image.open(io.BytesIO(picture.jpeg)).size == (size.width, size.height)


def test_renditions_come_in_the_order_of_the_specs(
    renderer: StillRenderer, quartered: Image.Image, saved: Saved
) -> None:
    specs = tuple(RenditionSpec(str(side), side, side) for side in (300, 50, 500, 70))

    rendered = renderer.render(
        in_memory(saved(quartered, "PNG")), MediaType("image/png", "png"), 1, specs
    )

    assert isinstance(rendered, Rendered)
    assert [picture.name for picture in rendered.pictures] == ["300", "50", "500", "70"]
    assert [picture.width for picture in rendered.pictures] == [300, 50, 500, 70]


def test_no_metadata_and_no_profile_come_through(
    quartered: Image.Image, saved: Saved, renderer: StillRenderer
) -> None:
    held = Image.Exif()
    held[0x010F] = "SECRETMAKER"
    held.get_ifd(0x8825)[1] = "N"
    data = saved(
        quartered,
        "JPEG",
        exif=held.tobytes(),
        icc_profile=b"SECRETPROFILE" * 20,
        comment=b"SECRETCOMMENT",
        xmp=b"SECRETXMP",
    )
    assert data.count(b"SECRET") >= 4

    rendered = renderer.render(in_memory(data), JPEG, 1, DEFAULT_SPECS)

    assert isinstance(rendered, Rendered)
    for picture in rendered.pictures:
        assert b"SECRET" not in picture.jpeg
        assert b"Exif" not in picture.jpeg
        assert b"ICC_PROFILE" not in picture.jpeg


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_frame_of_many_is_shown(
    quartered: Image.Image, saved: Saved, medium_of: Medium, colours_of: Colours, form: str
) -> None:
    others = [Image.new("RGB", quartered.size, "black")] * 2

    data = saved(quartered, form, save_all=True, append_images=others)

    assert colours_of(medium_of(data, form.lower())) == UPRIGHT


def test_a_worse_quality_makes_smaller_files(saved: Saved) -> None:
    data = saved(Image.effect_noise((400, 300), 80), "JPEG")

    lengths = []
    for quality in (40, 85):
        rendered = StillRenderer(quality=quality).render(in_memory(data), JPEG, 1, DEFAULT_SPECS)
        assert isinstance(rendered, Rendered)
        lengths.append(len(rendered.pictures[0].jpeg))

    assert lengths[0] < lengths[1]


def test_equal_sizes_are_encoded_once(renderer: StillRenderer, saved: Saved) -> None:
    rendered = renderer.render(
        in_memory(saved(Image.new("RGB", (90, 60)), "JPEG")), JPEG, 1, DEFAULT_SPECS
    )

    assert isinstance(rendered, Rendered)
    assert len({id(picture.jpeg) for picture in rendered.pictures}) == 1
