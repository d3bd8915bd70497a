"""Checking that a file's container is whole: nothing cut off its end.

Structure only, nothing is decoded: a few reads for a film, one pass over the
bytes for a JPEG. What a check cannot judge it calls whole.
"""

import struct
from collections.abc import Callable, Mapping

from picture_pipeline.metadata import formats
from picture_pipeline.metadata.completeness import (
    bitmaps,
    boxed,
    films,
    jpeg,
    matroska,
    raws,
    riff,
    streams,
    texts,
    tiff,
)
from picture_pipeline.model.media import MediaType
from picture_pipeline.ports import Content

Check = Callable[[Content], str | None]


def find_missing(content: Content, media_type: MediaType) -> str | None:
    """Say in a few words what of a file is missing; None when its container is whole.

    Never raises for hostile content. Reads the structure, decodes nothing.
    """
    check = _CHECKS.get(media_type.name)
    if check is None:
        return None
    try:
        return check(content)
    except (struct.error, IndexError):
        return "the file ends inside a header"


_CHECKS: Mapping[str, Check] = {
    formats.JPEG.name: jpeg.check,
    **dict.fromkeys(
        (
            kind.name
            for kind in (
                *(formats.HEIC, formats.HEIF, formats.AVIF),
                *(formats.HEIC_SEQUENCE, formats.HEIF_SEQUENCE, formats.AVIF_SEQUENCE),
            )
        ),
        boxed.check_heif,
    ),
    formats.JXL.name: boxed.check_jxl,
    formats.JP2.name: boxed.check_jp2,
    formats.J2K.name: boxed.check_codestream,
    formats.PNG.name: bitmaps.check_png,
    formats.GIF.name: bitmaps.check_gif,
    formats.BMP.name: bitmaps.check_bmp,
    formats.PSD.name: bitmaps.check_psd,
    formats.TIFF.name: tiff.check,
    **{kind.name: tiff.check for kind in formats.RAW_BY_EXTENSION.values()},
    formats.CR3.name: films.check,
    formats.CRW.name: raws.check_crw,
    formats.MRW.name: raws.check_mrw,
    formats.RAF.name: raws.check_raf,
    formats.X3F.name: raws.check_x3f,
    **{
        kind.name: films.check
        for kind in (formats.MOV, formats.MP4, formats.M4V, formats.THREE_GP, formats.THREE_G2)
    },
    **{kind.name: riff.check for kind in (formats.WEBP, formats.AVI, formats.WAV)},
    formats.MKV.name: matroska.check,
    formats.WEBM.name: matroska.check,
    formats.MTS.name: streams.check_transport,
    formats.WMV.name: streams.check_windows_media,
    formats.JSON.name: texts.check_json,
    formats.AAE.name: texts.check_edit,
    formats.XMP.name: texts.check_xml,
    formats.CAMERA_XML.name: texts.check_xml,
}
"""Name of a type -> its check. MPEG program streams have no length, no end that must be."""
