"""Likenesses of candidates and of originals: the same facts from either. Pure."""

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness, PictureHash
from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.model.original import Original
from picture_pipeline.model.times import format_time
from picture_pipeline.workflows.describe import without_companions

_DETAILS = (
    *("make", "model", "lens", "exposure_time", "f_number", "iso", "focal_length"),
    *("focal_length_35mm", "subsecond", "latitude", "altitude", "accuracy"),
    *("content_identifier", "burst"),
)
"""Facts that copies lose on their way. ``software`` is none: converters add it."""


def likeness_of_candidate(
    digest: Digest, size: int, media_type: MediaType, metadata: Metadata
) -> Likeness:
    """Give what a candidate's bytes say; whether they are whole, and its hash, come later."""
    gps, exposure = metadata.gps, metadata.exposure
    told: dict[str, object] = {
        **{name: getattr(metadata, name, None) for name in _DETAILS},
        **{name: getattr(exposure, name) for name in _DETAILS if hasattr(exposure, name)},
        **{name: getattr(gps, name) for name in _DETAILS if gps and hasattr(gps, name)},
        "subsecond": metadata.capture.subsecond,
    }
    return Likeness(
        digest=digest,
        size=size,
        media_type=media_type.name,
        family=media_type.family,
        taken_at=format_time(metadata.capture.taken_at),
        taken_from=metadata.capture.taken_from.value,
        subsecond=metadata.capture.subsecond,
        make=metadata.make,
        model=metadata.model,
        burst=metadata.burst,
        content_identifier=metadata.content_identifier,
        width=metadata.width,
        height=metadata.height,
        duration=metadata.duration,
        has_gps=gps is not None,
        details=sum(value is not None for value in told.values()),
    )


def likeness_of_original(original: Original, picture_hash: PictureHash | None = None) -> Likeness:
    """Give what an archived original's own bytes say, without what others told of it."""
    own = without_companions(original)
    return Likeness(
        digest=own.digest,
        size=own.size,
        media_type=own.media_type,
        family=Family(own.family),
        taken_at=own.taken_at,
        taken_from=own.taken_from,
        subsecond=own.subsecond,
        make=own.make,
        model=own.model,
        burst=own.burst,
        content_identifier=own.content_identifier,
        width=own.width,
        height=own.height,
        duration=own.duration,
        has_gps=own.latitude is not None,
        details=sum(getattr(own, name) is not None for name in _DETAILS),
        incomplete=own.incomplete,
        hash=picture_hash,
    )
