"""Reading EXIF, IPTC and XMP through exiv2, from memory.

The only place that touches exiv2. XMP packets that were cut out of a file are
not its business: ``companions/xmp.py`` reads them for half the price, and reads
some that exiv2 refuses (both measured). What comes out is evidence: plain text for
each key that the field table asks for, nothing parsed yet.
"""

from dataclasses import dataclass

import exiv2

from picture_pipeline.metadata.parsing.values import Evidence, Values
from picture_pipeline.metadata.stills.apple import read_apple_note

_MAKER_NOTE = "Exif.Photo.MakerNote"
_MAX_NOTE = 1024 * 1024

exiv2.LogMsg.setLevel(exiv2.LogMsg.Level.mute)  # it would chatter on stderr about every odd tag


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a file's metadata blocks say, and what could not be read."""

    evidence: Evidence
    notes: tuple[str, ...] = ()


def read_embedded(blocks: tuple[bytes, ...], wanted: frozenset[str]) -> Embedded:
    """Read the wanted keys of one file's metadata blocks.

    Never raises for hostile content; a block that exiv2 refuses is noted, and
    what it had read until then still counts.
    """
    found: dict[str, Values] = {}
    notes: list[str] = []
    for block in blocks:
        image = _read(block, notes)
        if image is not None:
            _take_xmp(image.xmpData(), wanted, found)
            _take_exif(image.exifData(), wanted, found)
            _take_iptc(image.iptcData(), wanted, found)
    return Embedded(found, tuple(notes))


def _read(block: bytes, notes: list[str]) -> exiv2.Image | None:
    try:
        image = exiv2.ImageFactory.open(block)
    except exiv2.Exiv2Error as error:
        notes.append(f"metadata: {error.message}")
        return None
    try:
        image.readMetadata()
    except exiv2.Exiv2Error as error:
        notes.append(f"metadata: {error.message}")
    return image


def _take_exif(data: exiv2.ExifData, wanted: frozenset[str], found: dict[str, Values]) -> None:
    """Take the first value of each wanted tag. One pass costs half of 30 look-ups (measured)."""
    for datum in data:
        key = datum.key()
        if key in wanted:
            if key not in found:
                found[key] = (datum.toString(),)
        elif key == _MAKER_NOTE and datum.size() <= _MAX_NOTE:
            _take_apple(datum.value(), found)


def _take_apple(note: exiv2.Value, found: dict[str, Values]) -> None:
    if isinstance(note, exiv2.DataValue):
        for key, text in read_apple_note(bytes(note.data())).items():
            found.setdefault(key, (text,))


def _take_iptc(data: exiv2.IptcData, wanted: frozenset[str], found: dict[str, Values]) -> None:
    """Take each repetition of a data set."""
    if data.empty():
        return
    for datum in data:
        key = datum.key()
        if key in wanted:
            found[key] = (*found.get(key, ()), datum.toString())


def _take_xmp(data: exiv2.XmpData, wanted: frozenset[str], found: dict[str, Values]) -> None:
    if data.empty():
        return
    for datum in data:
        key = datum.key()
        if key in wanted:
            found[key] = found.get(key, ()) + _elements(datum.value())


def _elements(value: exiv2.Value) -> Values:
    if isinstance(value, exiv2.LangAltValue):
        languages = dict(value.items())
        return (languages.get("x-default") or next(iter(languages.values()), ""),)
    if isinstance(value, exiv2.XmpArrayValue):
        return tuple(value.toString(index) for index in range(value.count()))
    return (value.toString(),)  # the count of a text is that of its letters
