"""Recognising what a file is, by its content.

The name is a hint where the content leaves two answers: a RAW's extension is a
veto against TIFF, two RAWs may share a signature, a property list named .aae is
an AAE, MP4 named .m4a is sound. A HEIC named .JPG or .MOV is normal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from picture_pipeline.metadata.containers.boxes import walk
from picture_pipeline.metadata.containers.codestream import is_codestream
from picture_pipeline.metadata.containers.ifd import ReadAt, reader_of
from picture_pipeline.metadata.formats import (
    AAE,
    AVI,
    BMP,
    CAMERA_XML,
    CR3,
    CRW,
    GIF,
    J2K,
    JP2,
    JPEG,
    JSON,
    JXL,
    MKV,
    MOV,
    MPG,
    MRW,
    MTS,
    PNG,
    PSD,
    RAF,
    RAW_BY_EXTENSION,
    SUPPORTED,
    TIFF,
    WAV,
    WEBM,
    WEBP,
    WMV,
    X3F,
    XMP,
)
from picture_pipeline.metadata.recognition.brands import recognise_brands
from picture_pipeline.metadata.recognition.streams import (
    is_matroska,
    is_program_stream,
    is_video_sequence,
    is_windows_media,
    packets_of,
)
from picture_pipeline.metadata.recognition.texts import (
    is_camera_xml,
    is_edit,
    is_json,
    is_picture_json,
    is_svg,
    is_xmp,
)
from picture_pipeline.metadata.recognition.tiff_family import raw_in_tiff
from picture_pipeline.model.media import Family, MediaType, Unsupported

RECOGNISER_VERSION = 2
"""Rises whenever a file could be judged otherwise than before."""

Recognised = MediaType | Unsupported | None


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a file when it is recognised."""

    head: bytes
    extension: str
    read_at: ReadAt
    size: int
    """Length of the whole file in bytes."""


def recognise(
    head: bytes, name: bytes, size: int, read_at: ReadAt | None = None
) -> MediaType | Unsupported | None:
    """Tell what a file is from its first 64 KiB (or less, or all of it).

    None means: not a picture, nor anything that a later version will take.
    ``name`` is the file's name without folder, ``size`` its length in bytes.
    ``read_at`` may give access to the whole file: a TIFF often has its
    directory at the end, and only there may stand that it is a RAW. Without
    it, such a file is taken for what its extension allows.
    """
    if size == 0 or not head:
        return None
    seen = Head(head, _extension(name), read_at or reader_of(head), size)
    return next((row.verdict(seen) for row in SIGNATURES if row.matches(seen)), None)


def _extension(name: bytes) -> str:
    _, dot, extension = name.rpartition(b".")
    return extension.decode("latin-1").lower() if dot else ""


Verdict = Callable[[Head], Recognised]
Test = Callable[[Head], bool]


@dataclass(frozen=True, slots=True)
class Signature:
    """One row of the table: how a file type shows itself, and what it then is."""

    matches: Test
    verdict: Verdict
    result: MediaType | Unsupported | None = None
    """What ``verdict`` always gives; None when it depends."""


def _row(matches: Test, result: MediaType | Unsupported) -> Signature:
    return Signature(matches, lambda _: result, result)


def _starts(*signatures: bytes, at: int = 0) -> Test:
    return lambda seen: any(seen.head.startswith(signature, at) for signature in signatures)


def _both(first: Test, second: Test) -> Test:
    return lambda seen: first(seen) and second(seen)


def _named(*extensions: str) -> Test:
    return lambda seen: seen.extension in extensions


def _head(test: Callable[[bytes], bool]) -> Test:
    return lambda seen: test(seen.head)


def _is_bmp(seen: Head) -> bool:
    header_size = int.from_bytes(seen.head[14:18], "little")
    return seen.head[:2] == b"BM" and header_size in _BMP_HEADERS


_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def _is_unbranded(seen: Head) -> bool:
    """Tell a QuickTime file without ``ftyp``, as it is copied off a phone over USB.

    A box of pixels or of the index may be cut; any other is smaller than the file.
    """
    size, kind = int.from_bytes(seen.head[:4], "big"), seen.head[4:8]
    if kind in _CONTENT_ATOMS:
        return size in (0, 1) or size >= _BOX_HEADER
    return kind in _SMALL_ATOMS and _BOX_HEADER <= size <= seen.size


