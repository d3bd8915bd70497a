"""Pictures made in memory, and what their renditions look like."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.rendition import Rendered, Unrenderable
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from picture_pipeline.workflows.contents import in_memory

Colour = tuple[int, int, int]
PALETTE: dict[str, Colour] = {
    "red": (220, 30, 30),
    "green": (30, 160, 30),
    "blue": (30, 30, 220),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
    "grey": (128, 128, 128),
}
QUARTERS = ("red", "green", "blue", "white")


@pytest.fixture(scope="session")
def renderer() -> StillRenderer:
    return StillRenderer()


@pytest.fixture
def quartered() -> Image.Image:
    """600 x 400: red and green above, blue and white below."""
    picture = Image.new("RGB", (600, 400))
    for number, name in enumerate(QUARTERS):
        left, top = number % 2 * 300, number // 2 * 200
        picture.paste(PALETTE[name], (left, top, left + 300, top + 200))
    return picture


@pytest.fixture
def saved() -> Callable[..., bytes]:
    """Encode a picture: format, then Pillow's own keywords."""

    def save(picture: Image.Image, form: str, **keywords: object) -> bytes:
        buffer = io.BytesIO()
        picture.save(buffer, form, **keywords)
        return buffer.getvalue()

    return save


@pytest.fixture
def attempt(renderer: StillRenderer) -> Callable[..., Rendered | Unrenderable]:
    """Render bytes of ``image/<kind>`` with an EXIF orientation."""

    def render(data: bytes, kind: str, orientation: int | None = None) -> Rendered | Unrenderable:
        media_type = MediaType(f"image/{kind}", kind)
        return renderer.render(in_memory(data), media_type, orientation, DEFAULT_SPECS)

    return render


@pytest.fixture
def medium_of(attempt: Callable[..., Rendered | Unrenderable]) -> Callable[..., Image.Image]:
    """Render, and decode the medium again."""

    def medium(data: bytes, kind: str, orientation: int | None = None) -> Image.Image:
        rendered = attempt(data, kind, orientation)
        assert isinstance(rendered, Rendered), rendered
        by_name = {picture.name: picture.jpeg for picture in rendered.pictures}
        return Image.open(io.BytesIO(by_name["medium"]))

    return medium


@pytest.fixture
def reason_of(attempt: Callable[..., Rendered | Unrenderable]) -> Callable[..., str]:
    """Give why something cannot be rendered."""

    def reason(data: bytes, kind: str) -> str:
        outcome = attempt(data, kind)
        assert isinstance(outcome, Unrenderable), outcome
        return outcome.reason

    return reason


@pytest.fixture
def colours_of() -> Callable[[Image.Image], tuple[str, ...]]:
    """Name the colours of the four quarters, read as one reads a page."""

    def nearest(colour: np.ndarray) -> str:
        return min(PALETTE, key=lambda name: float(np.abs(colour - PALETTE[name]).sum()))

    def name(picture: Image.Image) -> tuple[str, ...]:
        pixels = np.asarray(picture.convert("RGB")).astype(int)
        height, width, _ = pixels.shape
        rows, columns = (height // 4, height * 3 // 4), (width // 4, width * 3 // 4)
        return tuple(nearest(pixels[row, column]) for row in rows for column in columns)

    return name


@pytest.fixture
def filmed(renderer: StillRenderer) -> Callable[..., Rendered | Unrenderable]:
    """Render bytes of ``video/<kind>``."""

    def render(data: bytes, kind: str = "mp4") -> Rendered | Unrenderable:
        media_type = MediaType(f"video/{kind}", kind, Family.VIDEO)
        return renderer.render(in_memory(data), media_type, None, DEFAULT_SPECS)

    return render


@pytest.fixture
def poster_of(filmed: Callable[..., Rendered | Unrenderable]) -> Callable[..., Image.Image]:
    """Render a film, and decode the medium again."""

    def poster(data: bytes, kind: str = "mp4") -> Image.Image:
        rendered = filmed(data, kind)
        assert isinstance(rendered, Rendered), rendered
        by_name = {picture.name: picture.jpeg for picture in rendered.pictures}
        return Image.open(io.BytesIO(by_name["medium"]))

    return poster
