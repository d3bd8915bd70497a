"""Assets: what the user calls one picture, an original with its companions."""

from dataclasses import dataclass
from enum import StrEnum

from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.media import Family
from picture_pipeline.model.told import NOTHING, Told


class Role(StrEnum):
    """An original's part in an asset."""

    PRIMARY = "primary"
    """The one that stands for the asset."""
    LIVE_VIDEO = "live_video"
    RAW = "raw"
    """Beside a still of the same shot, which is the primary."""
    ALTERNATIVE = "alternative"
    """The same shot in another format or rendering."""
    EDITED = "edited"
    EDITED_VIDEO = "edited_video"
    REVISION = "revision"
    """Other bytes at the same path of a source, with the same picture data."""
    SUPERSEDED = "superseded"
    """Cut short; the whole one arrived at the same path of a source later."""
    BURST = "burst"
    """A further frame of a burst."""
    ADJUSTMENTS = "adjustments"
    ORIGINAL_ADJUSTMENTS = "original_adjustments"
    THUMBNAIL = "thumbnail"
    LOW_RESOLUTION = "low_resolution"
    VOICE_MEMO = "voice_memo"
    CAMERA_METADATA = "camera_metadata"
    SIDECAR = "sidecar"
    TAKEOUT = "takeout"


class AssetKind(StrEnum):
    """What kind of picture an asset is."""

    PHOTO = "photo"
    LIVE_PHOTO = "live_photo"
    RAW_JPEG = "raw_jpeg"
    BURST = "burst"
    VIDEO = "video"
    COMPANION = "companion"
    """A companion whose picture has not arrived."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an original was seen; names as in the source."""

    source: SourceName
    folder: bytes
    name: bytes
    size: int
    """Bytes the file had there."""
    current: bool = True
    """Whether these bytes lie there still, or lay there when the source was last looked at."""
    told: Told = NOTHING
    """What the source tells of them there."""


@dataclass(frozen=True, slots=True)
class Member:
    """An original as far as it matters for its asset."""

    digest: Digest
    family: Family
    media_type: str
    taken_at: str
    taken_from: str
    places: tuple[Place, ...]
    arrived: int
    """Order of arrival in the archive, older is less."""
    asset: Digest | None = None
    """Its asset so far; None for one that is new."""
    content_identifier: str | None = None
    burst: str | None = None
    incomplete: bool = False
    revises: Digest | None = None
    superseded_by: Digest | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """An original's part in one asset."""

    asset: Digest
    digest: Digest
    role: Role
    home: bool = True
    """Whether this is the asset that the original itself names; a companion may serve others."""


@dataclass(frozen=True, slots=True)
class Group:
    """One asset with all its members, the primary first."""

    id: Digest
    kind: AssetKind
    members: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Members and the assets they are in so far; whole assets only."""

    members: tuple[Member, ...] = ()
    groups: tuple[Group, ...] = ()


Spot = tuple[SourceName, bytes, bytes]
"""Source, folder and stem: where files of one shot stand side by side."""
