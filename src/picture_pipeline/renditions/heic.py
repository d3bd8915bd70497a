"""HEIC by its tiles: decoded with FFmpeg, halved while they are warm in the cache.

Decoding HEVC cannot be made cheaper; what can be saved is everything after
it. Where half of the size is enough, each tile's luma is halved to the size
its chroma has anyway, so there is never a full-size canvas and chroma is never
scaled up: all renditions cost 1.2 times the bare decode, by pillow-heif 2.1
times (benchmarks/renditions_heic.py).
"""

import logging
from collections.abc import Iterator

import av
import cv2
import numpy as np

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions import libheif
from picture_pipeline.renditions.canvas import Canvas, Convert, Demand, Pixels
from picture_pipeline.renditions.colour import converter
from picture_pipeline.renditions.specs import Size
from picture_pipeline.renditions.tiles import TilePlan, plan_tiles

_LOG = logging.getLogger(__name__)

_FULL_RANGE = 2
_BT601_OR_UNTOLD = (2, 5, 6)
_CODING_BLOCK = 64
"""A coded tile may reach beyond its ispe by less than this; libheif refuses such files, Apple
does not."""
_PLANES = ("yuv420p", "yuvj420p")
_MOST_TILE_PIXELS = 64_000_000


class NotPlain(Exception):
    """The coded tiles are not what the boxes promised."""


def decode(data: bytes, demand: Demand) -> Canvas | Unrenderable:
    """Decode a HEIC or HEIF; EXIF orientation is ignored, irot and imir count.

    Raises what pillow-heif raises for what neither way can read.
    """
    plan = plan_tiles(data)
    if plan is None:
        return libheif.decode(data, demand)
    if (refusal := demand.refuse(plan.size)) is not None:
        return refusal
    try:
        return decode_tiles(plan, scale_for(plan, demand))
    except (NotPlain, av.FFmpegError) as error:
        _LOG.debug("not by tiles, pillow-heif's turn: %r", error)
        return libheif.decode(data, demand)


def scale_for(plan: TilePlan, demand: Demand) -> int:
    """Give 2 when half of the size is enough for the largest rendition, else 1."""
    base = demand.base(plan.size, plan.orientation)
    half = _divided(plan.size, 2)
    return 2 if half.width >= base.width and half.height >= base.height else 1


def _divided(size: Size, by: int) -> Size:
    return Size(-(-size.width // by), -(-size.height // by))


def decode_tiles(plan: TilePlan, scale: int) -> Canvas:
    """Decode all tiles into one canvas, 1/``scale`` (1 or 2) of the size, bands Y, Cr, Cb.

    Raises NotPlain for tiles that are not what the boxes promised and
    av.FFmpegError for broken ones.
    """
    tile, size = _divided(plan.tile, scale), _divided(plan.size, scale)
    rows = len(plan.tiles) // plan.columns
    canvas = np.empty((rows * tile.height, plan.columns * tile.width, 3), np.uint8)
    count = 0
    for count, frame in enumerate(_frames(plan), start=1):
        row, column = divmod(count - 1, plan.columns)
        place = canvas[row * tile.height :, column * tile.width :]
        place[: tile.height, : tile.width] = _brought_to(tile, frame, plan.tile)
    if count != len(plan.tiles):
        raise NotPlain(f"{count} frames for {len(plan.tiles)} tiles")
    pixels = np.ascontiguousarray(canvas[: size.height, : size.width])
    return Canvas(pixels, plan.size, plan.orientation, _converter(plan))


def _frames(plan: TilePlan) -> Iterator[av.VideoFrame]:
    """Decode the tiles in order.

    One decoder a picture: keeping one for all pictures saves 2 %, and would
    let one hostile file's state meet the next file.
    """
    decoder = av.CodecContext.create("hevc", "r")
    decoder.extradata = plan.decoder
    decoder.thread_count = 1
    decoder.thread_type = "NONE"
    decoder.options = {"max_pixels": str(_MOST_TILE_PIXELS)}
    count = 0
    for packet in (*map(av.Packet, plan.tiles), None):
        for frame in decoder.decode(packet):
            count += 1
            if count > len(plan.tiles):
                raise NotPlain("more frames than tiles")
            yield frame


def _brought_to(size: Size, frame: av.VideoFrame, tile: Size) -> Pixels:
    """Bring one tile's planes to one size, bands Y, Cr, Cb."""
    _check(frame, tile)
    half = _divided(tile, 2)
    planes = (_plane(frame, 0, tile), _plane(frame, 2, half), _plane(frame, 1, half))
    return cv2.merge([_scaled(plane, size) for plane in planes])


def _scaled(plane: Pixels, size: Size) -> Pixels:
    height, width = plane.shape
    if (width, height) == (size.width, size.height):
        return plane
    way = cv2.INTER_AREA if width > size.width else cv2.INTER_LINEAR
    return cv2.resize(plane, (size.width, size.height), interpolation=way)


def _check(frame: av.VideoFrame, tile: Size) -> None:
    if frame.format.name not in _PLANES:
        raise NotPlain(f"tile of {frame.format.name}")
    if not (
        0 <= frame.width - tile.width < _CODING_BLOCK
        and 0 <= frame.height - tile.height < _CODING_BLOCK
    ):
        raise NotPlain(f"tile of {frame.width}x{frame.height}, not {tile}")
    if frame.color_range != _FULL_RANGE or frame.colorspace not in _BT601_OR_UNTOLD:
        raise NotPlain(f"colour range {frame.color_range}, matrix {frame.colorspace}")


def _plane(frame: av.VideoFrame, number: int, size: Size) -> Pixels:
    plane = frame.planes[number]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: size.height, : size.width]


def _converter(plan: TilePlan) -> Convert:
    to_srgb = converter(3, plan.profile)

    def convert(pixels: Pixels) -> Pixels:
        return to_srgb(cv2.cvtColor(pixels, cv2.COLOR_YCrCb2RGB))

    return convert