_BOX_HEADER = 8
_CONTENT_ATOMS = (b"mdat", b"moov")
_SMALL_ATOMS = (b"wide", b"free", b"skip", b"pnot")


def _unbranded(seen: Head) -> Recognised:
    """Look behind the first boxes for an ``ftyp`` that is only late."""
    boxes = islice(walk(seen.head, 0, len(seen.head)), _LATE_BOXES)
    late = next((box.start - _BOX_HEADER for box in boxes if box.kind == b"ftyp"), None)
    return MOV if late is None else recognise_brands(seen.head[late:])


_LATE_BOXES = 4


def _branded(seen: Head) -> Recognised:
    """Judge by the brands; a name says only which of two things of one brand it is."""
    found = recognise_brands(seen.head)
    if found == CR3 and seen.extension == "crm":
        return Unsupported("video/x-canon-crm")
    if seen.extension in _SOUND and found is not None and found.family is Family.VIDEO:
        return None
    return found


_SOUND = ("m4a", "m4b", "m4p")


def _tiff(seen: Head) -> Recognised:
    return raw_in_tiff(seen.read_at, seen.extension) or TIFF


def _either(usual: str, *others: str) -> Verdict:
    """Name a RAW whose signature several share: by its extension, else the usual one."""
    return lambda seen: RAW_BY_EXTENSION[seen.extension if seen.extension in others else usual]


def _matroska(seen: Head) -> Recognised:
    return WEBM if b"webm" in seen.head[:64] else MKV


def _is_windows_media(seen: Head) -> bool:
    return is_windows_media(seen.head, seen.read_at)


_TIFF_HEADERS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_RIFF = _starts(b"RIFF")

SIGNATURES: tuple[Signature, ...] = (
    _row(_starts(b"\xff\xd8\xff"), JPEG),
    _row(_starts(b"\x89PNG\r\n\x1a\n"), PNG),
    _row(_starts(b"GIF87a", b"GIF89a"), GIF),
    _row(_both(_RIFF, _starts(b"WEBP", at=8)), WEBP),
    _row(_is_bmp, BMP),
    Signature(_starts(b"ftyp", at=4), _branded),
    Signature(_starts(*_TIFF_HEADERS), _tiff),
    _row(_starts(b"FUJIFILMCCD-RAW"), RAF),
    Signature(_starts(b"IIU\0"), _either("rw2", "rwl")),
    Signature(_starts(b"IIRO", b"IIRS", b"MMOR"), _either("orf", "ori")),
    _row(_starts(b"HEAPCCDR", at=6), CRW),
    _row(_starts(b"FOVb"), X3F),
    _row(_starts(b"\0MRM"), MRW),
    _row(_starts(b"\0\0\0\x0cJXL \r\n\x87\n"), JXL),
    _row(lambda seen: is_codestream(seen.head, seen.extension), JXL),
    _row(_starts(b"\0\0\0\x0cjP  \r\n\x87\n"), JP2),
    _row(_starts(b"\xff\x4f\xff\x51"), J2K),
    _row(_starts(b"8BPS\0\1", b"8BPS\0\2"), PSD),
    _row(_starts(b"\0\0\1\0"), Unsupported("image/vnd.microsoft.icon")),
    _row(_both(_RIFF, _starts(b"AVI ", at=8)), AVI),
    _row(_both(_starts(b"RIFF", b"RF64", b"BW64"), _starts(b"WAVE", at=8)), WAV),
    Signature(_is_unbranded, _unbranded),
    Signature(_head(is_matroska), _matroska),
    _row(_head(is_program_stream), MPG),
    _row(_head(is_video_sequence), MPG),
    _row(_is_windows_media, WMV),
    _row(lambda seen: is_edit(seen.head, seen.extension), AAE),
    _row(_head(is_xmp), XMP),
    _row(_head(is_camera_xml), CAMERA_XML),
    _row(_head(is_svg), Unsupported("image/svg+xml")),
    _row(_head(is_picture_json), JSON),
    _row(_both(_named("json"), _head(is_json)), Unsupported("application/json")),
    _row(lambda seen: packets_of(seen.head) is not None, MTS),
)
"""How each type shows itself; the first row that matches decides."""

KNOWN_NAMES: frozenset[str] = frozenset(
    found.name
    for found in (
        *SUPPORTED,
        *(row.result for row in SIGNATURES if row.result is not None),
        Unsupported("video/x-canon-crm"),
    )
)
"""Every type that the recogniser can name; docs/reference/recognised-types.md lists them."""
