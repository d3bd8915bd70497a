"""What a file's name says of the shot it belongs to; pure.

Cameras, phones and download programs write one shot as several files whose
names differ in known ways. The stem is what is left when these differences
are taken away: two files of one folder may belong together when their stems
are equal. Rules seen in icloudpd (``_HEVC``, ``-adjusted``, ``-<bytes>``),
iOS (``IMG_E``, ``IMG_O``), Sony (``C0001M01.XML``) and Google Takeout.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Trait(StrEnum):
    """What else a name tells."""

    EDITED = "edited"
    ALTERNATIVE = "alternative"
    """Another rendering that the camera or iCloud offers."""
    REDUCED = "reduced"
    """A smaller copy."""
    THUMBNAIL = "thumbnail"
    LOW_RESOLUTION = "low_resolution"
    ORIGINAL_ADJUSTMENTS = "original_adjustments"


@dataclass(frozen=True, slots=True)
class NameParts:
    """A file's name taken apart; everything in lower case where it is ASCII."""

    stem: bytes
    """Equal for all files of one shot."""
    exact: bytes
    """The name without its extension; of ``a.jpg.xmp`` the name ``a``."""
    target: bytes | None = None
    """The very file that a companion speaks of: ``a.jpg`` of ``a.jpg.xmp``."""
    also: bytes | None = None
    """A second stem under which others of the shot may stand: ``a-123`` where ``-123`` may be,
    or was, a number of bytes that only one of the two names can be sure of."""
    traits: frozenset[Trait] = frozenset()


_PICTURES = (
    *(b"jpg", b"jpeg", b"jpe", b"mpo", b"heic", b"heif", b"hif", b"avif", b"png", b"tif", b"tiff"),
    *(b"webp", b"gif", b"bmp", b"jxl", b"jp2", b"psd", b"dng", b"cr2", b"cr3", b"crw", b"nef"),
    *(b"nrw", b"arw", b"sr2", b"raf", b"rw2", b"orf", b"pef", b"srw", b"x3f", b"iiq", b"3fr"),
    *(b"mrw", b"raw", b"rwl", b"erf", b"mov", b"mp4", b"m4v", b"3gp", b"avi", b"mts", b"m2ts"),
    *(b"mkv", b"webm", b"mpg", b"wmv"),
)
_INNER = re.compile(rb"\.(?:" + b"|".join(_PICTURES) + rb")\Z")
_EXTENSION = re.compile(rb"(?<=.)\.[^.\x00-\x20]{1,10}\Z", re.DOTALL)
_TAKEOUT = re.compile(rb"\.(?P<word>[a-z-]{1,21})(?P<number>\(\d+\))?\Z")
_TAKEOUT_WORD = b"supplemental-metadata"
_NUMBER = re.compile(rb"\(\d+\)\Z")
_IPHONE = re.compile(rb"\Aimg_(?P<kind>[eo])(?P<number>\d{4})")
_IPHONE_TRAITS = {b"e": Trait.EDITED, b"o": Trait.ORIGINAL_ADJUSTMENTS}
_SUFFIXES: tuple[tuple[bytes, Trait | None], ...] = (
    (b"-adjusted", Trait.EDITED),
    (b"-edited", Trait.EDITED),
    (b"-alternative", Trait.ALTERNATIVE),
    (b"-original", None),
    (b"-medium", Trait.REDUCED),
    (b"-small", Trait.REDUCED),
    (b"-thumb", Trait.REDUCED),
    (b"_hevc", None),
)
_BY_EXTENSION = {b".thm": Trait.THUMBNAIL, b".lrv": Trait.LOW_RESOLUTION}
_SIZE = re.compile(rb"(?<=.)-\d+\Z", re.DOTALL)
_SONY_XML = re.compile(rb"(?<=\d)m\d\d\Z")


def take_apart(name: bytes, size: int) -> NameParts:
    """Find the stem of a file's name (without folder); ``size`` is the file's, in bytes.

    icloudpd tells two files of one name apart by ``-<bytes>``: digits count as
    such only when they are the file's very size.
    """
    lower = fold(name)
    found = _EXTENSION.search(lower)
    extension = found[0] if found else b""
    target = _target(lower, extension)
    exact = _without_extension(target) if target else lower[: len(lower) - len(extension)]
    traits = {_BY_EXTENSION[extension]} if extension in _BY_EXTENSION else set()
    stem = _SONY_XML.sub(b"", exact) if extension == b".xml" else exact
    unsized = stem
    stem = _strip(stem, size, traits)
    also = _SIZE.sub(b"", stem) if target else _strip(unsized, -1, set())
    iphone = _IPHONE.match(stem)
    if iphone:
        traits.add(_IPHONE_TRAITS[iphone["kind"]])
        stem = _plain(stem)
        also = _plain(also)
    return NameParts(stem, exact, target, None if also in (stem, b"") else also, frozenset(traits))


def fold(name: bytes) -> bytes:
    """Make names equal that differ in case, or in how accents are composed (macOS)."""
    if name.isascii():
        return name.lower()
    try:
        return unicodedata.normalize("NFC", name.decode()).lower().encode()
    except UnicodeDecodeError:
        return name.lower()


def _plain(stem: bytes) -> bytes:
    return _IPHONE.sub(rb"img_\g<number>", stem)


def _target(name: bytes, extension: bytes) -> bytes | None:
    """Give the file's name that stands inside a companion's."""
    if extension == b".json":
        return _takeout_target(name[: -len(extension)])
    inner = name[: -len(extension)] if extension == b".xmp" else b""
    return inner if _INNER.search(inner) else None


def _takeout_target(inner: bytes) -> bytes | None:
    """Undo Takeout's ways: a cut-off word behind the name, the number behind the extension."""
    word = _TAKEOUT.search(inner)
    if word and _TAKEOUT_WORD.startswith(word["word"]):
        inner = inner[: word.start()] + (word["number"] or b"")
    number = _NUMBER.search(inner)
    if number:
        inner = inner[: number.start()]
        dot = inner.rfind(b".")
        if dot > 0:
            inner = inner[:dot] + number[0] + inner[dot:]
    return inner if _INNER.search(inner) else None


def _without_extension(name: bytes) -> bytes:
    return _EXTENSION.sub(b"", name)


def _strip(stem: bytes, size: int, traits: set[Trait]) -> bytes:
    """Take the known suffixes away, one after the other, never the whole name."""
    suffixes = (*_SUFFIXES, (b"-%d" % size, None))
    while True:
        found = next(((s, t) for s, t in suffixes if stem.endswith(s) and stem != s), None)
        if found is None:
            return stem
        suffix, trait = found
        stem = stem[: -len(suffix)]
        if trait:
            traits.add(trait)
