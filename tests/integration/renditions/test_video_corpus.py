"""Every film of the corpus: a poster that stands upright, or a reason."""

import io
import os
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import FileContent

TYPES = {
    ".mov": "video/quicktime",
    ".mp4": "video/mp4",
    ".3gp": "video/3gpp",
    ".avi": "video/x-msvideo",
    ".mts": "video/mp2t",
}

# The sizes of medium; those of hello.* are told by the track header.
UPRIGHT = {
    "3gp_640x360.3gp": (640, 360),
    "IMG_7943_HEVC.MOV": (480, 640),
    "auth.mov": (296, 640),
    "hello.3gp": (29, 24),
    "hello.mov": (29, 24),
    "hello.mp4": (29, 24),
    "leiden.mov": (810, 1080),
    "meta.mov": (608, 1080),
    "quicktime-hvc1.mov": (608, 1080),
    "udta.auth.mp4": (498, 1080),
}

# Headers whose frames were cut away by those who collected them.
NO_FRAMES = {
    "2018-04-12 19_24_49.mov",
    "M2TS.mts",
    "Pentax.avi",
    "QuickTime.mov",
    "RIFF.avi",
    "compatible-brands-fail.mov",
    "compatible-brands.mov",
    "sony-a7-xavc.MP4",
}


@pytest.fixture(scope="module")
def outcomes(corpus: Path) -> dict[Path, Rendered | Unrenderable]:
    """Render all films without ever having one whole in memory."""
    renderer = StillRenderer()
    found = {}
    for path in sorted(corpus.rglob("*")):
        if path.is_file() and path.suffix.lower() in TYPES:
            kind = MediaType(TYPES[path.suffix.lower()], path.suffix, Family.VIDEO)
            with _content(path) as content:
                found[path] = renderer.render(content, kind, None, DEFAULT_SPECS)
    return found


def _content(path: Path) -> FileContent:
    size = path.stat().st_size
    return FileContent(size, lambda: os.open(path, os.O_RDONLY), most_in_memory=-1)


def test_every_film_with_a_frame_has_an_upright_poster(
    outcomes: dict[Path, Rendered | Unrenderable],
) -> None:
    sizes = {
        path.name: (outcome.pictures[-1].width, outcome.pictures[-1].height)
        for path, outcome in outcomes.items()
        if isinstance(outcome, Rendered)
    }

    assert sizes == UPRIGHT


def test_every_film_without_a_frame_is_undecodable(
    outcomes: dict[Path, Rendered | Unrenderable],
) -> None:
    reasons = {
        path.name: outcome.reason
        for path, outcome in outcomes.items()
        if isinstance(outcome, Unrenderable)
    }

    assert reasons == dict.fromkeys(NO_FRAMES, "undecodable")


@pytest.mark.parametrize("name", sorted({"leiden.mov", "meta.mov", "quicktime-hvc1.mov"}))
def test_a_poster_has_the_colours_that_a_player_shows(
    outcomes: dict[Path, Rendered | Unrenderable], name: str
) -> None:
    path, outcome = next(held for held in outcomes.items() if held[0].name == name)
    assert isinstance(outcome, Rendered)
    poster = Image.open(io.BytesIO(outcome.pictures[-1].jpeg)).resize((20, 20))

    with av.open(str(path)) as film:
        frame = next(film.decode(video=0))
        shown = frame.to_image().rotate(frame.rotation, expand=True).resize((20, 20))

    difference = np.abs(np.asarray(poster).astype(int) - np.asarray(shown).astype(int))
    # A player leaves the wide gamut of two of them as it is.
    assert difference.mean() < 8
