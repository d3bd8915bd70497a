"""Renditions as the product makes them."""

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from picture_pipeline.model.media import MediaType
from picture_pipeline.model.rendition import Rendered
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import in_memory

sys.path.append(str(Path(__file__).resolve().parents[2]))  # the makers of samples


@pytest.fixture
def rendered() -> dict[str, bytes]:
    """All renditions of a grey picture, by name."""
    buffer = io.BytesIO()
    Image.new("RGB", (2400, 1600), "grey").save(buffer, "JPEG")
    outcome = StillRenderer().render(
        in_memory(buffer.getvalue()), MediaType("image/jpeg", "jpg"), None, DEFAULT_SPECS
    )
    assert isinstance(outcome, Rendered)
    return {picture.name: picture.jpeg for picture in outcome.pictures}
