"""Every still of the corpus: rendered, or named with a reason."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions.canvas import Demand
from picture_pipeline.renditions.heic import NotPlain, decode_tiles, scale_for
from picture_pipeline.renditions.specs import DEFAULT_SPECS, Size, fit_inside
from picture_pipeline.renditions.still import MEDIA_TYPES, StillRenderer, paint
from picture_pipeline.renditions.tiles import plan_tiles
from picture_pipeline.workflows.contents import in_memory

MEDIUM = DEFAULT_SPECS[-1]
DEMAND = Demand(1, DEFAULT_SPECS, 400_000_000)

# Cut short or hollowed out by those who collected them; no other program shows them either. Of
# the RAWs nothing is left but directories, and previews of 26 to 29 bytes, or 8 x 8 pixels.
UNRENDERABLE = {
    "CanonRaw.cr2": "unsupported_picture",
    "CanonRaw.cr3": "undecodable",
    "CanonRaw.crw": "undecodable",
    "DNG.dng": "undecodable",
    "JXL.jxl": "undecodable",
    "JXL2.jxl": "undecodable",
    "Minolta.mrw": "undecodable",
    "NegativeArraySizeException.ItemInfoBox.init.heif": "undecodable",
    "Nikon.nef": "undecodable",
    "Panasonic.rw2": "undecodable",
    "PhaseOne.iiq": "undecodable",
    "QuickTime.heic": "undecodable",
    "Sigma.x3f": "undecodable",
    "SigmaDP2.x3f": "undecodable",
    "black-seattle-truncated.heic": "undecodable",
    "exif-no-tz.jpg": "undecodable",
    "motion_photo_pixel_synth.jpg": "undecodable",
    "oom_large_box.heic": "undecodable",
    "park.heic": "undecodable",
    "river-truncated.heic": "undecodable",
    "test-issue-608-truncated-exif-tiff-dos.jpg": "undecodable",
}
# How the manifest calls what has another name here.
OTHER_NAMES = {"application/vnd.adobe.photoshop": "image/vnd.adobe.photoshop"}


@dataclass(frozen=True, slots=True)
class Still:
    path: Path
    media_type: MediaType
    orientation: int | None


@pytest.fixture(scope="module")
def stills(corpus: Path) -> list[Still]:
    with (corpus / "manifest.csv").open(newline="") as manifest:
        rows = [
            (OTHER_NAMES.get(row["mime"], row["mime"]), row) for row in csv.DictReader(manifest)
        ]
    return [
        Still(
            corpus / row["path"],
            MediaType(name, name.removeprefix("image/")),
            int(row["orientation"]) if row["orientation"] else None,
        )
        for name, row in rows
        if name in MEDIA_TYPES and name.startswith("image/")
    ]


@pytest.fixture(scope="module")
def outcomes(stills: list[Still]) -> dict[Path, Rendered | Unrenderable]:
    renderer = StillRenderer()
    return {
        still.path: renderer.render(
            in_memory(still.path.read_bytes()),
            still.media_type,
            still.orientation,
            DEFAULT_SPECS,
        )
        for still in stills
    }


def test_every_still_is_rendered_or_named_with_its_reason(
    outcomes: dict[Path, Rendered | Unrenderable],
) -> None:
    failed = {
        path.name: outcome.reason
        for path, outcome in outcomes.items()
        if isinstance(outcome, Unrenderable)
    }

    assert failed == UNRENDERABLE


def test_every_rendition_decodes_to_the_size_it_tells(
    outcomes: dict[Path, Rendered | Unrenderable],
) -> None:
    rendered = [outcome for outcome in outcomes.values() if isinstance(outcome, Rendered)]

    assert len(rendered) > 250
    for picture in (picture for outcome in rendered for picture in outcome.pictures):
        with Image.open(io.BytesIO(picture.jpeg)) as opened:
            opened.load()
            assert opened.size == (picture.width, picture.height)


def test_no_rendition_carries_metadata(outcomes: dict[Path, Rendered | Unrenderable]) -> None:
    for outcome in outcomes.values():
        for picture in outcome.pictures if isinstance(outcome, Rendered) else ():
            with Image.open(io.BytesIO(picture.jpeg)) as opened:
                assert set(opened.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("scene", ["Landscape", "Portrait"])
def test_the_same_scene_in_all_orientations_looks_the_same(
    outcomes: dict[Path, Rendered | Unrenderable], scene: str
) -> None:
    same = {
        path.stem: outcome
        for path, outcome in outcomes.items()
        if path.parent.name.startswith("recurser") and path.stem.startswith(scene)
    }
    tinies = [tiny(same[f"{scene}_{number}"]) for number in range(1, 9)]

    assert {picture.shape for picture in tinies} == {tinies[0].shape}
    # The files differ by the number that is printed on them.
    assert max(np.abs(picture - tinies[0]).mean() for picture in tinies) < 5


def tiny(outcome: Rendered | Unrenderable) -> np.ndarray:
    assert isinstance(outcome, Rendered)
    with Image.open(io.BytesIO(outcome.pictures[0].jpeg)) as opened:
        return np.asarray(opened.convert("RGB")).astype(int)


def reference(data: bytes) -> np.ndarray | None:
    """Give the medium by pillow-heif: lcms at full size, Lanczos; None for what it refuses."""
    try:
        picture = pillow_heif.open_heif(data).to_pillow().convert("RGB")
    except ValueError:
        return None
    size = fit_inside(Size(*picture.size), MEDIUM)
    if profile := picture.info.get("icc_profile"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), inPlace=True)
    return np.asarray(picture.resize((size.width, size.height), Image.Resampling.LANCZOS))


def by_tiles(data: bytes) -> np.ndarray | None:
    """Give the medium by the fast path; None for what it leaves to pillow-heif."""
    plan = plan_tiles(data)
    try:
        canvas = decode_tiles(plan, scale_for(plan, DEMAND)) if plan else None
    except (NotPlain, av.FFmpegError):
        return None
    return next(iter(paint(canvas, [MEDIUM])))[1] if canvas else None


def test_the_fast_path_shows_the_colours_that_pillow_heif_shows(stills: list[Still]) -> None:
    color = pytest.importorskip("skimage.color", reason="scikit-image is not installed")
    differences = {}
    for still in stills:
        if still.media_type.name not in ("image/heic", "image/heif"):
            continue
        data = still.path.read_bytes()
        if (mine := by_tiles(data)) is None or (wanted := reference(data)) is None:
            continue
        labs = color.rgb2lab(wanted), color.rgb2lab(mine)
        differences[still.path.name] = float(color.deltaE_ciede2000(*labs).mean())

    assert len(differences) >= 15
    assert {name: value for name, value in differences.items() if value >= 1} == {}
