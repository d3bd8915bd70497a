"""The frame size of one of our own JPEGs, and whether the file is whole. No decoding."""

_SOI, _EOI = b"\xff\xd8", b"\xff\xd9"
_FRAMES = frozenset((0xC0, 0xC1, 0xC2))
_SCAN = 0xDA
_SHORTEST_SEGMENT = 2


def frame_size(data: bytes) -> tuple[int, int] | None:
    """Give width and height in pixels; None for anything but a whole JPEG.

    Walks the markers up to the first scan (ITU-T T.81, B.1.1) and looks for
    the end marker at the end, where our encoder puts it.
    """
    if not (data.startswith(_SOI) and data.endswith(_EOI)):
        return None
    at = len(_SOI)
    size: tuple[int, int] | None = None
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        marker = data[at + 1]
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            height = int.from_bytes(data[at + 5 : at + 7], "big")
            size = int.from_bytes(data[at + 7 : at + 9], "big"), height
        if marker == _SCAN or length < _SHORTEST_SEGMENT:
            return size
        at += 2 + length
    return None
