"""Telling the ISO base media files apart by the brands in their ``ftyp`` box.

ISO/IEC 23008-12 (HEIF) section 10, the AVIF specification section 6, and
mp4ra.org's list of registered brands.
"""

from collections.abc import Mapping

from picture_pipeline.metadata.formats import (
    AVIF,
    AVIF_SEQUENCE,
    CR3,
    HEIC,
    HEIC_SEQUENCE,
    HEIF,
    HEIF_SEQUENCE,
    JP2,
    JXL,
    M4V,
    MOV,
    MP4,
    THREE_G2,
    THREE_GP,
)
from picture_pipeline.model.media import MediaType

_HEVC_STILLS = (b"heic", b"heix", b"heim", b"heis")
_HEIF_STILLS = (b"mif1", b"mif2", b"mif3", b"miaf")
_AVIF_STILLS = (b"avif", b"avio")

STILLS: tuple[tuple[tuple[bytes, ...], MediaType], ...] = (
    (_HEVC_STILLS, HEIC),
    (_AVIF_STILLS, AVIF),
    (_HEIF_STILLS, HEIF),
)
"""Looked through in this order, in the major brand first, then in the compatible ones."""

_GENERAL = frozenset({*_HEIF_STILLS, b"msf1", b"hevc", b"hevx", b"avis"})
"""Major brands that say too little: the compatible brands decide."""

OTHERS: Mapping[bytes, MediaType] = {
    b"crx ": CR3,
    b"jxl ": JXL,
    b"jp2 ": JP2,
    b"qt  ": MOV,
    b"hevc": HEIC_SEQUENCE,
    b"hevx": HEIC_SEQUENCE,
    b"msf1": HEIF_SEQUENCE,
    b"avis": AVIF_SEQUENCE,
    b"M4V ": M4V,
    b"M4VH": M4V,
    b"M4VP": M4V,
    **dict.fromkeys(
        (
            *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso8"),
            *(b"mp41", b"mp42", b"avc1", b"MSNV", b"XAVC", b"dash", b"mmp4", b"f4v "),
        ),
        MP4,
    ),
}
FAMILIES: Mapping[bytes, MediaType] = {
    **dict.fromkeys((b"3gp", b"3gr", b"3gs", b"3ge"), THREE_GP),
    b"3g2": THREE_G2,
}
"""Brands told by their first three letters; the fourth is a version."""
_AUDIO = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})


def recognise_brands(head: bytes) -> MediaType | None:
    """Judge a file that starts with an ``ftyp`` box; None for audio."""
    end = min(int.from_bytes(head[:4], "big") or len(head), len(head), 1024)
    major = head[8:12]
    compatible = [head[at : at + 4] for at in range(16, end - 3, 4)]
    if major in _AUDIO:
        return None
    certain = _other(major) or _still([major])
    if certain is not None and major not in _GENERAL:
        return certain
    return _still([*compatible, major]) or _first_other([major, *compatible]) or MP4


def _still(brands: list[bytes]) -> MediaType | None:
    return next((kind for names, kind in STILLS if any(b in names for b in brands)), None)


def _other(brand: bytes) -> MediaType | None:
    return OTHERS.get(brand) or FAMILIES.get(brand[:3])


def _first_other(brands: list[bytes]) -> MediaType | None:
    return next((found for brand in brands if (found := _other(brand))), None)
