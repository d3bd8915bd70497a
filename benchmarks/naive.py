"""The corrected naive loop: what one would write with Pillow, made right.

One full decode, orientation, ICC to sRGB at full size, a copy for each size,
Lanczos, quality 85.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFile, ImageOps

from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size, fit_inside

ImageFile.LOAD_TRUNCATED_IMAGES = True
SRGB = ImageCms.createProfile("sRGB")


def upright_srgb(data: bytes) -> Image.Image:
    """Decode at full size, upright, in sRGB."""
    with Image.open(io.BytesIO(data)) as opened:
        profile = opened.info.get("icc_profile")
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    if profile:
        ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB, inPlace=True
        )
    return picture


def resized(picture: Image.Image, spec: RenditionSpec) -> Image.Image:
    """Scale a copy with Lanczos."""
    size = fit_inside(Size(*picture.size), spec)
    return picture.resize((size.width, size.height), Image.Resampling.LANCZOS)


def encoded(picture: Image.Image) -> bytes:
    """Encode at quality 85."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def naive(data: bytes) -> dict[str, bytes]:
    """Make all renditions."""
    picture = upright_srgb(data)
    return {spec.name: encoded(resized(picture, spec)) for spec in DEFAULT_SPECS}


def pixels_of(jpeg: bytes) -> NDArray[np.uint8]:
    """Decode a rendition."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        return np.asarray(picture.convert("RGB"))
