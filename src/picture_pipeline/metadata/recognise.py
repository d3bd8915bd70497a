"""Recognising what a file is, by its content.

The name is looked at for two things only: a RAW's extension is a veto against
TIFF, and plain text counts as JSON or AAE only when its name says so.
A HEIC named .JPG or .MOV is normal.
"""

from collections.abc import Callable
from dataclasses import dataclass

from picture_pipeline.metadata.brands import FAMILIES, OTHERS, recognise_brands
from picture_pipeline.metadata.formats import BMP, GIF, JPEG, PNG, SUPPORTED, TIFF, WEBP
from picture_pipeline.metadata.ifd import ReadAt, reader_of
from picture_pipeline.metadata.tiff_family import RAW_BY_EXTENSION, raw_in_tiff
from picture_pipeline.model.media import MediaType, Unsupported

RECOGNISER_VERSION = 1
"""Rises whenever a file could be judged otherwise than before."""

Recognised = MediaType | Unsupported | None


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of a file when it is recognised."""

    head: bytes
    extension: str
    read_at: ReadAt


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
    seen = Head(head, _extension(name), read_at or reader_of(head))
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


def _contains(*needles: bytes) -> Test:
    return lambda seen: any(needle in _narrow(seen.head) for needle in needles)


def _named(*extensions: str) -> Test:
    return lambda seen: seen.extension in extensions


def _text_starts(*signatures: bytes) -> Test:
    return lambda seen: _narrow(seen.head).lstrip().startswith(signatures)


def _narrow(head: bytes) -> bytes:
    """Give the text's beginning without byte order mark, UTF-16 made one byte a letter."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        if head.startswith(mark):
            return head[len(mark) : 8192].replace(b"\0", b"")
    return head[:4096]


def _is_bmp(seen: Head) -> bool:
    header_size = int.from_bytes(seen.head[14:18], "little")
    return seen.head[:2] == b"BM" and header_size in _BMP_HEADERS


_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def _is_transport_stream(seen: Head) -> bool:
    return any(
        len(seen.head) > start + 2 * step
        and all(seen.head[start + step * i] == _SYNC for i in range(3))
        for start, step in ((0, 188), (4, 192))
    )


_SYNC = 0x47


def _tiff(seen: Head) -> Recognised:
    return raw_in_tiff(seen.read_at, seen.extension) or TIFF


def _matroska(seen: Head) -> Recognised:
    return _WEBM if b"webm" in seen.head[:64] else _MATROSKA


_WEBM = Unsupported("video/webm")
_MATROSKA = Unsupported("video/x-matroska")


_UNBRANDED_ATOMS = (b"wide", b"mdat", b"moov", b"free", b"skip", b"pnot")
_TIFF_HEADERS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_RIFF = _starts(b"RIFF")

SIGNATURES: tuple[Signature, ...] = (
    _row(_starts(b"\xff\xd8\xff"), JPEG),
    _row(_starts(b"\x89PNG\r\n\x1a\n"), PNG),
    _row(_starts(b"GIF87a", b"GIF89a"), GIF),
    _row(_both(_RIFF, _starts(b"WEBP", at=8)), WEBP),
    _row(_is_bmp, BMP),
    Signature(_starts(b"ftyp", at=4), lambda seen: recognise_brands(seen.head)),
    Signature(_starts(*_TIFF_HEADERS), _tiff),
    _row(_starts(b"FUJIFILMCCD-RAW"), Unsupported("image/x-fujifilm-raf")),
    _row(_starts(b"IIU\0"), Unsupported("image/x-panasonic-rw2")),
    _row(_starts(b"IIRO", b"IIRS", b"MMOR"), Unsupported("image/x-olympus-orf")),
    _row(_starts(b"HEAPCCDR", at=6), Unsupported("image/x-canon-crw")),
    _row(_starts(b"FOVb"), Unsupported("image/x-sigma-x3f")),
    _row(_starts(b"\0MRM"), Unsupported("image/x-minolta-mrw")),
    _row(_starts(b"\0\0\0\x0cJXL \r\n\x87\n", b"\xff\x0a"), Unsupported("image/jxl")),
    _row(_starts(b"\0\0\0\x0cjP  \r\n\x87\n"), Unsupported("image/jp2")),
    _row(_starts(b"\xff\x4f\xff\x51"), Unsupported("image/x-jpeg2000-codestream")),
    _row(_starts(b"8BPS"), Unsupported("image/vnd.adobe.photoshop")),
    _row(_starts(b"\0\0\1\0"), Unsupported("image/vnd.microsoft.icon")),
    _row(_both(_RIFF, _starts(b"AVI ", at=8)), Unsupported("video/x-msvideo")),
    _row(_starts(*_UNBRANDED_ATOMS, at=4), Unsupported("video/quicktime")),
    Signature(_starts(b"\x1a\x45\xdf\xa3"), _matroska),
    _row(_starts(b"\0\0\1\xba", b"\0\0\1\xb3"), Unsupported("video/mpeg")),
    _row(_starts(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"), Unsupported("video/x-ms-wmv")),
    _row(_is_transport_stream, Unsupported("video/mp2t")),
    _row(_both(_named("aae"), _contains(b"<plist")), Unsupported("application/vnd.apple.photos")),
    _row(
        _both(_text_starts(b"<"), _contains(b"adobe:ns:meta/", b"<rdf:RDF")),
        Unsupported("application/rdf+xml"),
    ),
    _row(_both(_text_starts(b"<"), _contains(b"<svg")), Unsupported("image/svg+xml")),
    _row(_both(_named("json"), _text_starts(b"{", b"[")), Unsupported("application/json")),
)
"""How each type shows itself; the first row that matches decides."""

KNOWN_NAMES: frozenset[str] = frozenset(
    found.name
    for found in (
        *SUPPORTED,
        *(row.result for row in SIGNATURES if row.result is not None),
        *OTHERS.values(),
        *FAMILIES.values(),
        *RAW_BY_EXTENSION.values(),
        _WEBM,
        _MATROSKA,
    )
)
"""Every type that the recogniser can name; docs/reference/recognised-types.md lists them."""
