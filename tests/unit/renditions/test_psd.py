"""Photoshop's composite, in all modes and depths it comes in."""

import io
import struct
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import in_memory

KIND = "vnd.adobe.photoshop"
UPRIGHT = ("red", "green", "blue", "white")
BITMAP, GREY, INDEXED, RGB, CMYK, LAB = 0, 1, 2, 3, 4, 9
ICC, VERSION = 1039, 1057

Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]
Reason = Callable[..., str]


def psd(
    planes: Sequence[NDArray[np.generic]],
    mode: int = RGB,
    *,
    depth: int = 8,
    packed: bool = False,
    large: bool = False,
    palette: bytes = b"",
    resources: Sequence[tuple[int, bytes]] = (),
) -> bytes:
    """Lay out a file of one composite; ``planes`` hold the samples as stored, big-endian."""
    height = len(planes[0])
    width = planes[0].shape[1] * (8 if depth == 1 else 1)
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1 + large, len(planes), height, width, depth, mode)
    held = b"".join(
        b"8BIM" + struct.pack(">HHI", number, 0, len(value)) + value + b"\0" * (len(value) % 2)
        for number, value in resources
    )
    rows = [row.tobytes() for plane in planes for row in plane]
    layers = struct.pack(">Q" if large else ">I", 0)
    body = _packed(rows, large=large) if packed else b"\0\0" + b"".join(rows)
    blocks = b"".join(struct.pack(">I", len(block)) + block for block in (palette, held))
    return head + blocks + layers + body


def _packed(rows: Sequence[bytes], *, large: bool) -> bytes:
    """Pack each row into literal runs, which PackBits allows."""
    packed = [
        b"".join(
            bytes((len(row[at : at + 128]) - 1,)) + row[at : at + 128]
            for at in range(0, len(row), 128)
        )
        for row in rows
    ]
    kind = "I" if large else "H"
    return b"\0\1" + struct.pack(f">{len(rows)}{kind}", *map(len, packed)) + b"".join(packed)


def split(picture: Image.Image) -> list[NDArray[np.generic]]:
    return [np.asarray(band) for band in picture.split()]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("large", [True, False])
def test_a_composite_is_shown(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours, *, packed: bool, large: bool
) -> None:
    data = psd(split(quartered), packed=packed, large=large)

    assert colours_of(medium_of(data, KIND)) == UPRIGHT


def test_pillow_reads_the_samples_too(quartered: Image.Image) -> None:
    """The maker above is only worth something when another program reads what it makes."""
    with Image.open(io.BytesIO(psd(split(quartered), packed=True))) as opened:
        assert np.array_equal(np.asarray(opened), np.asarray(quartered))


def test_the_exif_orientation_is_applied(quartered: Image.Image, medium_of: Medium) -> None:
    assert medium_of(psd(split(quartered)), KIND, 6).size == (400, 600)


@pytest.mark.parametrize("packed", [True, False])
def test_sixteen_bits_are_scaled(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours, *, packed: bool
) -> None:
    planes = [(plane.astype(np.uint16) * 257).astype(">u2") for plane in split(quartered)]

    assert colours_of(medium_of(psd(planes, depth=16, packed=packed), KIND)) == UPRIGHT


def test_thirty_two_bits_are_linear_light(medium_of: Medium) -> None:
    planes = [np.full((40, 60), light, ">f4") for light in (0.2159, 1.0, 4.0)]

    pixel = medium_of(psd(planes, depth=32), KIND).getpixel((30, 20))

    assert pixel == pytest.approx((128, 255, 255), abs=3)


