"""What the archive keeps of one original: flat, so that it can be stored as it stands."""

from dataclasses import dataclass

from picture_pipeline.model.candidate import FileStamp, SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.media import Family
from picture_pipeline.model.told import NOTHING, Told


@dataclass(frozen=True, slots=True)
class Original:
    """One original in the archive with all that is known of it.

    Times are text: ``taken_at`` local wall time with its offset where known,
    ``*_utc`` and ``ingested_at`` end in ``Z``. Units as in ``model.metadata``.
    """

    digest: Digest
    sha1: str
    md5: str
    size: int
    media_type: str
    path: str
    """Relative to the archive's root."""
    sidecar_sha256: str
    original_name: bytes
    ingested_at: str
    asset: Digest
    role: str
    taken_at: str
    taken_from: str
    taken_at_utc: str | None = None
    offset: str | None = None
    subsecond: str | None = None
    make: str | None = None
    model: str | None = None
    software: str | None = None
    lens: str | None = None
    exposure_time: float | None = None
    f_number: float | None = None
    iso: int | None = None
    focal_length: float | None = None
    focal_length_35mm: int | None = None
    orientation: int | None = None
    width: int | None = None
    height: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    accuracy: float | None = None
    gps_time_utc: str | None = None
    rating: int | None = None
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    title: str | None = None
    caption: str | None = None
    content_identifier: str | None = None
    burst: str | None = None
    family: str = Family.STILL.value
    offset_from: str | None = None
    duration: float | None = None
    video_codec: str | None = None
    frame_rate: float | None = None
    audio_codec: str | None = None
    motion_photo: bool = False
    incomplete: bool = False
    """Whether its container is cut short."""
    superseded_by: Digest | None = None
    """The whole one that arrived later at the same path of a source."""
    revises: Digest | None = None
    """What lay at the same path of a source before, with the same picture data."""
    own: str | None = None
    """JSON: what its bytes say of the fields in which others are trusted more, or add."""
    favourite: bool | None = None
    hidden: bool | None = None
    stack: str | None = None
    albums: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """One path in one source at which an original was seen."""

    source: SourceName
    folder: bytes
    name: bytes
    stamp: FileStamp
    digest: Digest
    seen_at: str
    stem: bytes = b""
    """Equal for all files of one shot (``model.stems``)."""
    told: Told = NOTHING


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken in, remembered so that it is not opened again."""

    source: SourceName
    folder: bytes
    name: bytes
    stamp: FileStamp
    outcome: str
    """``rejected`` or ``failed``."""
    reason: str
    detail: str
    recogniser: int
