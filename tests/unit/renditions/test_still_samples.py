"""Samples that are not plain 8-bit RGB: inks, deep grey, fractions, transparency."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

UPRIGHT = ("red", "green", "blue", "white")

Saved = Callable[..., bytes]
Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]


def test_cmyk_becomes_rgb(
    quartered: Image.Image, saved: Saved, medium_of: Medium, colours_of: Colours
) -> None:
    data = saved(quartered.convert("CMYK"), "JPEG", quality=95)

    medium = medium_of(data, "jpeg")

    assert medium.mode == "RGB"
    assert colours_of(medium) == UPRIGHT


def test_a_large_cmyk_comes_at_the_right_size(saved: Saved, medium_of: Medium) -> None:
    data = saved(Image.new("CMYK", (5000, 3000), (0, 0, 0, 128)), "JPEG")

    assert medium_of(data, "jpeg", 6).size == (648, 1080)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_grey_stays_grey(saved: Saved, medium_of: Medium, form: str) -> None:
    data = saved(Image.new("L", (40, 30), 128), form)

    pixels = np.asarray(medium_of(data, form.lower()).convert("RGB")).astype(int)

    assert np.abs(pixels - 128).max() <= 2


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_and_not_clipped(
    saved: Saved, medium_of: Medium, form: str
) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (32, 1))

    row = np.asarray(medium_of(saved(Image.fromarray(ramp), form), form.lower()).convert("L"))[16]

    assert np.abs(row.astype(int) - np.arange(256)).max() <= 3


def test_big_endian_sixteen_bit_grey_is_scaled(medium_of: Medium) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(">u2"), (32, 1))

    row = np.asarray(medium_of(big_endian_tiff(ramp), "tiff").convert("L"))[16]

    assert np.abs(row.astype(int) - np.arange(256)).max() <= 3


def big_endian_tiff(grey: np.ndarray) -> bytes:
    height, width = grey.shape
    tags = (
        (256, width),
        (257, height),
        (258, 16),
        (259, 1),
        (262, 1),
        (273, 8),
        (277, 1),
        (278, height),
        (279, grey.nbytes),
    )
    entries = b"".join(struct.pack(">HHII", tag, 4, 1, value) for tag, value in tags)
    head = b"MM\0*" + struct.pack(">I", 8 + grey.nbytes)
    return head + grey.tobytes() + struct.pack(">H", len(tags)) + entries + bytes(4)


def png(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    )


def test_sixteen_bit_rgb_is_scaled_and_not_clipped(medium_of: Medium) -> None:
    sample = struct.pack(">HHH", 0x4000, 0x8000, 0xC000)
    data = png(20, 10, 16, 2, (b"\0" + sample * 20) * 10)

    pixel = medium_of(data, "png").getpixel((10, 5))

    assert pixel == pytest.approx((0x40, 0x80, 0xC0), abs=3)


def test_fractions_from_zero_to_one_are_scaled(saved: Saved, medium_of: Medium) -> None:
    ramp = np.tile(np.linspace(0, 1, 256).astype(np.float32), (32, 1))

    row = np.asarray(medium_of(saved(Image.fromarray(ramp), "TIFF"), "tiff").convert("L"))[16]

    assert np.abs(row.astype(int) - np.arange(256)).max() <= 3


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_what_is_transparent_becomes_white(
    saved: Saved, medium_of: Medium, mode: str, form: str
) -> None:
    picture = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    picture.paste((0, 0, 0, 255), (300, 0, 600, 400))
    keywords: dict[str, object] = {}
    if mode == "P":
        picture, keywords = Image.new("P", (600, 400), 0), {"transparency": 0}
        picture.putpalette([10, 10, 10, 0, 0, 0])
        picture.paste(1, (300, 0, 600, 400))
        form = "PNG"
    else:
        picture = picture.convert(mode)

    medium = medium_of(saved(picture, form, **keywords), form.lower()).convert("L")

    assert medium.getpixel((100, 200)) >= 253
    assert medium.getpixel((500, 200)) <= 2


def test_half_transparent_black_becomes_grey(saved: Saved, medium_of: Medium) -> None:
    data = saved(Image.new("RGBA", (2000, 1500), (0, 0, 0, 128)), "PNG")

    assert medium_of(data, "png").getpixel((700, 500)) == pytest.approx((127, 127, 127), abs=2)
