"""Renditions of stills: one decode, one sRGB JPEG for each spec."""

import logging
from collections.abc import Iterator, Sequence

import cv2
import pillow_heif
import pyvips
import simplejpeg
from PIL import AvifImagePlugin, Image

from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import (
    Rendered,
    RenderedPicture,
    RenditionSpec,
    Unrenderable,
)
from picture_pipeline.ports import Content
from picture_pipeline.renditions.canvas import Canvas, Demand, Pixels, stand_upright
from picture_pipeline.renditions.decoders import DECODERS
from picture_pipeline.renditions.memory import keep_freed_memory
from picture_pipeline.renditions.resize import resize
from picture_pipeline.renditions.specs import Size, fit_inside

_LOG = logging.getLogger(__name__)

MEDIA_TYPES = frozenset(DECODERS)
"""The media types that can be rendered."""

_UPRIGHT = 1


class StillRenderer:
    """Makes renditions of stills on one thread; the port is ``ports.Renderer``.

    ``max_pixels`` is checked against the header before anything is decoded;
    ``quality`` is libjpeg's, 1 to 100. Constructing one sets the imaging
    libraries of this process to a single thread each: parallelism is a matter
    of worker processes.
    """

    def __init__(self, max_pixels: int = 400_000_000, quality: int = 85) -> None:
        self._max_pixels = max_pixels
        self._quality = quality
        _set_up_libraries()

    def render(
        self,
        content: Content,
        media_type: MediaType,
        orientation: int | None,
        specs: Sequence[RenditionSpec],
    ) -> Rendered | Unrenderable:
        """Decode once, give one sRGB JPEG for each spec, in the order of the specs.

        ``orientation`` is the EXIF orientation; what is not 1 to 8 counts as
        1, and HEIC and AVIF go by irot and imir instead. Reasons of
        ``Unrenderable``: ``undecodable``, ``too_large``, ``unsupported_picture``.
        """
        told = orientation if orientation in range(1, 9) else _UPRIGHT
        demand = Demand(told or _UPRIGHT, specs, self._max_pixels)
        try:
            return self._render(content, media_type, demand)
        except MemoryError as error:
            return Unrenderable("too_large", f"out of memory: {error}")
        # The border between hostile content and us: decoders raise what they like.
        except Exception as error:  # noqa: BLE001
            _LOG.debug("undecodable %s", media_type.name, exc_info=True)
            return Unrenderable("undecodable", f"{type(error).__name__}: {error}")

    def _render(
        self, content: Content, media_type: MediaType, demand: Demand
    ) -> Rendered | Unrenderable:
        decode = DECODERS.get(media_type.name)
        if decode is None:
            return Unrenderable("unsupported_picture", f"no decoder for {media_type.name}")
        canvas = decode(content, demand)
        if isinstance(canvas, Unrenderable):
            return canvas
        painted = paint(canvas, demand.specs)
        jpegs = {size: self._encode(pixels) for size, pixels in painted}
        return Rendered(tuple(_picture(spec, canvas, jpegs) for spec in demand.specs))

    def _encode(self, pixels: Pixels) -> bytes:
        encoded: bytes = simplejpeg.encode_jpeg(
            pixels, quality=self._quality, colorsubsampling="420"
        )
        return encoded


def _picture(spec: RenditionSpec, canvas: Canvas, jpegs: dict[Size, bytes]) -> RenderedPicture:
    size = fit_inside(_upright_size(canvas), spec)
    return RenderedPicture(spec.name, size.width, size.height, jpegs[size])


def _upright_size(canvas: Canvas) -> Size:
    return canvas.stored.turned(canvas.orientation)


def paint(canvas: Canvas, specs: Sequence[RenditionSpec]) -> Iterator[tuple[Size, Pixels]]:
    """Give the upright sRGB pixels of each size that the specs ask for, largest first.

    Each is scaled from the one before: 500 pixels made from 1440 cannot be
    told from 500 made from 4032 (SSIM within 0.002).
    """
    upright = _upright_size(canvas)
    sizes = sorted({fit_inside(upright, spec) for spec in specs}, key=lambda s: s.pixels)
    largest = sizes.pop()
    scaled = resize(canvas.pixels, largest.turned(canvas.orientation))
    pixels = stand_upright(canvas.convert(scaled), canvas.orientation)
    yield largest, pixels
    for size in reversed(sizes):
        pixels = resize(pixels, size)
        yield size, pixels


def _set_up_libraries() -> None:
    """One thread each, no caches, no limits but our own. May be called again."""
    keep_freed_memory()
    cv2.setNumThreads(1)
    cv2.ipp.setUseIPP_NotExact(True)  # linear scaling for half the CPU, within one level
    pyvips.concurrency_set(1)
    pyvips.cache_set_max(0)
    pillow_heif.options.DECODE_THREADS = 1
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = None  # Demand.refuse() holds max_pixels, and answers with a value
