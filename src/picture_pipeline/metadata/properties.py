"""What the sidecar's properties say of a field: from Metadata to XMP's text forms.

Each function gives the values of one property; none means the property is left
out. XMP specification part 2; EXIF 2.32 for XMP.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter

from picture_pipeline.metadata.parsing.positions import rational_text, xmp_coordinate_text
from picture_pipeline.model.metadata import Metadata, TakenFrom
from picture_pipeline.model.times import format_utc

Values = tuple[str, ...]


class Form(Enum):
    """How a property's values are written."""

    TEXT = "text"
    ALT = "Alt"
    SEQ = "Seq"
    BAG = "Bag"


@dataclass(frozen=True, slots=True)
class Property:
    """One property of the sidecar and where its values come from."""

    name: str
    """With the namespace prefix, for instance ``dc:subject``."""
    form: Form
    of: Callable[[Metadata], Values]


def attribute(name: str) -> Callable[[Metadata], Values]:
    """Give a reader of one plain attribute."""
    get = attrgetter(name)

    def read(metadata: Metadata) -> Values:
        value = get(metadata)
        return () if value is None or value == "" else (str(value),)

    return read


def truth(name: str) -> Callable[[Metadata], Values]:
    """Give a writer of XMP's yes or no (``True``, ``False``); nothing for neither."""
    get = attrgetter(name)

    def write(metadata: Metadata) -> Values:
        value = get(metadata)
        return () if value is None else (str(value),)

    return write


def capture_time(metadata: Metadata) -> Values:
    """Write the capture time with its stored sub-second digits and its offset.

    Nothing for a time that only the file system told: a sidecar's date beats
    EXIF in other programs for ever, so an invented one must not stand there.
    """
    capture = metadata.capture
    if capture.taken_from is TakenFrom.MTIME:
        return ()
    seconds = capture.taken_at.replace(microsecond=0, tzinfo=None).isoformat()
    fraction = f".{capture.subsecond}" if capture.subsecond else ""
    offset = capture.taken_at.isoformat()[-6:] if capture.taken_at.tzinfo else ""
    return (seconds + fraction + offset,)


def latitude(metadata: Metadata) -> Values:
    """Write ``41,54.0N``."""
    gps = metadata.gps
    return (xmp_coordinate_text(gps.latitude, "N", "S"),) if gps else ()


def longitude(metadata: Metadata) -> Values:
    """Write ``12,30.0E``."""
    gps = metadata.gps
    return (xmp_coordinate_text(gps.longitude, "E", "W"),) if gps else ()


def altitude(metadata: Metadata) -> Values:
    """Write metres as a rational; above or below stands in the reference."""
    gps = metadata.gps
    return (rational_text(gps.altitude),) if gps and gps.altitude is not None else ()


def altitude_reference(metadata: Metadata) -> Values:
    """Write 0 above sea level, 1 below."""
    gps = metadata.gps
    return ("1" if gps.altitude < 0 else "0",) if gps and gps.altitude is not None else ()


def accuracy(metadata: Metadata) -> Values:
    """Write the horizontal error in metres as a rational."""
    gps = metadata.gps
    return (rational_text(gps.accuracy),) if gps and gps.accuracy is not None else ()


def gps_time(metadata: Metadata) -> Values:
    """Write the satellites' time in UTC."""
    gps = metadata.gps
    return (format_utc(gps.time_utc),) if gps and gps.time_utc else ()


def subjects(metadata: Metadata) -> Values:
    """Give all keywords flat: digiKam and others want the leaves of the tags among them."""
    leaves = (tag.rpartition("/")[2] for tag in metadata.tags)
    return tuple(dict.fromkeys((*metadata.keywords, *leaves)))


def joined_subjects(metadata: Metadata) -> Values:
    """Give all keywords in one text: the only property that Damselfly reads."""
    return (", ".join(subjects(metadata)),) if subjects(metadata) else ()


def tag_paths(separator: str) -> Callable[[Metadata], Values]:
    """Give a writer of all tags as paths, with the keywords that stand in none.

    digiKam takes the first keyword property that says anything, so this one
    must say all.
    """

    def write(metadata: Metadata) -> Values:
        leaves = {tag.rpartition("/")[2] for tag in metadata.tags}
        flat = (keyword for keyword in metadata.keywords if keyword not in leaves)
        paths = (tag.replace("/", separator) for tag in metadata.tags)
        return tuple(dict.fromkeys((*paths, *flat)))

    return write
