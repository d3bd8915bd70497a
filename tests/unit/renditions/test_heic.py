"""HEIC: the fast path, and what is left to pillow-heif."""

import io
from collections.abc import Callable

import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions import libheif
from picture_pipeline.renditions.canvas import Demand
from picture_pipeline.renditions.heic import scale_for
from picture_pipeline.renditions.nclx import from_code_points
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer, paint
from picture_pipeline.renditions.tiles import plan_tiles
from picture_pipeline.workflows.contents import in_memory

UPRIGHT = ("red", "green", "blue", "white")
ORIENTATION = 0x0112
HEIC = MediaType("image/heic", "heic")
DEMAND = Demand(1, DEFAULT_SPECS, 400_000_000)
WHOLE, TILED = 0, 256

Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]


def heic(picture: Image.Image, *, tile: int = WHOLE, orientation: int = 1, **more: object) -> bytes:
    """Encode as phones do: ``orientation`` becomes irot and imir."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    buffer = io.BytesIO()
    held = pillow_heif.from_pillow(picture)
    held.save(buffer, quality=90, exif=exif.tobytes(), tile_size=tile, **more)
    return buffer.getvalue()


def by_libheif(data: bytes) -> np.ndarray:
    canvas = libheif.decode(data, DEMAND)
    assert not isinstance(canvas, Unrenderable)
    return next(iter(paint(canvas, DEFAULT_SPECS)))[1].astype(int)


@pytest.mark.parametrize("tile", [WHOLE, TILED])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_irot_and_imir_stand_upright_as_libheif_has_them(
    quartered: Image.Image, medium_of: Medium, tile: int, orientation: int
) -> None:
    data = heic(quartered, tile=tile, orientation=orientation)
    wanted = by_libheif(data)

    medium = np.asarray(medium_of(data, "heic")).astype(int)

    assert plan_tiles(data) is not None
    assert medium.shape == wanted.shape
    assert np.abs(medium - wanted).mean() < 1


def test_mirroring_before_turning_is_another_thing_than_after(
    quartered: Image.Image, medium_of: Medium
) -> None:
    after = heic(quartered, orientation=5)
    turn_then_mirror = association_of(after)
    before = after.replace(turn_then_mirror, turn_then_mirror[::-1])

    medium = np.asarray(medium_of(before, "heic")).astype(int)

    assert np.abs(medium - by_libheif(before)).mean() < 1
    assert np.abs(medium - by_libheif(after)).mean() > 20


def association_of(data: bytes) -> bytes:
    """Give the last two properties that ``ipma`` gives the only picture: irot and imir."""
    start = data.index(b"ipma")
    end = start - 4 + int.from_bytes(data[start - 4 : start], "big")
    count_at = start + 4 + 4 + 4 + 2
    pair = data[count_at + data[count_at] - 1 : count_at + data[count_at] + 1]
    assert count_at + data[count_at] < end
    assert data.count(pair) == 1
    return pair


def test_exif_orientation_is_ignored(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    assert colours_of(medium_of(heic(quartered), "heic", 6)) == UPRIGHT


@pytest.mark.parametrize("tile", [WHOLE, 512])
def test_a_large_picture_is_decoded_at_half_the_size(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours, tile: int
) -> None:
    data = heic(quartered.resize((3264, 2176)), tile=tile)
    plan = plan_tiles(data)

    medium = medium_of(data, "heic")

    assert plan is not None
    assert scale_for(plan, DEMAND) == 2
    assert colours_of(medium) == UPRIGHT
    assert medium.size == (1620, 1080)


def test_a_small_picture_is_decoded_whole(quartered: Image.Image) -> None:
    plan = plan_tiles(heic(quartered))

    assert plan is not None
    assert scale_for(plan, DEMAND) == 1


def test_a_heic_without_a_plan_is_none_of_ours() -> None:
    assert plan_tiles(b"\xff\xd8\xff\xe0 a JPEG") is None


def deep(picture: Image.Image) -> bytes:
    samples = (np.asarray(picture).astype(np.uint16) * 257).tobytes()
    buffer = io.BytesIO()
    pillow_heif.from_bytes("RGB;16", picture.size, samples).save(buffer, quality=90)
    return buffer.getvalue()


def with_alpha(picture: Image.Image) -> bytes:
    seen = picture.convert("RGBA")
    seen.paste((0, 0, 0, 0), (300, 200, 600, 400))
    return heic(seen)


NOT_PLAIN: dict[str, Callable[[Image.Image], bytes]] = {
    "10 bits": deep,
    "alpha": with_alpha,
    "BT.709": lambda picture: heic(picture, matrix_coefficients=1),
    "limited range": lambda picture: heic(picture, full_range_flag=0),
    "4:4:4": lambda picture: heic(picture, chroma=444),
    "4:2:2": lambda picture: heic(picture, chroma=422),
    "odd size": lambda picture: heic(picture.resize((601, 401))),
}


@pytest.mark.parametrize("kind", NOT_PLAIN)
def test_what_is_not_plain_comes_out_right_all_the_same(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours, kind: str
) -> None:
    data = NOT_PLAIN[kind](quartered)

    assert colours_of(medium_of(data, "heic")) == UPRIGHT


@pytest.mark.parametrize("kind", [kind for kind in NOT_PLAIN if kind != "odd size"])
def test_what_is_not_plain_is_left_to_libheif(quartered: Image.Image, kind: str) -> None:
    assert plan_tiles(NOT_PLAIN[kind](quartered)) is None


def test_grey_stays_grey(medium_of: Medium) -> None:
    pixels = np.asarray(medium_of(heic(Image.new("L", (64, 48), 128)), "heic")).astype(int)

    assert np.abs(pixels - 128).max() <= 3


def test_p3_by_code_points_becomes_srgb(medium_of: Medium) -> None:
    leaf = (60, 180, 70)
    convert = from_code_points(12, 13)
    assert convert is not None
    wanted = convert(np.array([[leaf]], np.uint8))[0, 0]

    medium = medium_of(heic(Image.new("RGB", (64, 48), leaf), color_primaries=12), "heic")

    assert np.abs(np.asarray(medium)[20, 20].astype(int) - wanted).max() <= 3
    assert np.abs(wanted.astype(int) - leaf).max() > 10


def test_a_header_that_promises_too_much_is_too_large(
    quartered: Image.Image, reason_of: Callable[..., str]
) -> None:
    data = heic(quartered)
    told = b"ispe\0\0\0\0" + (600).to_bytes(4, "big") + (400).to_bytes(4, "big")
    assert told in data

    bomb = data.replace(told, told[:8] + (60_000).to_bytes(4, "big") * 2)

    assert reason_of(bomb, "heic") == "too_large"


@pytest.mark.parametrize("tile", [WHOLE, TILED])
@settings(max_examples=40, deadline=None)
@given(place=st.floats(0, 1), flipped=st.integers(1, 255))
def test_a_damaged_heic_never_raises(tile: int, place: float, flipped: int) -> None:
    data = bytearray(SMALL[tile])
    data[int(place * (len(data) - 1))] ^= flipped

    outcome = StillRenderer().render(in_memory(bytes(data)), HEIC, None, DEFAULT_SPECS)

    assert isinstance(outcome, Rendered | Unrenderable)


SMALL = {
    tile: heic(Image.effect_noise((300, 200), 40).convert("RGB"), tile=tile)
    for tile in (WHOLE, TILED)
}
