"""Reading EXIF, IPTC and XMP through exiv2, from memory.

The only place that touches exiv2. XMP packets that were cut out of a file are
not its business: ``companions/xmp.py`` reads them for half the price, and reads
some that exiv2 refuses (both measured). What comes out is evidence: plain text for
each key that the field table asks for, nothing parsed yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import exiv2

from picture_pipeline.metadata.apple import read_apple_note
from picture_pipeline.metadata.values import Evidence, Values

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
    evidence: dict[str, Values] = {}
    notes: list[str] = []
    for block in blocks:
        for key, values in _read(block, wanted, notes):
            evidence[key] = evidence.get(key, ()) + values
    return Embedded(evidence, tuple(notes))


def _read(block: bytes, wanted: frozenset[str], notes: list[str]) -> Iterator[tuple[str, Values]]:
    try:
        image = exiv2.ImageFactory.open(block)
    except exiv2.Exiv2Error as error:
        notes.append(f"metadata: {error.message}")
        return
    try:
        image.readMetadata()
    except exiv2.Exiv2Error as error:
        notes.append(f"metadata: {error.message}")
    yield from _xmp(image.xmpData(), wanted)
    yield from _exif(image.exifData(), wanted)
    yield from _iptc(image.iptcData(), wanted)


def _exif(data: exiv2.ExifData, wanted: frozenset[str]) -> Iterator[tuple[str, Values]]:
    """Give the first value of each wanted tag. One pass costs half of 30 look-ups (measured)."""
    seen: set[str] = set()
    for datum in data:
        key = datum.key()
        if key == _MAKER_NOTE and datum.size() <= _MAX_NOTE:
            yield from _apple(datum)
        elif key in wanted and key not in seen:
            seen.add(key)
            yield key, (datum.toString(),)


def _apple(datum: exiv2.Exifdatum) -> Iterator[tuple[str, Values]]:
    value = datum.value()
    if isinstance(value, exiv2.DataValue):
        for key, text in read_apple_note(bytes(value.data())).items():
            yield key, (text,)


def _iptc(data: exiv2.IptcData, wanted: frozenset[str]) -> Iterator[tuple[str, Values]]:
    """Give each repetition of a data set."""
    for datum in data:
        key = datum.key()
        if key in wanted:
            yield key, (datum.toString(),)


def _xmp(data: exiv2.XmpData, wanted: frozenset[str]) -> Iterator[tuple[str, Values]]:
    for datum in data:
        key = datum.key()
        if key in wanted:
            yield key, _elements(datum.value())


def _elements(value: exiv2.Value) -> Values:
    if isinstance(value, exiv2.LangAltValue):
        languages = dict(value.items())
        return (languages.get("x-default") or next(iter(languages.values()), ""),)
    if isinstance(value, exiv2.XmpArrayValue):
        return tuple(value.toString(index) for index in range(value.count()))
    return (value.toString(),)  # the count of a text is that of its letters
