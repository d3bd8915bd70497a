"""JPEG XL by libjxl; what was a JPEG becomes one again and is decoded as one."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pillow_jxl import Decoder

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.renditions import jpeg
from picture_pipeline.renditions.canvas import Canvas, Demand
from picture_pipeline.renditions.jxl_header import read_jxl_header
from picture_pipeline.renditions.pillow import canvas_of
from picture_pipeline.renditions.specs import Size

_UPRIGHT = 1
_NO_THREADS = 0

# libjxl's samples by the name that its Python face gives them: Pillow's mode and numpy's type.
_MODES = {
    "L": ("L", "u1"),
    "LA": ("LA", "u1"),
    "RGB": ("RGB", "u1"),
    "RGBA": ("RGBA", "u1"),
    "I;16": ("I;16", "<u2"),
    "F": ("F", "<f4"),
    "F;16": ("F", "<f2"),
}


def decode(data: bytes, demand: Demand) -> Canvas | Unrenderable:
    """Decode the first frame of a container or bare codestream.

    The codestream's own orientation counts, EXIF's does not (ISO/IEC 18181-2);
    libjxl applies it to pixels, not to a JPEG that it gives back. Raises
    RuntimeError for what libjxl cannot read.
    """
    header = read_jxl_header(data)
    if header is None:
        return Unrenderable("undecodable", "no JPEG XL codestream")
    if (refusal := demand.refuse(header.size)) is not None:
        return refusal
    was_jpeg, told, decoded, profile, _boxes = Decoder(num_threads=_NO_THREADS)(data)
    if was_jpeg:
        return jpeg.decode(decoded, Demand(header.orientation, demand.specs, demand.max_pixels))
    stored = Size(told.width, told.height)
    if stored != header.size.turned(header.orientation):
        return Unrenderable("undecodable", f"{stored} decoded where {header.size} was told")
    picture = _picture(decoded, told.mode, stored)
    if picture is None:
        return Unrenderable("unsupported_picture", f"JPEG XL of {told.mode}")
    picture.info["icc_profile"] = profile or None
    return canvas_of(picture, stored, demand.base(stored, _UPRIGHT), _UPRIGHT)


def _picture(decoded: bytes, told: str, size: Size) -> Image.Image | None:
    if told not in _MODES:
        return None
    mode, kind = _MODES[told]
    samples: NDArray[np.generic] = np.frombuffer(decoded, kind)
    if mode == "F":
        samples = samples.astype("<f4")
    return Image.frombytes(mode, (size.width, size.height), samples.tobytes())
