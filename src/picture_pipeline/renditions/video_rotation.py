"""How a film is to be turned: its display matrix as an EXIF orientation."""

import struct
from collections.abc import Mapping
from typing import cast

from av.buffer import Buffer
from av.sidedata.sidedata import Type
from av.video.frame import VideoFrame

_UPRIGHT = 1
_MATRIX = struct.Struct("=9i")

# The signs of a, b, c, d in (x', y') = (a x + c y, b x + d y), ISO/IEC 14496-12, 8.3.2.
_ORIENTATIONS = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, 1, -1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, -1, 1, 0): 8,
}


def orientation_of(frame: VideoFrame) -> int:
    """Give the EXIF orientation, 1 to 8; 1 for what is no turn by quarters."""
    held = cast("Mapping[Type, Buffer]", frame.side_data)  # PyAV's stub lacks most of its keys
    try:
        a, b, _, c, d, *_ = _MATRIX.unpack(bytes(held[Type.DISPLAYMATRIX]))
    except (KeyError, struct.error):
        return _UPRIGHT
    largest = max(abs(a), abs(b), abs(c), abs(d), 1)
    signs = tuple(round(value / largest) for value in (a, b, c, d))
    return _ORIENTATIONS.get(signs, _UPRIGHT)