def test_inks_become_colours(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    paper = [255 - plane for plane in split(quartered.convert("CMYK"))]

    assert colours_of(medium_of(psd(paper, CMYK), KIND)) == UPRIGHT


def test_lab_becomes_rgb(medium_of: Medium) -> None:
    grey = [np.full((40, 60), value, np.uint8) for value in (137, 128, 128)]
    red = [np.full((40, 60), value, np.uint8) for value in (136, 208, 195)]

    assert medium_of(psd(grey, LAB), KIND).getpixel((30, 20)) == pytest.approx(
        (128, 128, 128), abs=4
    )
    assert medium_of(psd(red, LAB), KIND).getpixel((30, 20)) == pytest.approx((255, 0, 0), abs=12)


def test_a_palette_becomes_colours(medium_of: Medium) -> None:
    palette = bytearray(768)
    palette[7], palette[256 + 7], palette[512 + 7] = 200, 100, 50

    data = psd([np.full((40, 60), 7, np.uint8)], INDEXED, palette=bytes(palette))

    assert medium_of(data, KIND).getpixel((30, 20)) == pytest.approx((200, 100, 50), abs=3)


def test_grey_stays_grey(medium_of: Medium) -> None:
    medium = medium_of(psd([np.full((40, 60), 128, np.uint8)], GREY), KIND)

    assert medium.getpixel((30, 20)) == pytest.approx((128, 128, 128), abs=2)


def test_a_set_bit_is_black(medium_of: Medium) -> None:
    bits = np.zeros((40, 64), np.uint8)
    bits[:, :30] = 1

    medium = medium_of(psd([np.packbits(bits, axis=1)], BITMAP, depth=1), KIND)

    assert medium.size == (64, 40)
    assert medium.getpixel((15, 20)) == (0, 0, 0)
    assert medium.getpixel((45, 20)) == (255, 255, 255)


def test_further_channels_are_left_alone(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    planes = [*split(quartered), np.zeros((400, 600), np.uint8)]

    assert colours_of(medium_of(psd(planes, packed=True), KIND)) == UPRIGHT


def test_the_profile_is_honoured(medium_of: Medium) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmp0").replace(b"gXYZ", b"rXYZ").replace(b"tmp0", b"gXYZ")
    planes = [np.full((40, 60), value, np.uint8) for value in (200, 20, 20)]

    medium = medium_of(psd(planes, resources=[(1005, b"abc"), (ICC, swapped)]), KIND)

    assert medium.getpixel((30, 20)) == pytest.approx((20, 200, 20), abs=4)


def test_a_file_without_a_composite_is_unsupported(
    quartered: Image.Image, reason_of: Reason
) -> None:
    without = psd(split(quartered), resources=[(VERSION, struct.pack(">IB", 1, 0) + bytes(8))])

    assert reason_of(without, KIND) == "unsupported_picture"


def test_a_file_that_tells_of_its_composite_is_shown(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    told = psd(split(quartered), resources=[(VERSION, struct.pack(">IB", 1, 1) + bytes(8))])

    assert colours_of(medium_of(told, KIND)) == UPRIGHT


@pytest.mark.parametrize("packed", [True, False])
def test_a_file_cut_short_is_undecodable(
    quartered: Image.Image, reason_of: Reason, *, packed: bool
) -> None:
    data = psd(split(quartered), packed=packed)

    assert reason_of(data[: len(data) // 2], KIND) == "undecodable"


def test_a_header_that_promises_too_much_is_too_large(reason_of: Reason) -> None:
    data = psd([np.zeros((2, 2), np.uint8)] * 3)

    assert reason_of(data[:14] + struct.pack(">II", 300_000, 300_000) + data[22:], KIND) == (
        "too_large"
    )


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 80), value=st.integers(0, 255), packed=st.booleans())
def test_a_damaged_psd_never_raises(place: int, value: int, *, packed: bool) -> None:
    data = bytearray(psd([np.zeros((20, 30), np.uint8)] * 3, packed=packed))
    data[place] = value

    outcome = StillRenderer(max_pixels=10**6).render(
        in_memory(bytes(data)), MediaType(f"image/{KIND}", "psd"), None, DEFAULT_SPECS
    )

    assert isinstance(outcome, Rendered | Unrenderable)
