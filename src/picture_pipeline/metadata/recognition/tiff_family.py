"""Telling a TIFF from the camera RAW files that look like one.

A path in the archive never changes, so a RAW must never be filed as TIFF: any
sign of a RAW in the first directory or its SubIFDs decides, and a RAW's
extension is a veto even without a sign.
Tags: TIFF/EP, DNG 1.7 specification, ExifTool's tag tables.
"""

from collections.abc import Mapping

from picture_pipeline.metadata.containers.ifd import Entry, Layout, ReadAt, read_ifd, tiff_layout
from picture_pipeline.metadata.formats import RAW_BY_EXTENSION
from picture_pipeline.model.media import MediaType

_RAW_BY_MAKE = (
    ("NIKON", "nef"),
    ("SONY", "arw"),
    ("PENTAX", "pef"),
    ("RICOH", "pef"),
    ("SAMSUNG", "srw"),
    ("HASSELBLAD", "3fr"),
    ("CANON", "cr2"),
    ("EASTMAN KODAK", "dcr"),
    ("KODAK", "dcr"),
    ("PHASE ONE", "iiq"),
    ("LEAF", "mos"),
    ("MAMIYA", "mef"),
    ("SEIKO EPSON", "erf"),
    ("OLYMPUS", "orf"),
    ("PANASONIC", "rw2"),
    ("LEICA", "rwl"),
)

_NEW_SUBFILE_TYPE = 0x00FE
_COMPRESSION = 0x0103
_PHOTOMETRIC = 0x0106
_MAKE = 0x010F
_SUB_IFDS = 0x014A
_DNG_VERSION = 0xC612
_CFA_PHOTOMETRICS = frozenset({32803, 34892})
"""Colour filter array, linear raw."""
_RAW_COMPRESSIONS = frozenset(
    {262, 32767, 32769, 32770, 32772, 32867, 34316, 34713, 34826, 34828, 34830, 65000, 65535}
)
"""Kodak, Sony ARW, packed RAW, Samsung, Panasonic, Nikon NEF, Kodak DCR, Pentax PEF."""
_RAW_ONLY_TAGS = frozenset({0x0081, 0x828D, 0x828E, 0x8606, 0xC5D8, 0xC640})
"""Canon's raw data offset (1D ``.TIF``), CFA pattern, Leaf's data, CR2's slices."""
_MAX_SUB_IFDS = 8


def raw_in_tiff(read_at: ReadAt, extension: str) -> MediaType | None:
    """Name the RAW format of a file with a TIFF header; None means plain TIFF.

    ``extension`` is the name's, lower case, without the dot.
    """
    veto = RAW_BY_EXTENSION.get(extension) if extension != "dng" else None  # which says so itself
    header = read_at(0, 16)
    opened = tiff_layout(header)
    if veto is not None or opened is None:
        return veto or RAW_BY_EXTENSION["raw"]
    layout, first = opened
    ifd0 = read_ifd(read_at, layout, first)
    if _DNG_VERSION in ifd0:
        return RAW_BY_EXTENSION["dng"]
    if header[8:12] in (b"IIII", b"MMMM"):
        return RAW_BY_EXTENSION["iiq"]
    if header[8:10] == b"CR" or _is_raw(read_at, layout, ifd0):
        return _by_make(ifd0)
    return None


def _is_raw(read_at: ReadAt, layout: Layout, ifd0: Mapping[int, Entry]) -> bool:
    offsets = ifd0[_SUB_IFDS].integers()[:_MAX_SUB_IFDS] if _SUB_IFDS in ifd0 else ()
    reduced = (_value(ifd0, _NEW_SUBFILE_TYPE) or 0) & 1
    if reduced and offsets and _MAKE in ifd0:
        return True
    subs = (read_ifd(read_at, layout, offset) for offset in offsets)
    return _has_raw_sign(ifd0) or any(map(_has_raw_sign, subs))


def _has_raw_sign(ifd: Mapping[int, Entry]) -> bool:
    return (
        _value(ifd, _PHOTOMETRIC) in _CFA_PHOTOMETRICS
        or _value(ifd, _COMPRESSION) in _RAW_COMPRESSIONS
        or not _RAW_ONLY_TAGS.isdisjoint(ifd)
    )


def _value(ifd: Mapping[int, Entry], tag: int) -> int | None:
    return ifd[tag].integer() if tag in ifd else None


def _by_make(ifd0: Mapping[int, Entry]) -> MediaType:
    make = ifd0[_MAKE].text().upper() if _MAKE in ifd0 else ""
    extension = next((ext for start, ext in _RAW_BY_MAKE if make.startswith(start)), "raw")
    return RAW_BY_EXTENSION[extension]
