"""JPEG 2000 by Pillow (OpenJPEG), decoded no larger than the renditions need."""

import io
import warnings

from PIL import Image

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions.boxes import whole
from picture_pipeline.renditions.canvas import Canvas, Demand
from picture_pipeline.renditions.pillow import canvas_of
from picture_pipeline.renditions.specs import Size

_PROFILES = (2, 3)
"""Values of METH in a colr box (ISO/IEC 15444-1, I.5.3.3) that an ICC profile follows."""
_COLR_FIELDS = 3
_MOST_HALVINGS = 5


def decode(data: bytes, demand: Demand) -> Canvas | Unrenderable:
    """Decode a JP2 or a bare codestream. Raises what Pillow raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of broken metadata; pixels are all we want
        stored = _size_of(data)
        if (refusal := demand.refuse(stored)) is not None:
            return refusal
        base = demand.base(stored, demand.orientation)
        picture = _loaded(data, stored, base)
    picture.info["icc_profile"] = _profile(data)
    return canvas_of(picture, stored, base, demand.orientation)


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=("JPEG2000",))


def _size_of(data: bytes) -> Size:
    with _open(data) as picture:
        return Size(*picture.size)


def _loaded(data: bytes, stored: Size, base: Size) -> Image.Image:
    """Load at the smallest halving that covers ``base``; a file may hold fewer of them."""
    for halvings in range(_halvings(stored, base), -1, -1):
        picture = _open(data)
        picture.reduce = halvings  # type: ignore[method-assign,assignment] # Pillow's own interface
        try:
            picture.load()
        except OSError:
            if halvings == 0:
                raise
            continue
        break
    return picture


def _halvings(stored: Size, base: Size) -> int:
    """Give how often the wavelets may be left folded. Pillow rounds sides, OpenJPEG rounds up."""
    found = 0
    for halvings in range(1, _MOST_HALVINGS + 1):
        by = 1 << halvings
        sides = (stored.width, stored.height)
        alike = all((side + by // 2) // by == -(-side // by) for side in sides)
        if alike and stored.width // by >= base.width and stored.height // by >= base.height:
            found = halvings
    return found


def _profile(data: bytes) -> bytes | None:
    try:
        payload = whole(data).first(b"jp2h").first(b"colr").payload
    except (ValueError, KeyError):
        return None
    return payload[_COLR_FIELDS:] if payload[:1] and payload[0] in _PROFILES else None
