"""Pictures with something to see, so that their perceptual hashes mean something."""

import io

import numpy as np
from PIL import Image, ImageDraw

_ORIENTED = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    8: Image.Transpose.ROTATE_270,
}
"""What turns an upright picture into what a camera stores with that EXIF orientation."""


def scene(number: int, size: tuple[int, int] = (960, 720)) -> Image.Image:
    """Paint a landscape of its own for each number: waves of brightness, and shapes."""
    random = np.random.default_rng(number)
    width, height = size
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    plane = np.zeros((height, width))
    for _ in range(24):
        x, y, phase = [*random.uniform(0.5, 12, 2).tolist(), random.uniform(0, 6.3)]
        plane += random.uniform(0.3, 1) * np.sin(6.28 * (x * across + y * down) + phase)
    plane = (plane - plane.min()) / np.ptp(plane) * 255
    picture = Image.fromarray(plane.astype(np.uint8)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        left, top = random.uniform(0, 0.8, 2)
        sides = random.uniform(0.05, 0.2, 2)
        colour = tuple(random.integers(0, 256, 3).tolist())
        box = (
            left * width,
            top * height,
            (left + sides[0]) * width,
            (top + sides[1]) * height,
        )
        draw.rectangle(box, fill=colour)
    return picture


def shifted(picture: Image.Image) -> Image.Image:
    """Show the same scene a moment later: a burst's next frame."""
    width, height = picture.size
    turned = picture.rotate(2, Image.Resampling.BICUBIC, translate=(width // 30, height // 30))
    edge = width // 12
    return turned.crop((edge, edge, width - edge, height - edge)).resize((width, height))


def encoded(
    picture: Image.Image,
    *,
    quality: int = 92,
    taken: str | None = None,
    subsecond: str | None = None,
    model: str | None = None,
    orientation: int = 1,
) -> bytes:
    """Write an upright picture as a camera would; ``taken`` like ``2024:03:15 10:11:12``."""
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    if subsecond:
        exif.get_ifd(0x8769)[0x9291] = subsecond
    if model:
        exif[0x010F], exif[0x0110] = "Apple", model
    turn = _ORIENTED[orientation]
    if turn is not None:
        exif[0x0112] = orientation
        picture = picture.transpose(turn)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif.tobytes() if len(exif) or taken else b"")
    return out.getvalue()
