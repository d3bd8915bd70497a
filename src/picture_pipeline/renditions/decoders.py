"""Which decoder each media type meets: one row a type."""

from collections.abc import Callable, Mapping
from functools import partial

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.ports import Content
from picture_pipeline.renditions import (
    avif,
    heic,
    jpeg,
    jpeg2000,
    jxl,
    pillow,
    psd,
    raw,
    sequence,
    video,
)
from picture_pipeline.renditions.canvas import Canvas, Demand

Decode = Callable[[Content, Demand], Canvas | Unrenderable]


def _whole(decode: Callable[[bytes, Demand], Canvas | Unrenderable]) -> Decode:
    """Give a decoder its whole input in memory."""
    return lambda content, demand: decode(content.whole(), demand)


_STILLS: Mapping[str, Decode] = {
    "image/jpeg": _whole(jpeg.decode),
    "image/heic": _whole(heic.decode),
    "image/heif": _whole(heic.decode),
    "image/avif": _whole(avif.decode),
    "image/heic-sequence": partial(sequence.decode, still=heic.decode),
    "image/heif-sequence": partial(sequence.decode, still=heic.decode),
    "image/avif-sequence": partial(sequence.decode, still=avif.decode),
    "image/png": _whole(partial(pillow.decode, formats=("PNG",))),
    "image/tiff": _whole(partial(pillow.decode, formats=("TIFF",))),
    "image/webp": _whole(partial(pillow.decode, formats=("WEBP",))),
    "image/gif": _whole(partial(pillow.decode, formats=("GIF",))),
    "image/bmp": _whole(partial(pillow.decode, formats=("BMP", "DIB"))),
    "image/jxl": _whole(jxl.decode),
    "image/jp2": _whole(jpeg2000.decode),
    "image/x-jpeg2000-codestream": _whole(jpeg2000.decode),
    "image/vnd.adobe.photoshop": _whole(psd.decode),
}
_RAWS: Mapping[str, Decode] = {
    name: partial(raw.decode, camera_colours=name not in raw.WITH_SRGB_PREVIEWS)
    for name in raw.MEDIA_TYPES
}
_VIDEOS: Mapping[str, Decode] = {name: video.decoder(name) for name in video.MEDIA_TYPES}

DECODERS: Mapping[str, Decode] = {**_STILLS, **_RAWS, **_VIDEOS}
"""By the media type's name. A decoder may raise what it likes for hostile content."""
