"""What no camera wrote: garbage, damage, headers that lie."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions import raw
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import MEDIA_TYPES, StillRenderer
from picture_pipeline.workflows.contents import in_memory

UPRIGHT = ("red", "green", "blue", "white")
JPEG = MediaType("image/jpeg", "jpg")

Saved = Callable[..., bytes]
Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]
Reason = Callable[..., str]


@pytest.mark.parametrize("kind", sorted(kind for kind in MEDIA_TYPES if kind.startswith("image/")))
@pytest.mark.parametrize("data", [b"", b"garbage", bytes(1000), b"\xff\xd8\xff" + bytes(500)])
def test_garbage_is_unrenderable(reason_of: Reason, kind: str, data: bytes) -> None:
    # LibRaw cannot always tell garbage from a camera that it does not know.
    wanted = {"undecodable", "unsupported_picture"} if kind in raw.MEDIA_TYPES else {"undecodable"}

    assert reason_of(data, kind.removeprefix("image/")) in wanted


def test_an_unknown_type_is_unsupported(reason_of: Reason) -> None:
    assert reason_of(b"anything", "x-unheard-of") == "unsupported_picture"


def test_a_jpeg_is_not_taken_for_a_png(
    quartered: Image.Image, saved: Saved, reason_of: Reason
) -> None:
    assert reason_of(saved(quartered, "JPEG"), "png") == "undecodable"


def test_a_jpeg_cut_short_shows_what_there_is(
    quartered: Image.Image, saved: Saved, medium_of: Medium, colours_of: Colours
) -> None:
    data = saved(quartered.resize((1200, 800)), "JPEG")

    medium = medium_of(data[: len(data) * 2 // 3], "jpeg")

    assert colours_of(medium)[:2] == UPRIGHT[:2]
    assert medium.size == (1200, 800)


@pytest.mark.parametrize("form", ["PNG", "TIFF", "WEBP", "GIF", "AVIF"])
@settings(max_examples=20, deadline=None)
@given(cut=st.floats(0, 1), flipped=st.integers(0, 255))
def test_a_damaged_file_never_raises(form: str, cut: float, flipped: int) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((64, 48), 50).convert("RGB").save(buffer, form)
    data = bytearray(buffer.getvalue())
    place = int(cut * (len(data) - 1))
    data[place] ^= flipped
    kind = MediaType(f"image/{form.lower()}", "x")

    outcome = StillRenderer().render(in_memory(bytes(data)), kind, 1, DEFAULT_SPECS)
    cut_outcome = StillRenderer().render(in_memory(bytes(data[:place])), kind, 1, DEFAULT_SPECS)

    assert isinstance(outcome, Rendered | Unrenderable)
    assert isinstance(cut_outcome, Rendered | Unrenderable)


def bomb_jpeg(saved: Saved) -> bytes:
    data = bytearray(saved(Image.new("L", (8, 8)), "JPEG"))
    frame = data.index(b"\xff\xc0") + 5
    data[frame : frame + 4] = struct.pack(">HH", 60_000, 60_000)
    return bytes(data)


def bomb_bmp(saved: Saved) -> bytes:
    data = bytearray(saved(Image.new("1", (8, 8)), "BMP"))
    data[18:26] = struct.pack("<ii", 60_000, 60_000)
    return bytes(data)


def bomb_gif(saved: Saved) -> bytes:
    data = bytearray(saved(Image.new("P", (8, 8)), "GIF"))
    data[6:10] = struct.pack("<HH", 60_000, 60_000)
    return bytes(data)


def bomb_png(saved: Saved) -> bytes:
    data = saved(Image.new("1", (8, 8)), "PNG")
    header = b"IHDR" + struct.pack(">II", 60_000, 60_000) + data[24:29]
    return data[:12] + header + struct.pack(">I", zlib.crc32(header)) + data[33:]


def bomb_tiff(saved: Saved) -> bytes:
    data = saved(Image.new("1", (9, 9)), "TIFF")
    for tag in (256, 257):
        told, false = (struct.pack("<HHII", tag, 4, 1, side) for side in (9, 60_000))
        assert told in data
        data = data.replace(told, false)
    return data


@pytest.mark.parametrize(
    ("kind", "bomb"),
    [
        ("jpeg", bomb_jpeg),
        ("png", bomb_png),
        ("bmp", bomb_bmp),
        ("gif", bomb_gif),
        ("tiff", bomb_tiff),
    ],
)
def test_a_header_that_promises_too_much_is_too_large(
    saved: Saved, reason_of: Reason, kind: str, bomb: Callable[[Saved], bytes]
) -> None:
    assert reason_of(bomb(saved), kind) == "too_large"


def test_the_limit_is_in_our_hands(saved: Saved) -> None:
    data = saved(Image.new("L", (1001, 1000)), "JPEG")
    renderer = StillRenderer(max_pixels=1_000_000)

    outcome = renderer.render(in_memory(data), JPEG, 1, DEFAULT_SPECS)

    assert outcome == Unrenderable("too_large", "1001x1000 pixels; the limit is 1000000")


def test_a_jpeg_of_twelve_bits_is_unsupported(saved: Saved, reason_of: Reason) -> None:
    data = bytearray(saved(Image.new("L", (8, 8)), "JPEG"))
    data[data.index(b"\xff\xc0") + 4] = 12

    assert reason_of(bytes(data), "jpeg") == "unsupported_picture"
