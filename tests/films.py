"""Films made in memory, so that no test needs somebody's real one."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import av
import numpy as np
from av.container import OutputContainer
from av.stream import Disposition
from av.video.stream import VideoStream
from numpy.typing import NDArray

Picture = NDArray[np.integer]
"""Height x width x R, G, B of 8 bits."""

BT709, BT601, BT2020 = 1, 6, 9
WEIGHTS = {BT709: (0.2126, 0.0722), BT601: (0.299, 0.114), BT2020: (0.2627, 0.0593)}
"""Kr and Kb of ITU-T H.273."""
UNTOLD = 2


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a film is to be written; matrix, primaries and transfer are code points of H.273."""

    container: str = "mp4"
    codec: str = "libx264"
    pixels: str = "yuv420p"
    rate: int = 25
    matrix: int = BT601
    told_matrix: int | None = None
    """What the stream says of its matrix, where that is not the truth."""
    full_range: bool = False
    primaries: int = UNTOLD
    transfer: int = UNTOLD
    turned: float | None = None
    """Degrees, anticlockwise, by the display matrix."""
    mirrored: bool = False
    pixel_aspect: Fraction | None = None
    options: Mapping[str, str] = field(default_factory=dict)


FULL_RANGE_JPEG = Recipe(container="avi", codec="mjpeg", pixels="yuvj422p", full_range=True)
"""As digital cameras wrote before 2010."""


def film(pictures: Iterable[Picture], recipe: Recipe) -> bytes:
    """Write a film, one frame for each picture; all of one size, with even sides."""
    frames = [_frame(picture, recipe) for picture in pictures]
    target = io.BytesIO()
    with av.open(target, "w", format=recipe.container) as written:
        stream = _stream(written, recipe, frames[0])
        for number, frame in enumerate(frames):
            frame.pts = number
            written.mux(stream.encode(frame))
        written.mux(stream.encode(None))
    return target.getvalue()


def sound_only(container: str = "mp4", cover: bytes | None = None) -> bytes:
    """Write a second of silence, perhaps with a cover in JPEG (64 x 48)."""
    target = io.BytesIO()
    with av.open(target, "w", format=container) as written:
        sound = written.add_stream("aac", rate=44100, layout="stereo")
        shown = _cover(written) if cover else None
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 44100), np.float32), "fltp", "stereo")
        silence.sample_rate = 44100
        written.mux([*sound.encode(silence), *sound.encode(None)])
        if shown is not None and cover is not None:
            packet = av.Packet(cover)
            packet.stream, packet.pts, packet.dts = shown, 0, 0
            written.mux(packet)
    return target.getvalue()


def plain(colour: tuple[int, int, int], width: int = 320, height: int = 240) -> Picture:
    """Make a picture of one colour."""
    return np.full((height, width, 3), colour, np.uint8)


def _cover(written: OutputContainer) -> VideoStream:
    stream = written.add_stream("mjpeg", rate=1)
    stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
    stream.disposition = Disposition.attached_pic
    return stream


def _stream(written: OutputContainer, recipe: Recipe, frame: av.VideoFrame) -> VideoStream:
    stream = written.add_stream(recipe.codec, rate=recipe.rate, options=dict(recipe.options))
    stream.width, stream.height, stream.pix_fmt = frame.width, frame.height, recipe.pixels
    codec = stream.codec_context
    codec.thread_count = 1
    codec.colorspace, codec.color_range = frame.colorspace, frame.color_range
    codec.color_primaries, codec.color_trc = recipe.primaries, recipe.transfer
    if recipe.pixel_aspect is not None:
        codec.sample_aspect_ratio = recipe.pixel_aspect
    if recipe.turned is not None or recipe.mirrored:
        stream.set_display_rotation(recipe.turned or 0.0, hflip=recipe.mirrored)
    return stream


def _frame(picture: Picture, recipe: Recipe) -> av.VideoFrame:
    told = recipe.matrix if recipe.told_matrix is None else recipe.told_matrix
    frame = _converted(picture, recipe)
    frame.colorspace, frame.color_range = told, 2 if recipe.full_range else 1
    return frame


def _converted(picture: Picture, recipe: Recipe) -> av.VideoFrame:
    # Named alike on both sides, libswscale only thins out chroma.
    return _unthinned(picture, recipe).reformat(
        format=recipe.pixels, src_color_range=1, dst_color_range=1
    )


def _unthinned(picture: Picture, recipe: Recipe) -> av.VideoFrame:
    deep = "p10" in recipe.pixels
    bands = ycc(picture, recipe.matrix, full_range=recipe.full_range, bits=16 if deep else 8)
    if deep:
        return av.VideoFrame.from_ndarray(np.rint(bands).astype(np.uint16), "yuv444p16le")
    planes = np.ascontiguousarray(np.moveaxis(np.rint(bands), 2, 0)).astype(np.uint8)
    return av.VideoFrame.from_ndarray(planes, "yuv444p")


def ycc(picture: Picture, matrix: int, *, full_range: bool, bits: int) -> NDArray[np.float64]:
    """Give Y, Cb, Cr of R, G, B (0 to 255), in levels of so many bits, not rounded."""
    red, blue = WEIGHTS[matrix]
    rgb = picture / 255.0
    luma = rgb @ (red, 1 - red - blue, blue)
    cb = (rgb[..., 2] - luma) / (2 * (1 - blue))
    cr = (rgb[..., 0] - luma) / (2 * (1 - red))
    black, white, chroma = (0, 255, 255) if full_range else (16, 219, 224)
    bands = np.stack([black + white * luma, 128 + chroma * cb, 128 + chroma * cr], axis=-1)
    return np.clip(bands, 0, 255) * 2 ** (bits - 8)
