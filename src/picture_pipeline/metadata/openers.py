"""Opening a file of any type: what each has for the metadata reader. Pure Python."""

from collections.abc import Callable, Mapping

from picture_pipeline.metadata.companions.reading import open_companion
from picture_pipeline.metadata.containers.codestream import SIGNATURE as BARE_JXL
from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.containers.heif import read_heif
from picture_pipeline.metadata.containers.jpeg_header import read_jpeg_header
from picture_pipeline.metadata.films.asf import open_asf
from picture_pipeline.metadata.films.avchd import open_transport_stream
from picture_pipeline.metadata.films.matroska import open_matroska
from picture_pipeline.metadata.films.quicktime import open_movie
from picture_pipeline.metadata.films.riff import open_avi
from picture_pipeline.metadata.formats import (
    AVI,
    AVIF,
    AVIF_SEQUENCE,
    BMP,
    GIF,
    HEIC,
    HEIC_SEQUENCE,
    HEIF,
    HEIF_SEQUENCE,
    J2K,
    JPEG,
    JXL,
    M4V,
    MKV,
    MOV,
    MP4,
    MTS,
    THREE_G2,
    THREE_GP,
    WEBM,
    WMV,
    X3F,
)
from picture_pipeline.metadata.stills.dimensions import stored_size
from picture_pipeline.metadata.stills.raw_size import raw_size
from picture_pipeline.metadata.stills.x3f import open_x3f
from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.ports import Content

_JPEG_HEADS = (1 << 16, 1 << 20)
"""Bytes of a JPEG that hold all that stands before the pixels: mostly, and nearly always."""

Open = Callable[[Content, MediaType], Contents]


def open_contents(content: Content, media_type: MediaType) -> Contents:
    """Find size, metadata blocks and evidence; hostile input gives fewer."""
    row = _BY_TYPE.get(media_type.name) or _BY_FAMILY.get(media_type.family, _still)
    return row(content, media_type)


def _plain(read: Callable[[Content], Contents]) -> Open:
    return lambda content, _: read(content)


def _whole(content: Content) -> bytes:
    return content.whole() if content.fits else b""


def _still(content: Content, media_type: MediaType) -> Contents:
    data = _whole(content)
    return Contents(stored_size(data, media_type), (data,))


def _jpeg(content: Content) -> Contents:
    """Read no more than what stands before the pixels; exiv2 does not either."""
    for most in _JPEG_HEADS:
        header = read_jpeg_header(content.read_at(0, most))
        if header.whole or content.size <= most:
            break
    else:
        header = read_jpeg_header(_whole(content))
    return Contents(header.size, (header.rest,), header.packets)


def _raw(content: Content, media_type: MediaType) -> Contents:
    return Contents(raw_size(content, media_type.name), (_whole(content),))


def _nothing(_content: Content, _media_type: MediaType) -> Contents:
    return Contents()


def _heif(content: Content) -> Contents:
    items = read_heif(content.read_at, content.size)
    blocks, packets = (tuple(filter(None, (item,))) for item in (items.exif, items.xmp))
    return Contents(items.size, blocks, packets)


def _sequence(content: Content) -> Contents:
    """Open a sequence of pictures: a movie that usually has a still to stand for it."""
    still = _heif(content)
    return still if still.size else open_movie(content)


def _gif(content: Content) -> Contents:
    data = _whole(content)
    return Contents(stored_size(data, GIF), packets=_gif_xmp(data))


def _gif_xmp(data: bytes) -> tuple[bytes, ...]:
    """Cut the XMP packet out of a GIF, which exiv2 does not look for.

    XMP specification part 3 section 1.1.2: the packet stands unblocked behind
    the application identifier, followed by a "magic trailer".
    """
    start = data.find(b"\x0bXMP DataXMP")
    packet = start + 12
    end = data.find(b"\x01\xff\xfe\xfd", packet)
    return (data[packet:end],) if 0 <= start < end else ()


def _size_only(content: Content, media_type: MediaType) -> Contents:
    return Contents(stored_size(_whole(content), media_type))


def _jxl(content: Content, media_type: MediaType) -> Contents:
    """Spare exiv2 a bare codestream: it has no room for metadata, exiv2 would complain."""
    bare = content.read_at(0, len(BARE_JXL)) == BARE_JXL
    return (_size_only if bare else _still)(content, media_type)


_BY_TYPE: Mapping[str, Open] = {
    **{kind.name: _plain(_heif) for kind in (HEIC, HEIF, AVIF)},
    **{kind.name: _plain(_sequence) for kind in (HEIC_SEQUENCE, HEIF_SEQUENCE, AVIF_SEQUENCE)},
    **{kind.name: _plain(open_movie) for kind in (MOV, MP4, M4V, THREE_GP, THREE_G2)},
    JPEG.name: _plain(_jpeg),
    GIF.name: _plain(_gif),
    BMP.name: _size_only,
    J2K.name: _size_only,
    JXL.name: _jxl,
    X3F.name: _plain(open_x3f),
    AVI.name: _plain(open_avi),
    MTS.name: _plain(open_transport_stream),
    MKV.name: _plain(open_matroska),
    WEBM.name: _plain(open_matroska),
    WMV.name: _plain(open_asf),
}
"""What is read otherwise than its family."""

_BY_FAMILY: Mapping[Family, Open] = {
    Family.STILL: _still,
    Family.RAW: _raw,
    Family.VIDEO: _nothing,
    Family.COMPANION: open_companion,
}
