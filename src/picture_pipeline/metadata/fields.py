"""THE table: one row for each metadata field.

A row says where the field comes from, in order of trust, how each origin is
parsed, and which properties of the sidecar it goes to. A new field is one row
here, one attribute of ``Metadata`` and one migration of the catalog.
Keys are exiv2's (exiv2.org/tags.html); ``Apple.*`` is our own reader's.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from picture_pipeline.metadata import dates, positions, values
from picture_pipeline.metadata import properties as to
from picture_pipeline.metadata.properties import Form, Property
from picture_pipeline.model.metadata import TakenFrom


@dataclass(frozen=True, slots=True, init=False)
class Origin:
    """One place a field can come from: keys read together, and their parser.

    The first key must be there; the parser gets the values of all.
    """

    parse: Callable[..., object]
    keys: tuple[str, ...]

    def __init__(self, parse: Callable[..., object], *keys: str) -> None:
        object.__setattr__(self, "parse", parse)
        object.__setattr__(self, "keys", keys)


@dataclass(frozen=True, slots=True)
class Field:
    """One field: ``name`` is the attribute of Metadata, with dots into its parts."""

    name: str
    origins: tuple[Origin, ...]
    properties: tuple[Property, ...] = ()
    joined: bool = field(default=False, kw_only=True)
    """Origins add to each other; else the first that says something wins."""


@dataclass(frozen=True, slots=True)
class DateOrigin:
    """One place the capture time can come from; ``parse`` gets a note taker first."""

    taken_from: TakenFrom
    origin: Origin


CAPTURE: tuple[DateOrigin, ...] = (
    DateOrigin(
        TakenFrom.EXIF_ORIGINAL,
        Origin(
            dates.exif_stamp,
            "Exif.Photo.DateTimeOriginal",
            "Exif.Photo.SubSecTimeOriginal",
            "Exif.Photo.OffsetTimeOriginal",
        ),
    ),
    DateOrigin(
        TakenFrom.EXIF_ORIGINAL,
        Origin(
            dates.exif_stamp,
            "Exif.Image.DateTimeOriginal",
            "Exif.Photo.SubSecTimeOriginal",
            "Exif.Photo.OffsetTimeOriginal",
        ),
    ),
    DateOrigin(
        TakenFrom.EXIF_DIGITIZED,
        Origin(
            dates.exif_stamp,
            "Exif.Photo.DateTimeDigitized",
            "Exif.Photo.SubSecTimeDigitized",
            "Exif.Photo.OffsetTimeDigitized",
        ),
    ),
    DateOrigin(TakenFrom.XMP, Origin(dates.xmp_stamp, "Xmp.exif.DateTimeOriginal")),
    DateOrigin(TakenFrom.XMP, Origin(dates.xmp_stamp, "Xmp.photoshop.DateCreated")),
    DateOrigin(TakenFrom.XMP, Origin(dates.xmp_stamp, "Xmp.xmp.CreateDate")),
    DateOrigin(TakenFrom.XMP, Origin(dates.xmp_stamp, "Xmp.exif.DateTimeDigitized")),
    DateOrigin(
        TakenFrom.IPTC,
        Origin(dates.iptc_stamp, "Iptc.Application2.DateCreated", "Iptc.Application2.TimeCreated"),
    ),
    DateOrigin(
        TakenFrom.GPS,
        Origin(dates.gps_stamp, "Exif.GPSInfo.GPSDateStamp", "Exif.GPSInfo.GPSTimeStamp"),
    ),
    DateOrigin(TakenFrom.GPS, Origin(dates.xmp_gps_stamp, "Xmp.exif.GPSTimeStamp")),
)
"""Where the capture time comes from, best first; then the name, then the mtime."""

OTHER_OFFSETS: tuple[Origin, ...] = (
    Origin(
        dates.exif_stamp,
        "Exif.Photo.DateTimeDigitized",
        "Exif.Photo.SubSecTimeDigitized",
        "Exif.Photo.OffsetTimeDigitized",
    ),
    Origin(
        dates.exif_stamp,
        "Exif.Image.DateTime",
        "Exif.Photo.SubSecTime",
        "Exif.Photo.OffsetTime",
    ),
)
"""EXIF dates whose offset also holds for the capture time when they show the same wall time.

