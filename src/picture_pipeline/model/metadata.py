"""What an original says of itself."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class TakenFrom(StrEnum):
    """By what ``Capture.taken_at`` was told; order of trust, best first."""

    EXIF_ORIGINAL = "exif_original"
    EXIF_DIGITIZED = "exif_digitized"
    XMP = "xmp"
    IPTC = "iptc"
    QUICKTIME = "quicktime"
    QUICKTIME_UTC = "quicktime_utc"
    GPS = "gps"
    SIDECAR = "sidecar"
    TAKEOUT = "takeout"
    NAME = "name"
    MTIME = "mtime"


class OffsetFrom(StrEnum):
    """By what the offset of ``Capture.taken_at`` was told; order of trust, best first."""

    TAG = "tag"
    """Stored beside the time, or in it."""
    GPS_TIME = "gps_time"
    """The difference to the GPS clock, which is UTC."""
    GPS_POSITION = "gps_position"
    """The time zone of the position."""


@dataclass(frozen=True, slots=True)
class Capture:
    """When an original was taken. ``taken_at`` is always filled.

    ``taken_at`` is the local wall time where the picture was taken; it carries
    a ``tzinfo`` if and only if the offset is known. Times that only say UTC
    (GPS, mtime) carry UTC.
    """

    taken_at: datetime
    taken_from: TakenFrom
    subsecond: str | None = None
    """The digits as stored, for instance ``705``."""
    offset_from: OffsetFrom | None = None
    """By what the offset was told; None without one, and for times that only say UTC."""

    @property
    def day(self) -> date:
        """The capture day that decides the folder: local, UTC for the last resorts."""
        return self.taken_at.date()


@dataclass(frozen=True, slots=True)
class Gps:
    """A position: WGS 84 degrees, metres, time in UTC."""

    latitude: float
    longitude: float
    altitude: float | None = None
    """Metres above sea level, negative below."""
    accuracy: float | None = None
    """Horizontal, metres (GPSHPositioningError)."""
    time_utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Exposure:
    """Exposure basics: seconds, f-number, ISO, millimetres."""

    exposure_time: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35mm: int | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """What a video's tracks are."""

    codec: str | None = None
    """Of the picture, FFmpeg's name, for instance ``hevc``."""
    frame_rate: float | None = None
    """Frames a second, the mean over the whole track."""
    audio: str | None = None
    """Codec of the first sound track, FFmpeg's name; None without sound."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """All that one original's bytes (and name, and mtime) say; ``None`` is unknown."""

    capture: Capture
    make: str | None = None
    model: str | None = None
    software: str | None = None
    lens: str | None = None
    exposure: Exposure = field(default_factory=Exposure)
    orientation: int | None = None
    """EXIF orientation, 1 to 8, as stored."""
    width: int | None = None
    """Pixels as stored, before rotation."""
    height: int | None = None
    gps: Gps | None = None
    rating: int | None = None
    """-1 (rejected) to 5, as stored."""
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Hierarchical keywords, levels separated by ``/``."""
    title: str | None = None
    caption: str | None = None
    content_identifier: str | None = None
    burst: str | None = None
    duration: float | None = None
    """Seconds."""
    recording: Recording | None = None
    """Of videos only."""
    motion_photo: bool = False
    """Whether a still carries a short video in the same file (Google, Samsung)."""
    favourite: bool | None = None
    hidden: bool | None = None
    """Hidden or archived in the program that says so."""
    albums: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Names of those who are seen in the picture."""
    stack: str | None = None
    """Equal for all that a program shows as one stack."""
    notes: tuple[str, ...] = ()
    """What was dropped as absurd, for instance ``gps: latitude 999``."""
