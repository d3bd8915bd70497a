"""JPEG 2000: containers and bare codestreams, odd bands, folded wavelets."""

import struct
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from PIL import Image, ImageCms

from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.renditions import jpeg2000
from picture_pipeline.renditions.canvas import Canvas, Demand

UPRIGHT = ("red", "green", "blue", "white")
SMALL = (RenditionSpec("small", 100, 100),)

Saved = Callable[..., bytes]
Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_jp2_is_shown(
    quartered: Image.Image, saved: Saved, medium_of: Medium, colours_of: Colours, mode: str
) -> None:
    assert colours_of(medium_of(saved(quartered.convert(mode), "JPEG2000"), "jp2")) == UPRIGHT


def test_a_bare_codestream_is_shown(
    quartered: Image.Image, saved: Saved, medium_of: Medium, colours_of: Colours
) -> None:
    data = saved(quartered, "JPEG2000", no_jp2=True)

    assert colours_of(medium_of(data, "x-jpeg2000-codestream")) == UPRIGHT


def test_the_exif_orientation_is_applied(
    quartered: Image.Image, saved: Saved, medium_of: Medium
) -> None:
    assert medium_of(saved(quartered, "JPEG2000"), "jp2", 6).size == (400, 600)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_what_is_transparent_becomes_white(saved: Saved, medium_of: Medium, mode: str) -> None:
    data = saved(Image.new("RGBA", (60, 40)).convert(mode), "JPEG2000")

    assert np.asarray(medium_of(data, "jp2")).min() >= 253


def test_sixteen_bit_grey_is_scaled_and_not_clipped(saved: Saved, medium_of: Medium) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (32, 1))

    row = np.asarray(medium_of(saved(Image.fromarray(ramp), "JPEG2000"), "jp2").convert("L"))[16]

    assert np.abs(row.astype(int) - np.arange(256)).max() <= 3


def test_sixteen_bit_rgb_is_scaled_and_not_clipped(medium_of: Medium) -> None:
    bgr = np.full((40, 60, 3), (0xC000, 0x8000, 0x4000), np.uint16)
    _, encoded = cv2.imencode(".jp2", bgr)

    pixel = medium_of(encoded.tobytes(), "jp2").getpixel((30, 20))

    assert pixel == pytest.approx((0x40, 0x80, 0xC0), abs=3)


def test_a_palette_becomes_colours(saved: Saved, medium_of: Medium) -> None:
    """Pillow writes no palettes, so one is put behind a grey picture's header."""
    grey = saved(Image.new("L", (60, 40), 1), "JPEG2000", irreversible=False)
    palette = struct.pack(">HB3B", 2, 3, 7, 7, 7) + bytes((10, 20, 30, 200, 100, 50))
    mapping = b"".join(struct.pack(">HBB", 0, 1, band) for band in range(3))
    more = boxed(b"pclr", palette) + boxed(b"cmap", mapping)

    pixel = medium_of(coloured(grey, 16, more), "jp2").getpixel((30, 20))

    assert pixel == pytest.approx((200, 100, 50), abs=3)


def boxed(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind) + payload


def coloured(data: bytes, number: int, more: bytes) -> bytes:
    """Give the header another enumerated colour space, and more boxes."""
    start = data.index(b"jp2h") - 4
    (length,) = struct.unpack_from(">I", data, start)
    header = bytearray(data[start + 8 : start + length])
    place = header.index(b"colr") + 7
    header[place : place + 4] = struct.pack(">I", number)
    return data[:start] + boxed(b"jp2h", bytes(header) + more) + data[start + length :]


def test_an_icc_profile_is_honoured(saved: Saved, medium_of: Medium) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    green_first = swapped.replace(b"rXYZ", b"tmp0").replace(b"gXYZ", b"rXYZ")
    data = saved(Image.new("RGB", (60, 40), (200, 20, 20)), "JPEG2000")

    plain = medium_of(data, "jp2").getpixel((30, 20))
    by_profile = medium_of(profiled(data, green_first.replace(b"tmp0", b"gXYZ")), "jp2")
    unfit = medium_of(profiled(data, profile), "jp2").getpixel((30, 20))

    assert by_profile.getpixel((30, 20)) == pytest.approx(plain[1::-1] + plain[2:], abs=4)
    assert unfit == plain


def profiled(data: bytes, profile: bytes) -> bytes:
    start = data.index(b"jp2h") - 4
    (length,) = struct.unpack_from(">I", data, start)
    colours = data.index(b"colr", start) - 4
    (size,) = struct.unpack_from(">I", data, colours)
    told = boxed(b"colr", b"\2\0\0" + profile)
    body = data[start + 8 : colours] + told + data[colours + size : start + length]
    return data[:start] + boxed(b"jp2h", body) + data[start + length :]


def test_a_large_picture_is_decoded_no_larger_than_needed(
    quartered: Image.Image, saved: Saved
) -> None:
    data = saved(quartered.resize((1600, 1200)), "JPEG2000", num_resolutions=6)

    canvas = jpeg2000.decode(data, Demand(1, SMALL, 10**9))

    assert isinstance(canvas, Canvas)
    assert canvas.pixels.shape[:2] == (75, 100)


def test_a_picture_without_wavelets_is_decoded_whole(quartered: Image.Image, saved: Saved) -> None:
    data = saved(quartered.resize((1600, 1200)), "JPEG2000", num_resolutions=1)

    canvas = jpeg2000.decode(data, Demand(1, SMALL, 10**9))

    assert isinstance(canvas, Canvas)
    assert canvas.pixels.shape[:2] == (1200, 1600)
