"""THE table: one row for each metadata field.

A row says where the field comes from, in order of trust, how each origin is
parsed, and which properties of the sidecar it goes to. A new field is one row
here, one attribute of ``Metadata`` and one migration of the catalog. The rows of
the capture time stand in ``capture_times``.
Keys are exiv2's (exiv2.org/tags.html); ``Apple.*``, ``QuickTime.*``, ``RIFF.*``,
``Matroska.*``, ``ASF.*``, ``H264.*`` and ``X3F.*`` are our own readers', and so
are ``Sony.*``, ``ImmichGo.*``, ``Takeout.*`` and ``WAV.*`` of companions.
``Xmp.pp.*`` is what our own sidecars say, when they are met as companions.
"""

from operator import attrgetter

from picture_pipeline.metadata import properties as to
from picture_pipeline.metadata.capture_times import CAPTURE, OTHER_OFFSETS
from picture_pipeline.metadata.field import Field
from picture_pipeline.metadata.origins import Origin
from picture_pipeline.metadata.parsing import iso6709, positions, values
from picture_pipeline.metadata.properties import Form, Property

CAPTURE_PROPERTIES: tuple[Property, ...] = (
    Property("photoshop:DateCreated", Form.TEXT, to.capture_time),
    Property("exif:DateTimeOriginal", Form.TEXT, to.capture_time),
    Property("xmp:CreateDate", Form.TEXT, to.capture_time),
)

