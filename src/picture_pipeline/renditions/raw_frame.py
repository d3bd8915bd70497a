"""Where the picture lies in a RAW, and whether an embedded preview shows the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from rawpy import ImageSizes

from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.renditions.canvas import Demand
from picture_pipeline.renditions.specs import Size, fit_inside

# LibRaw's flip bits (1 mirrors, 2 turns upside down, 4 transposes last) as EXIF orientations.
_EXIF_ORIENTATIONS = (1, 2, 4, 3, 5, 8, 6, 7)
_UPRIGHT = 1
_SAME_ASPECT = 0.03
"""By how much a preview's aspect may differ. Sony's 1616x1080 beside a 3:2 sensor is off by 0.3 %,
sensor edges that the camera cuts off make 1 %; 3:2 inside 4:3 with black borders makes 12 %."""
_LEAST_CROP = 0.5
"""A crop to less than this of a side is no camera's frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The picture inside what LibRaw develops, in the sensor's axes."""

    visible: Size
    """What LibRaw develops, at full size."""
    left: int
    top: int
    size: Size
    """What the camera shows of it, from ``left`` and ``top`` on."""
    orientation: int
    """EXIF orientation, 1 to 8."""

    def half_covers(self, base: Size) -> bool:
        """Tell whether half of the size is still at least ``base``."""
        return self.size.width // 2 >= base.width and self.size.height // 2 >= base.height

    def is_shown_by(self, preview: Size, demand: Demand) -> bool:
        """Tell whether a preview can stand for the developed picture.

        It must have the same aspect: else it was cropped, or has black
        borders, and what the sensor saw is the better picture. And it must be
        as large as the largest rendition, which it is when one of its sides
        is: 1616x1080 fills a box of 1920x1080 as well as 1620x1080 does.
        """
        seen = preview.turned(self.turn_of(preview))
        base = demand.base(self.size, self.orientation)
        large = seen.width >= base.width or seen.height >= base.height
        return large and _same_aspect(seen, self.size)

    def turn_of(self, preview: Size) -> int:
        """Give the orientation that turned an upright preview out of the sensor's axes, or 1."""
        sideways = self.size.turned(self.orientation) != self.size
        stands = (preview.width > preview.height) != (self.size.width > self.size.height)
        return self.orientation if sideways and stands else _UPRIGHT

    def orientation_of(self, preview: Size, told: int | None) -> int:
        """Give the EXIF orientation still to be applied to a preview.

        Makers store previews in the sensor's axes, some upright; ``told`` is
        what the preview's own EXIF says, if it has one. A preview that lies
        across the sensor is upright already, whatever it says.
        """
        if self.turn_of(preview) != _UPRIGHT:
            return _UPRIGHT
        lies = self.size.turned(self.orientation) != self.size
        if told is None or (told == _UPRIGHT and lies):
            return self.orientation
        return told


def frame_of(sizes: ImageSizes, told: int) -> Frame:
    """Read LibRaw's sizes; ``told`` is the EXIF orientation, for where LibRaw knows of none."""
    visible = _visible(sizes)
    known = sizes.flip if 0 < sizes.flip < len(_EXIF_ORIENTATIONS) else None
    orientation = told if known is None else _EXIF_ORIENTATIONS[known]
    left, top = (
        sizes.crop_left_margin - sizes.left_margin,
        sizes.crop_top_margin - sizes.top_margin,
    )
    crop = Size(sizes.crop_width, sizes.crop_height)
    if not _fits(left, top, crop, visible) or sizes.pixel_aspect != 1:
        return Frame(visible, 0, 0, visible, orientation)
    return Frame(visible, left, top, crop, orientation)


def _visible(sizes: ImageSizes) -> Size:
    """Give the size that LibRaw develops to: square pixels, before turning."""
    if 0 < sizes.pixel_aspect < 1:
        return Size(sizes.width, round(sizes.height / sizes.pixel_aspect))
    return Size(round(sizes.width * max(sizes.pixel_aspect, 1)), sizes.height)


def _fits(left: int, top: int, crop: Size, visible: Size) -> bool:
    inside = (
        min(left, top) >= 0
        and left + crop.width <= visible.width
        and top + crop.height <= visible.height
    )
    least = Size(int(visible.width * _LEAST_CROP), int(visible.height * _LEAST_CROP))
    return inside and crop.width > least.width and crop.height > least.height


def _same_aspect(one: Size, other: Size) -> bool:
    across, down = one.width * other.height, one.height * other.width
    return abs(across - down) <= _SAME_ASPECT * max(across, down)


def fills_smallest(preview: Size, specs: Sequence[RenditionSpec]) -> bool:
    """Tell whether a preview is large enough for the smallest rendition at least."""
    sides = (fit_inside(preview, spec) for spec in specs)
    boxes = ((spec.width, spec.height) for spec in specs)
    return any(
        size.width >= width or size.height >= height
        for size, (width, height) in zip(sides, boxes, strict=True)
    )
