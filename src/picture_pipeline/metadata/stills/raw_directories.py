"""The directories of TIFF structures in which RAWs tell their sizes. Pure Python."""

from collections.abc import Iterator, Mapping
from itertools import islice

from picture_pipeline.metadata.containers.ifd import Entry, ReadAt, read_ifd, tiff_layout
from picture_pipeline.metadata.containers.jpeg_header import Size

_WIDTH, _LENGTH = 0x0100, 0x0101
_SUB_IFDS, _EXIF = 0x014A, 0x8769
_MAX_SUB_IFDS = 8

Ifd = Mapping[int, Entry]


def directories(read_at: ReadAt, header: bytes | None = None) -> Iterator[Ifd]:
    """Give the first directory, those below it, and that of EXIF."""
    opened = tiff_layout(read_at(0, 16) if header is None else header)
    if opened is None:
        return
    layout, start = opened
    ifd0 = read_ifd(read_at, layout, start)
    yield ifd0
    for tag in (_SUB_IFDS, _EXIF):
        offsets = ifd0[tag].integers() if tag in ifd0 else ()
        for offset in islice(offsets, _MAX_SUB_IFDS):
            yield read_ifd(read_at, layout, offset)


def largest(ifds: list[Ifd]) -> Size | None:
    """Give the size of the largest picture that any of the directories describes."""
    sizes = filter(None, (numbers(ifd, _WIDTH, _LENGTH) for ifd in ifds))
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def numbers(ifd: Ifd, wide: int, high: int) -> Size | None:
    """Give width and height out of two entries."""
    width, height = (ifd[tag].integer() if tag in ifd else None for tag in (wide, high))
    return sized(width or 0, height or 0)


def sized(width: int, height: int) -> Size | None:
    """Give a size when both numbers are above zero."""
    return (width, height) if width > 0 and height > 0 else None
