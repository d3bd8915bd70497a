"""RAW files: the camera's own preview where it is large enough, else developed.

A preview costs a twentieth of developing and looks as its photographer saw
it. LibRaw reads all makers' files; where it cannot, any embedded JPEG of decent
size is better than nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import rawpy

from picture_pipeline.model.rendition import RenditionSpec, Unrenderable
from picture_pipeline.ports import Content
from picture_pipeline.renditions.canvas import Canvas, Demand, Pixels
from picture_pipeline.renditions.raw_develop import develop
from picture_pipeline.renditions.raw_frame import Frame, fills_smallest, frame_of
from picture_pipeline.renditions.raw_preview import UNREADABLE, Preview, by_libraw, by_looking
from picture_pipeline.renditions.resize import resize
from picture_pipeline.renditions.specs import largest

_LOG = logging.getLogger(__name__)

MEDIA_TYPES = (
    "image/x-adobe-dng",
    "image/x-canon-cr2",
    "image/x-canon-cr3",
    "image/x-canon-crw",
    "image/x-epson-erf",
    "image/x-fujifilm-raf",
    "image/x-gopro-gpr",
    "image/x-hasselblad-3fr",
    "image/x-hasselblad-fff",
    "image/x-kodak-dcr",
    "image/x-kodak-k25",
    "image/x-kodak-kdc",
    "image/x-leaf-mos",
    "image/x-leica-rwl",
    "image/x-mamiya-mef",
    "image/x-minolta-mrw",
    "image/x-nikon-nef",
    "image/x-nikon-nrw",
    "image/x-olympus-orf",
    "image/x-olympus-ori",
    "image/x-panasonic-rw2",
    "image/x-pentax-pef",
    "image/x-phaseone-iiq",
    "image/x-raw",
    "image/x-samsung-srw",
    "image/x-sigma-x3f",
    "image/x-sony-arq",
    "image/x-sony-arw",
    "image/x-sony-sr2",
    "image/x-sony-srf",
)
WITH_SRGB_PREVIEWS = frozenset({"image/x-adobe-dng", "image/x-gopro-gpr"})
"""Previews of these are in sRGB whatever colour space the camera was set to."""

_LOOK = (RenditionSpec("look", 256, 256),)
_LEAST_LOOK = 64
"""Pixels a side below which a preview tells nothing of a picture's brightness."""


def decode(content: Content, demand: Demand, *, camera_colours: bool) -> Canvas | Unrenderable:
    """Decode a RAW of any maker; LibRaw's orientation counts, then ``demand``'s.

    ``camera_colours`` tells whether previews are in the colour space that the
    EXIF names. Reasons: ``unsupported_picture`` when LibRaw does not know the
    format and no preview is found, ``undecodable``, ``too_large``.
    """
    look = partial(by_looking, content, camera_colours=camera_colours)
    with rawpy.RawPy() as raw:
        try:
            raw.open_file(content.path)
        except rawpy.LibRawError as error:
            return _last_resort((look(),), None, demand) or _refusal(error)
        frame = frame_of(raw.sizes, demand.orientation)
        preview = by_libraw(raw, content, camera_colours=camera_colours) or look()
        canvas = _shown(preview, frame, demand) or _developed(raw, frame, demand, preview)
        if isinstance(canvas, Canvas):
            return canvas
        return _last_resort((preview, look()), frame, demand) or canvas


def _shown(preview: Preview | None, frame: Frame, demand: Demand) -> Canvas | None:
    """Decode a preview that can stand for the developed picture."""
    if preview is None or not frame.is_shown_by(preview.size, demand):
        return None
    return _decoded(preview, frame, demand)


def _decoded(preview: Preview, frame: Frame | None, demand: Demand) -> Canvas | None:
    """Decode a preview, turned as it needs; None when it is broken."""
    orientation = preview.orientation or demand.orientation
    if frame is not None:
        orientation = frame.orientation_of(preview.size, preview.orientation)
    try:
        canvas = preview.decode(replace(demand, orientation=orientation))
    except UNREADABLE as error:
        _LOG.debug("embedded preview is broken: %r", error)
        return None
    return canvas if isinstance(canvas, Canvas) else None


def _developed(
    raw: rawpy.RawPy, frame: Frame, demand: Demand, preview: Preview | None
) -> Canvas | Unrenderable:
    try:
        return develop(raw, frame, demand, _look_of(preview, demand))
    except (rawpy.LibRawError, RuntimeError, OSError) as error:
        return _refusal(error)


def _look_of(preview: Preview | None, demand: Demand) -> Pixels | None:
    """Give the camera's own rendering, small and in sRGB."""
    if preview is None or min(preview.size.width, preview.size.height) < _LEAST_LOOK:
        return None
    canvas = _decoded(preview, None, Demand(1, _LOOK, demand.max_pixels))
    if canvas is None:
        return None
    return canvas.convert(resize(canvas.pixels, largest(canvas.stored, _LOOK)))


def _last_resort(
    previews: Sequence[Preview | None], frame: Frame | None, demand: Demand
) -> Canvas | None:
    """Decode the largest preview that fills the smallest rendition at least."""
    large = [
        preview for preview in previews if preview and fills_smallest(preview.size, demand.specs)
    ]
    large.sort(key=lambda preview: -preview.size.pixels)
    canvases = (_decoded(preview, frame, demand) for preview in large)
    return next((canvas for canvas in canvases if canvas is not None), None)


def _refusal(error: Exception) -> Unrenderable:
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (rawpy.LibRawFileUnsupportedError, "unsupported_picture"),
        (rawpy.LibRawNotImplementedError, "unsupported_picture"),
        (rawpy.LibRawUnsufficientMemoryError, "too_large"),
    )
    reason = next((told for kind, told in reasons if isinstance(error, kind)), "undecodable")
    return Unrenderable(reason, f"LibRaw: {error}")
