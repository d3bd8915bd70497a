"""What a file's name says of the shot it belongs to; pure.

Cameras, phones and download programs write one shot as several files whose
names differ in known ways. The stem is what is left when these differences
are taken away: two files of one folder may belong together when their stems
are equal. Rules seen in icloudpd (``_HEVC``, ``-adjusted``, ``-<bytes>``),
iOS (``IMG_E``, ``IMG_O``), Sony (``C0001M01.XML``) and Google Takeout, which
cuts names: a picture's after 47 characters before its extension, a JSON's after
46 before ``.json``, and translates ``-edited``.
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
    or was, a number of bytes that only one of the two names can be sure of; of a picture with
    a very long name the stem of its JSON, which Takeout cut shorter."""
    traits: frozenset[Trait] = frozenset()


_PICTURES = (
    *(b"jpg", b"jpeg", b"jpe", b"mpo", b"heic", b"heif", b"hif", b"avif", b"png", b"tif", b"tiff"),
    *(b"webp", b"gif", b"bmp", b"jxl", b"jp2", b"psd", b"dng", b"cr2", b"cr3", b"crw", b"nef"),
    *(b"nrw", b"arw", b"sr2", b"raf", b"rw2", b"orf", b"pef", b"srw", b"x3f", b"iiq", b"3fr"),
    *(b"mrw", b"raw", b"rwl", b"erf", b"mov", b"mp4", b"m4v", b"3gp", b"avi", b"mts", b"m2ts"),
    *(b"mkv", b"webm", b"mpg", b"wmv"),
)
_IS_PICTURE = frozenset(b"." + extension for extension in _PICTURES)
_INNER = re.compile(rb"\.(?:" + b"|".join(_PICTURES) + rb")\Z")
_EXTENSION = re.compile(rb"(?<=.)\.[^.\x00-\x20]{1,10}\Z", re.DOTALL)
_TAKEOUT = re.compile(rb"\.(?P<word>[a-z-]{0,21})(?P<number>\(\d+\))?\Z")
_TAKEOUT_WORD = b"supplemental-metadata"
_NUMBER = re.compile(rb"\(\d+\)\Z")
_LONGEST_NOTE = 46
"""Characters of a Takeout JSON's name before ``.json`` and the number."""
_LONGEST_PICTURE = 47
"""The same of a picture's before its extension."""
_BEGUN = frozenset(b"." + e[:n] for e in _PICTURES for n in range(len(e)))
"""What may be left of a picture's extension where the name is cut: ``.``, ``.j``, ``.jp``."""
_EDITED = (
    *("edited", "bearbeitet", "modifié", "modifiée", "editado", "editada", "ha editado"),
    *("modificato", "modificata", "bewerkt", "redigerad", "redigeret", "redigert", "muokattu"),
    *("edytowane", "upraveno", "upravené", "szerkesztve", "editat", "düzenlendi"),
    *("изменено", "編集済み", "수정됨", "已修改", "已編輯", "已编辑"),
)
"""What Google Photos calls an edited copy, in its languages."""
_IPHONE = re.compile(rb"\Aimg_(?P<kind>[eo])(?P<number>\d{4})")
_IPHONE_TRAITS = {b"e": Trait.EDITED, b"o": Trait.ORIGINAL_ADJUSTMENTS}
_SUFFIXES: tuple[tuple[bytes, Trait | None], ...] = (
    (b"-adjusted", Trait.EDITED),
    *((f"-{word}".encode(), Trait.EDITED) for word in _EDITED),
    (b"-alternative", Trait.ALTERNATIVE),
    (b"-original", None),
    (b"-medium", Trait.REDUCED),
    (b"-small", Trait.REDUCED),
    (b"-thumb", Trait.REDUCED),
    (b"_hevc", None),
)
_KNOWN_SUFFIXES = tuple(suffix for suffix, _ in _SUFFIXES)
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
    stem = _RESTORED.get(extension, _as_it_is)(exact) if target is None else exact
    unsized = stem
    stem = _strip(stem, size, traits)
    also = _SIZE.sub(b"", stem) if target else _strip(unsized, -1, set())
    if also == stem and extension in _IS_PICTURE:
        also = _of_its_note(lower, extension)
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


def _as_it_is(exact: bytes) -> bytes:
    return exact


def _without_clip_number(exact: bytes) -> bytes:
    return _SONY_XML.sub(b"", exact)


def _without_begun_extension(exact: bytes) -> bytes:
    """Take away what is left of the picture's extension in the name of a JSON that was cut."""
    name, number = _numbered(exact)
    dot = name.rfind(b".")
    is_cut = _characters(name) == _LONGEST_NOTE
    return name[:dot] + number if is_cut and dot > 0 and name[dot:] in _BEGUN else exact


_RESTORED = {b".xml": _without_clip_number, b".json": _without_begun_extension}


def _of_its_note(name: bytes, extension: bytes) -> bytes:
    """Give the stem of a picture's JSON where that was cut within the picture's own; or nothing."""
    stem, number = _numbered(name[: -len(extension)])
    if _characters(stem) <= _LONGEST_NOTE:
        return b""
    return _begin(stem, _LONGEST_NOTE) + number


def _numbered(stem: bytes) -> tuple[bytes, bytes]:
    """Give a name without the number of a duplicate, and that number: ``(1)``."""
    number = _NUMBER.search(stem)
    return (stem[: number.start()], number[0]) if number else (stem, b"")


def _characters(name: bytes) -> int:
    return len(name.decode("utf-8", "replace"))


def _begin(name: bytes, count: int) -> bytes:
    try:
        return name.decode()[:count].encode()
    except UnicodeDecodeError:
        return name[:count]


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
    """Take the known suffixes away, one after the other, never the whole name.

    A duplicate's number stands behind them: ``x-edited(1)`` is of ``x(1)``.
    """
    bytes_long = b"-%d" % size
    stem, number = _numbered(stem)
    while stem.endswith((bytes_long, *_KNOWN_SUFFIXES)):
        suffixes = ((bytes_long, None), *_SUFFIXES)
        found = next(((s, t) for s, t in suffixes if stem.endswith(s) and stem != s), None)
        if found is None:
            break
        suffix, trait = found
        stem = stem[: -len(suffix)]
        if trait:
            traits.add(trait)
    return stem + number
