"""What opening a file finds, before anything of it is trusted."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from picture_pipeline.metadata.containers.jpeg_header import Size
from picture_pipeline.metadata.parsing.values import Values
from picture_pipeline.model.metadata import Recording


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds for the metadata reader; all of it may be missing."""

    size: Size | None = None
    """Width and height in pixels as stored, before rotation."""
    blocks: tuple[bytes, ...] = ()
    """What exiv2 shall read: the whole file, which it does not copy, or what was cut out of it."""
    packets: tuple[bytes, ...] = ()
    """XMP packets that were cut out."""
    evidence: Mapping[str, Values] = field(default_factory=dict)
    """What our own readers found."""
    duration: float | None = None
    """Seconds."""
    recording: Recording | None = None
