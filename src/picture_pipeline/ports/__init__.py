"""One Protocol per room. The docstrings are promises that the contract suites check."""

from picture_pipeline.ports.archive import (
    IncomingFolders,
    Ledger,
    OriginalPath,
    OriginalPublisher,
    StagedFile,
    Staging,
)
from picture_pipeline.ports.catalog import Books, Catalog
from picture_pipeline.ports.reading import Content, MetadataReader, Renderer, Source
from picture_pipeline.ports.remote import AssetServer
from picture_pipeline.ports.renditions import (
    GivenUp,
    LocalRenditionBooks,
    LocalRenditions,
    RenditionPublisher,
    RenditionStaging,
)
from picture_pipeline.ports.running import Progress, Workers

__all__ = [
    "AssetServer",
    "Books",
    "Catalog",
    "Content",
    "GivenUp",
    "IncomingFolders",
    "Ledger",
    "LocalRenditionBooks",
    "LocalRenditions",
    "MetadataReader",
    "OriginalPath",
    "OriginalPublisher",
    "Progress",
    "Renderer",
    "RenditionPublisher",
    "RenditionStaging",
    "Source",
    "StagedFile",
    "Staging",
    "Workers",
]
