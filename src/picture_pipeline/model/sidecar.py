"""What the sidecar of a fresh original says."""

from dataclasses import dataclass

from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.metadata import Metadata


@dataclass(frozen=True, slots=True)
class SidecarContent:
    """All that goes into ``<sha256>.xmp`` at ingest."""

    digest: Digest
    metadata: Metadata
    original_name: bytes
    """The file's name where it was first seen, without folder."""
    source: SourceName
    path: bytes
    """Path of the first sighting, relative to the source."""
    ingested_at: str
    """UTC, ``YYYY-MM-DDTHH:MM:SSZ``."""
    revision: int = 1
    """Rises with each version that we write."""
    asset: Digest | None = None
    """The asset's id; None for an original that is an asset of its own."""


@dataclass(frozen=True, slots=True)
class SidecarOrigin:
    """What an own sidecar says that stands nowhere else."""

    source: SourceName
    path: bytes
    """Path of the first sighting, relative to the source."""
    revision: int