Not XMP's: editors write the offset of the desk there.
"""

CAPTURE_PROPERTIES: tuple[Property, ...] = (
    Property("photoshop:DateCreated", Form.TEXT, to.capture_time),
    Property("exif:DateTimeOriginal", Form.TEXT, to.capture_time),
    Property("xmp:CreateDate", Form.TEXT, to.capture_time),
)

FIELDS: tuple[Field, ...] = (
    Field(
        "make",
        (Origin(values.text, "Exif.Image.Make"), Origin(values.text, "Xmp.tiff.Make")),
        (Property("tiff:Make", Form.TEXT, to.attribute("make")),),
    ),
    Field(
        "model",
        (Origin(values.text, "Exif.Image.Model"), Origin(values.text, "Xmp.tiff.Model")),
        (Property("tiff:Model", Form.TEXT, to.attribute("model")),),
    ),
    Field(
        "software",
        (
            Origin(values.text, "Exif.Image.Software"),
            Origin(values.text, "Xmp.tiff.Software"),
        ),
    ),
    Field(
        "lens",
        (
            Origin(values.text, "Exif.Photo.LensModel"),
            Origin(values.text, "Xmp.exifEX.LensModel"),
            Origin(values.text, "Xmp.aux.Lens"),
        ),
        (Property("exifEX:LensModel", Form.TEXT, to.attribute("lens")),),
    ),
    Field(
        "exposure.exposure_time",
        (
            Origin(values.positive, "Exif.Photo.ExposureTime"),
            Origin(values.positive, "Xmp.exif.ExposureTime"),
        ),
    ),
    Field(
        "exposure.f_number",
        (
            Origin(values.positive, "Exif.Photo.FNumber"),
            Origin(values.positive, "Xmp.exif.FNumber"),
        ),
    ),
    Field(
        "exposure.iso",
        (
            Origin(values.iso, "Exif.Photo.ISOSpeedRatings"),
            Origin(values.iso, "Exif.Photo.RecommendedExposureIndex"),
            Origin(values.iso, "Exif.Photo.ISOSpeed"),
            Origin(values.iso, "Xmp.exif.ISOSpeedRatings"),
        ),
    ),
    Field(
        "exposure.focal_length",
        (
            Origin(values.positive, "Exif.Photo.FocalLength"),
            Origin(values.positive, "Xmp.exif.FocalLength"),
        ),
    ),
    Field(
        "exposure.focal_length_35mm",
        (
            Origin(values.positive_integer, "Exif.Photo.FocalLengthIn35mmFilm"),
            Origin(values.positive_integer, "Xmp.exif.FocalLengthIn35mmFilm"),
        ),
    ),
    Field("orientation", (Origin(values.orientation, "Exif.Image.Orientation"),)),
    Field(
        "gps.latitude",
        (
            Origin(positions.coordinate, "Exif.GPSInfo.GPSLatitude", "Exif.GPSInfo.GPSLatitudeRef"),
            Origin(positions.xmp_coordinate, "Xmp.exif.GPSLatitude"),
        ),
        (Property("exif:GPSLatitude", Form.TEXT, to.latitude),),
    ),
    Field(
        "gps.longitude",
        (
            Origin(
                positions.coordinate, "Exif.GPSInfo.GPSLongitude", "Exif.GPSInfo.GPSLongitudeRef"
            ),
            Origin(positions.xmp_coordinate, "Xmp.exif.GPSLongitude"),
        ),
        (Property("exif:GPSLongitude", Form.TEXT, to.longitude),),
    ),
    Field(
        "gps.altitude",
        (
            Origin(positions.altitude, "Exif.GPSInfo.GPSAltitude", "Exif.GPSInfo.GPSAltitudeRef"),
            Origin(positions.altitude, "Xmp.exif.GPSAltitude", "Xmp.exif.GPSAltitudeRef"),
        ),
        (
            Property("exif:GPSAltitude", Form.TEXT, to.altitude),
            Property("exif:GPSAltitudeRef", Form.TEXT, to.altitude_reference),
        ),
    ),
    Field(
        "gps.accuracy",
        (
            Origin(values.positive, "Exif.GPSInfo.GPSHPositioningError"),
            Origin(values.positive, "Xmp.exif.GPSHPositioningError"),
            Origin(values.positive, "Xmp.exifEX.GPSHPositioningError"),
        ),
        (Property("exif:GPSHPositioningError", Form.TEXT, to.accuracy),),
    ),
    Field(
        "rating",
        (
            Origin(values.rating, "Xmp.xmp.Rating"),
            Origin(values.rating, "Exif.Image.Rating"),
            Origin(values.microsoft_rating, "Xmp.MicrosoftPhoto.Rating"),
        ),
        (Property("xmp:Rating", Form.TEXT, to.attribute("rating")),),
    ),
    Field(
        "keywords",
        (
            Origin(values.texts, "Xmp.dc.subject"),
            Origin(values.texts, "Iptc.Application2.Keywords"),
            Origin(values.windows_texts, "Exif.Image.XPKeywords"),
        ),
        (
            Property("dc:subject", Form.SEQ, to.subjects),
            Property("pdf:Keywords", Form.TEXT, to.joined_subjects),
        ),
        joined=True,
    ),
    Field(
        "tags",
        (
            Origin(values.paths("/"), "Xmp.digiKam.TagsList"),
            Origin(values.paths("|"), "Xmp.lr.hierarchicalSubject"),
            Origin(values.paths("/"), "Xmp.MicrosoftPhoto.LastKeywordXMP"),
        ),
        (
            Property("digiKam:TagsList", Form.SEQ, to.tag_paths("/")),
            Property("lr:hierarchicalSubject", Form.BAG, to.tag_paths("|")),
        ),
    ),
    Field(
        "title",
        (
            Origin(values.text, "Xmp.dc.title"),
            Origin(values.text, "Iptc.Application2.ObjectName"),
            Origin(values.windows_text, "Exif.Image.XPTitle"),
        ),
        (Property("dc:title", Form.ALT, to.attribute("title")),),
    ),
    Field(
        "caption",
        (
            Origin(values.text, "Xmp.dc.description"),
            Origin(values.text, "Iptc.Application2.Caption"),
            Origin(values.text, "Exif.Image.ImageDescription"),
            Origin(values.comment, "Exif.Photo.UserComment"),
            Origin(values.windows_text, "Exif.Image.XPComment"),
        ),
        (
            Property("dc:description", Form.ALT, to.attribute("caption")),
            Property("tiff:ImageDescription", Form.ALT, to.attribute("caption")),
        ),
    ),
    Field("content_identifier", (Origin(values.text, "Apple.ContentIdentifier"),)),
    Field("burst", (Origin(values.text, "Apple.BurstUUID"),)),
)
"""``width`` and ``height`` come from the pixels' own headers (``dimensions.py``),
``gps.time_utc`` from the GPS rows of ``CAPTURE``."""

GPS_TIME_PROPERTIES: tuple[Property, ...] = (Property("exif:GPSTimeStamp", Form.TEXT, to.gps_time),)

WANTED: frozenset[str] = frozenset(
    key
    for origin in (
        *(row.origin for row in CAPTURE),
        *OTHER_OFFSETS,
        *(origin for row in FIELDS for origin in row.origins),
    )
    for key in origin.keys
)
"""Every key that a reader of embedded metadata must look for."""
