"""Opening a file: its stored size and the metadata blocks for exiv2. Pure Python."""

from dataclasses import dataclass

from picture_pipeline.metadata.dimensions import Size, stored_size
from picture_pipeline.metadata.formats import AVIF, GIF, HEIC, HEIF
from picture_pipeline.metadata.heif import read_heif
from picture_pipeline.model.media import MediaType

_HEIFS = (HEIC, HEIF, AVIF)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds for the metadata reader."""

    size: Size | None
    blocks: tuple[bytes, ...]
    """What exiv2 shall read: usually the whole file, which it does not copy."""


def open_contents(data: bytes, media_type: MediaType) -> Contents:
    """Find size and metadata blocks; hostile input gives fewer."""
    if media_type in _HEIFS:
        items = read_heif(data)
        return Contents(items.size, tuple(block for block in (items.exif, items.xmp) if block))
    blocks = _gif_xmp(data) if media_type == GIF else (data,)
    return Contents(stored_size(data, media_type), blocks)


def _gif_xmp(data: bytes) -> tuple[bytes, ...]:
    """Cut the XMP packet out of a GIF, which exiv2 does not look for.

    XMP specification part 3 section 1.1.2: the packet stands unblocked behind
    the application identifier, followed by a "magic trailer".
    """
    start = data.find(b"\x0bXMP DataXMP")
    packet = start + 12
    end = data.find(b"\x01\xff\xfe\xfd", packet)
    return (data[packet:end],) if 0 <= start < end else ()
