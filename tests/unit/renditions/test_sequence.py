"""HEIF and AVIF sequences: bursts and animations."""

import io
import struct
from collections.abc import Callable

import av
import numpy as np
import pillow_heif
import pytest
from PIL import Image

UPRIGHT = ("red", "green", "blue", "white")

Medium = Callable[..., Image.Image]
Colours = Callable[[Image.Image], tuple[str, ...]]
Reason = Callable[..., str]


def burst(first: Image.Image, second: Image.Image) -> bytes:
    """Several pictures of which the first is the primary one."""
    buffer = io.BytesIO()
    held = pillow_heif.from_pillow(first)
    held.add_from_pillow(second)
    held.save(buffer, quality=90)
    return buffer.getvalue()


def animation(picture: Image.Image) -> bytes:
    """Make a film and call it a sequence: nothing but a track, no primary picture."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx265", rate=5, options={"x265-params": "log-level=none"})
        stream.width, stream.height, stream.pix_fmt = *picture.size, "yuv420p"
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(np.asarray(picture), "rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    film = buffer.getvalue()
    (length,) = struct.unpack_from(">I", film)
    brands = struct.pack(">I", length) + b"ftyphevc\0\0\0\0msf1hevc"
    return brands.ljust(length, b"\0") + film[length:]


@pytest.mark.parametrize("kind", ["heic-sequence", "heif-sequence"])
def test_of_a_burst_the_primary_picture_is_shown(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours, kind: str
) -> None:
    data = burst(quartered, Image.new("RGB", (600, 400), "black"))

    assert colours_of(medium_of(data, kind)) == UPRIGHT


def test_of_an_animation_the_first_picture_is_shown(
    quartered: Image.Image, medium_of: Medium, colours_of: Colours
) -> None:
    assert colours_of(medium_of(animation(quartered), "heic-sequence")) == UPRIGHT


def test_of_an_avif_sequence_the_first_picture_is_shown(
    quartered: Image.Image, saved: Callable[..., bytes], medium_of: Medium, colours_of: Colours
) -> None:
    data = saved(
        quartered, "AVIF", save_all=True, append_images=[Image.new("RGB", (600, 400))], quality=90
    )

    assert colours_of(medium_of(data, "avif-sequence")) == UPRIGHT


def test_garbage_is_undecodable(reason_of: Reason) -> None:
    assert reason_of(b"\0\0\0\x18ftypmsf1" + bytes(200), "heic-sequence") == "undecodable"
