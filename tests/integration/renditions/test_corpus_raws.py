"""RAW files: those of the corpus that still hold pictures, and one made of a real photograph."""

import io
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.rendition import Rendered
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import in_memory
from raws import dng

CORPUS_RAWS = {
    "mindeng+nom-exif/testdata/canon-r6.cr3": ("x-canon-cr3", (1620, 1080)),
    "exiftool+exiftool/t/images/FujiFilm.raf": ("x-fujifilm-raf", (160, 120)),
}
PHOTOGRAPH = "MikeKovarik+exifr/test/fixtures/heic-iphone.heic"
LEAST_SIMILAR = 0.85
"""SSIM of a developed medium against the camera's own: noise reduction and sharpening differ."""


@pytest.fixture(scope="module")
def photograph(corpus: Path) -> Image.Image:
    return pillow_heif.open_heif((corpus / PHOTOGRAPH).read_bytes()).to_pillow().convert("RGB")


def medium(data: bytes, kind: str) -> Image.Image:
    media_type = MediaType(f"image/{kind}", kind, Family.RAW)
    rendered = StillRenderer().render(in_memory(data), media_type, None, DEFAULT_SPECS)
    assert isinstance(rendered, Rendered), rendered
    return Image.open(io.BytesIO(rendered.pictures[-1].jpeg))


def saved(picture: Image.Image, width: int) -> bytes:
    buffer = io.BytesIO()
    height = picture.height * width // picture.width
    picture.resize((width, height), Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


@pytest.mark.parametrize("name", CORPUS_RAWS)
def test_the_corpus_raws_that_hold_pictures_show_them(corpus: Path, name: str) -> None:
    kind, size = CORPUS_RAWS[name]

    shown = medium((corpus / name).read_bytes(), kind)

    assert shown.size == size
    assert np.asarray(shown).std() > 20


@pytest.mark.parametrize("exposure", [0.4, 1.0])
def test_developing_looks_like_the_cameras_own(photograph: Image.Image, exposure: float) -> None:
    metrics = pytest.importorskip("skimage.metrics", reason="scikit-image is not installed")
    sensor = np.asarray(photograph)

    own = medium(dng(sensor, previews=[saved(photograph, 2016)]), "x-adobe-dng")
    developed = medium(
        dng(sensor, previews=[saved(photograph, 160)], exposure=exposure), "x-adobe-dng"
    )

    likeness = metrics.structural_similarity(
        np.asarray(own.convert("L")), np.asarray(developed.convert("L"))
    )
    colours = np.asarray(own).mean(axis=(0, 1)), np.asarray(developed).mean(axis=(0, 1))
    assert likeness >= LEAST_SIMILAR
    assert np.abs(colours[0] - colours[1]).max() < 6
