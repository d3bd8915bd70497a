"""Telling the ISO base media files apart by the brands in their ``ftyp`` box.

ISO/IEC 23008-12 (HEIF) section 10, the AVIF specification section 6, and
mp4ra.org's list of registered brands.
"""

from collections.abc import Mapping

from picture_pipeline.metadata.formats import AVIF, HEIC, HEIF
from picture_pipeline.model.media import MediaType, Unsupported

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

OTHERS: Mapping[bytes, Unsupported] = {
    b"crx ": Unsupported("image/x-canon-cr3"),
    b"jxl ": Unsupported("image/jxl"),
    b"jp2 ": Unsupported("image/jp2"),
    b"qt  ": Unsupported("video/quicktime"),
    b"hevc": Unsupported("image/heic-sequence"),
    b"hevx": Unsupported("image/heic-sequence"),
    b"msf1": Unsupported("image/heif-sequence"),
    b"avis": Unsupported("image/avif-sequence"),
    b"M4V ": Unsupported("video/x-m4v"),
    b"M4VH": Unsupported("video/x-m4v"),
    b"M4VP": Unsupported("video/x-m4v"),
    **{
        brand: Unsupported("video/mp4")
        for brand in (
            *(b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso8"),
            *(b"mp41", b"mp42", b"avc1", b"MSNV", b"XAVC", b"dash", b"mmp4", b"f4v "),
        )
    },
}
FAMILIES: Mapping[bytes, Unsupported] = {
    b"3gp": Unsupported("video/3gpp"),
    b"3gr": Unsupported("video/3gpp"),
    b"3gs": Unsupported("video/3gpp"),
    b"3ge": Unsupported("video/3gpp"),
    b"3g2": Unsupported("video/3gpp2"),
}
"""Brands told by their first three letters; the fourth is a version."""
_AUDIO = frozenset({b"M4A ", b"M4B ", b"M4P ", b"F4A ", b"F4B "})
_VIDEO = Unsupported("video/mp4")


def recognise_brands(head: bytes) -> MediaType | Unsupported | None:
    """Judge a file that starts with an ``ftyp`` box; None for audio."""
    end = min(int.from_bytes(head[:4], "big") or len(head), len(head), 1024)
    major = head[8:12]
    compatible = [head[at : at + 4] for at in range(16, end - 3, 4)]
    if major in _AUDIO:
        return None
    certain = _other(major) or _still([major])
    if certain is not None and major not in _GENERAL:
        return certain
    return _still([*compatible, major]) or _first_other([major, *compatible]) or _VIDEO


def _still(brands: list[bytes]) -> MediaType | None:
    return next((kind for names, kind in STILLS if any(b in names for b in brands)), None)


def _other(brand: bytes) -> Unsupported | None:
    return OTHERS.get(brand) or FAMILIES.get(brand[:3])


def _first_other(brands: list[bytes]) -> Unsupported | None:
    return next((found for brand in brands if (found := _other(brand))), None)
