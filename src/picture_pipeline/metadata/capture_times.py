"""The rows of the capture time in the table of fields, and of the offsets it may borrow."""

from picture_pipeline.metadata.origins import DateOrigin, Origin
from picture_pipeline.metadata.parsing import container_dates, dates
from picture_pipeline.model.metadata import TakenFrom

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
    DateOrigin(TakenFrom.EXIF_ORIGINAL, Origin(container_dates.unix, "X3F.TIME")),
    DateOrigin(TakenFrom.XMP, Origin(dates.xmp_stamp, "Xmp.exif.DateTimeOriginal")),
    DateOrigin(TakenFrom.XMP, Origin(dates.xmp_stamp, "Xmp.photoshop.DateCreated")),
    DateOrigin(TakenFrom.XMP, Origin(dates.xmp_stamp, "Xmp.xmp.CreateDate")),
    DateOrigin(TakenFrom.XMP, Origin(dates.xmp_stamp, "Xmp.exif.DateTimeDigitized")),
    DateOrigin(
        TakenFrom.IPTC,
        Origin(dates.iptc_stamp, "Iptc.Application2.DateCreated", "Iptc.Application2.TimeCreated"),
    ),
    *(
        DateOrigin(TakenFrom.QUICKTIME, Origin(container_dates.stated, key))
        for key in (
            "QuickTime.Keys.creationdate",
            "QuickTime.UserData.day",
            "QuickTime.UserData.date",
            "QuickTime.ItemList.day",
            "H264.DateTimeOriginal",
        )
    ),
    DateOrigin(TakenFrom.QUICKTIME, Origin(container_dates.riff, "RIFF.IDIT")),
    *(
        DateOrigin(TakenFrom.QUICKTIME_UTC, Origin(container_dates.counted, key))
        for key in (
            "QuickTime.mvhd.CreateDate",
            "QuickTime.tkhd.CreateDate",
            "Matroska.DateUTC",
            "ASF.CreationDate",
        )
    ),
    DateOrigin(
        TakenFrom.GPS,
        Origin(dates.gps_stamp, "Exif.GPSInfo.GPSDateStamp", "Exif.GPSInfo.GPSTimeStamp"),
    ),
    DateOrigin(TakenFrom.GPS, Origin(dates.xmp_gps_stamp, "Xmp.exif.GPSTimeStamp")),
    *(
        DateOrigin(TakenFrom.SIDECAR, Origin(dates.xmp_stamp, key))
        for key in ("Sony.CreationDate", "ImmichGo.dateTaken", "WAV.OriginationDate", "WAV.ICRD")
    ),
    DateOrigin(TakenFrom.TAKEOUT, Origin(dates.unix_stamp, "Takeout.photoTakenTime")),
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