FIELDS: tuple[Field, ...] = (
    Field(
        "make",
        (
            Origin(values.text, "Exif.Image.Make"),
            Origin(values.text, "Xmp.tiff.Make"),
            Origin(values.text, "QuickTime.Keys.make"),
            Origin(values.text, "QuickTime.Keys.com.android.manufacturer"),
            Origin(values.text, "QuickTime.UserData.mak"),
            Origin(values.text, "QuickTime.UserData.manu"),
            Origin(values.text, "RIFF.ecor"),
            Origin(values.text, "H264.Make"),
            Origin(values.text, "X3F.CAMMANUF"),
            Origin(values.text, "Sony.Manufacturer"),
        ),
        (Property("tiff:Make", Form.TEXT, to.attribute("make")),),
    ),
    Field(
        "model",
        (
            Origin(values.text, "Exif.Image.Model"),
            Origin(values.text, "Xmp.tiff.Model"),
            Origin(values.text, "QuickTime.Keys.model"),
            Origin(values.text, "QuickTime.Keys.com.android.model"),
            Origin(values.text, "QuickTime.UserData.mod"),
            Origin(values.text, "QuickTime.UserData.modl"),
            Origin(values.text, "RIFF.emdl"),
            Origin(values.text, "X3F.CAMMODEL"),
            Origin(values.text, "Sony.ModelName"),
        ),
        (Property("tiff:Model", Form.TEXT, to.attribute("model")),),
    ),
    Field(
        "software",
        (
            Origin(values.text, "Exif.Image.Software"),
            Origin(values.text, "Xmp.tiff.Software"),
            Origin(values.text, "QuickTime.Keys.software"),
            Origin(values.text, "QuickTime.UserData.swr"),
            Origin(values.text, "RIFF.ISFT"),
        ),
    ),
    Field(
        "lens",
        (
            Origin(values.text, "Exif.Photo.LensModel"),
            Origin(values.text, "Xmp.exifEX.LensModel"),
            Origin(values.text, "Xmp.aux.Lens"),
            Origin(values.text, "QuickTime.Keys.camera.lens_model"),
            Origin(values.text, "Sony.LensModelName"),
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
            Origin(positions.xmp_latitude, "Xmp.exif.GPSLatitude", "Xmp.exif.GPSLatitudeRef"),
            Origin(iso6709.latitude, "QuickTime.Keys.location.iso6709"),
            Origin(iso6709.latitude, "QuickTime.UserData.xyz"),
            Origin(positions.coordinate, "H264.GPSLatitude", "H264.GPSLatitudeRef"),
            Origin(positions.xmp_latitude, "ImmichGo.latitude"),
            Origin(positions.xmp_latitude, "Takeout.latitude"),
        ),
        (Property("exif:GPSLatitude", Form.TEXT, to.latitude),),
    ),
    Field(
        "gps.longitude",
        (
            Origin(
                positions.coordinate, "Exif.GPSInfo.GPSLongitude", "Exif.GPSInfo.GPSLongitudeRef"
            ),
            Origin(positions.xmp_longitude, "Xmp.exif.GPSLongitude", "Xmp.exif.GPSLongitudeRef"),
            Origin(iso6709.longitude, "QuickTime.Keys.location.iso6709"),
            Origin(iso6709.longitude, "QuickTime.UserData.xyz"),
            Origin(positions.coordinate, "H264.GPSLongitude", "H264.GPSLongitudeRef"),
            Origin(positions.xmp_longitude, "ImmichGo.longitude"),
            Origin(positions.xmp_longitude, "Takeout.longitude"),
        ),
        (Property("exif:GPSLongitude", Form.TEXT, to.longitude),),
    ),
    Field(
        "gps.altitude",
        (
            Origin(positions.altitude, "Exif.GPSInfo.GPSAltitude", "Exif.GPSInfo.GPSAltitudeRef"),
            Origin(positions.altitude, "Xmp.exif.GPSAltitude", "Xmp.exif.GPSAltitudeRef"),
            Origin(iso6709.altitude, "QuickTime.Keys.location.iso6709"),
            Origin(iso6709.altitude, "QuickTime.UserData.xyz"),
            Origin(positions.altitude, "H264.GPSAltitude", "H264.GPSAltitudeRef"),
            Origin(positions.signed_altitude, "Takeout.altitude"),
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
            Origin(values.positive, "QuickTime.Keys.location.accuracy.horizontal"),
        ),
        (Property("exif:GPSHPositioningError", Form.TEXT, to.accuracy),),
    ),
    Field(
        "rating",
        (
            Origin(values.rating, "Xmp.xmp.Rating"),
            Origin(values.rating, "Exif.Image.Rating"),
            Origin(values.microsoft_rating, "Xmp.MicrosoftPhoto.Rating"),
            Origin(values.rating, "QuickTime.Keys.rating.user"),
            Origin(values.rating, "ImmichGo.rating"),
        ),
        (Property("xmp:Rating", Form.TEXT, to.attribute("rating")),),
    ),
    Field(
        "keywords",
        (
            Origin(values.texts, "Xmp.dc.subject"),
            Origin(values.texts, "Iptc.Application2.Keywords"),
            Origin(values.windows_texts, "Exif.Image.XPKeywords"),
            Origin(values.texts, "QuickTime.Keys.keywords"),
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
            Origin(values.paths("/"), "ImmichGo.tags"),
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
            Origin(values.text, "QuickTime.Keys.title"),
            Origin(values.text, "QuickTime.Keys.displayname"),
            Origin(values.text, "QuickTime.UserData.nam"),
            Origin(values.text, "QuickTime.UserData.titl"),
            Origin(values.text, "QuickTime.ItemList.nam"),
            Origin(values.text, "RIFF.INAM"),
            Origin(values.text, "Matroska.Title"),
            Origin(values.text, "ASF.Title"),
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
            Origin(values.text, "QuickTime.Keys.description"),
            Origin(values.text, "QuickTime.Keys.comment"),
            Origin(values.text, "QuickTime.UserData.des"),
            Origin(values.text, "QuickTime.UserData.dscp"),
            Origin(values.text, "QuickTime.UserData.cmt"),
            Origin(values.text, "QuickTime.ItemList.desc"),
            Origin(values.text, "QuickTime.ItemList.cmt"),
            Origin(values.text, "RIFF.ICMT"),
            Origin(values.text, "ASF.Description"),
            Origin(values.text, "ImmichGo.description"),
            Origin(values.text, "Takeout.description"),
        ),
        (
            Property("dc:description", Form.ALT, to.attribute("caption")),
            Property("tiff:ImageDescription", Form.ALT, to.attribute("caption")),
        ),
    ),
    Field(
        "content_identifier",
        (
            Origin(values.text, "Apple.ContentIdentifier"),
            Origin(values.text, "QuickTime.Keys.content.identifier"),
        ),
    ),
    Field("burst", (Origin(values.text, "Apple.BurstUUID"),)),
    Field(
        "favourite",
        (
            Origin(values.flag, "Xmp.pp.favourite"),
            Origin(values.flag, "Xmp.fstop.favorite"),
            Origin(values.flag, "ImmichGo.favorited"),
            Origin(values.flag, "Takeout.favorited"),
        ),
        (Property("pp:favourite", Form.TEXT, to.truth("favourite")),),
    ),
    Field(
        "hidden",
        (
            Origin(values.flag, "Xmp.pp.hidden"),
            Origin(values.flag, "ImmichGo.archived"),
            Origin(values.flag, "Takeout.archived"),
        ),
        (Property("pp:hidden", Form.TEXT, to.truth("hidden")),),
    ),
    Field(
        "albums",
        (
            Origin(values.texts, "Xmp.pp.albums"),
            Origin(values.texts, "ImmichGo.albums"),
        ),
        (Property("pp:albums", Form.BAG, attrgetter("albums")),),
        joined=True,
    ),
    Field(
        "people",
        (
            Origin(values.texts, "Xmp.pp.people"),
            Origin(values.texts, "Xmp.iptcExt.PersonInImage"),
            Origin(values.texts, "MWG.Face"),
            Origin(values.texts, "Takeout.people"),
        ),
        (
            Property("Iptc4xmpExt:PersonInImage", Form.BAG, attrgetter("people")),
            Property("pp:people", Form.BAG, attrgetter("people")),
        ),
        joined=True,
    ),
    Field(
        "stack",
        (Origin(values.text, "Xmp.pp.stack"),),
        (Property("pp:stack", Form.TEXT, to.attribute("stack")),),
    ),
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
