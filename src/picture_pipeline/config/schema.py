"""Every key of storage.yaml: type, limits, meaning, an example to write.

The values that depend on others (defaults of paths, thumbnails as one number)
are filled in by ``defaults`` before anything is validated here.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
)

from picture_pipeline.config.arrivals import ImmichServer, Reclaim, SourceEntry, Sync
from picture_pipeline.config.urls import check_database_url, sqlite_file
from picture_pipeline.config.values import AbsolutePath, Number, Section
from picture_pipeline.model.rendition import RenditionSpec

GIB = 1024**3
TREE_TEMPLATE = "originals/{year}/{month}/{day}"
_LARGEST_SIDE = 65_500
"""Pixels; the JPEG format ends there (libjpeg's JPEG_MAX_DIMENSION)."""


def _fixed_tree(template: str) -> str:
    if template.strip("/") != TREE_TEMPLATE:
        message = "the archive's tree is fixed, so that any program can rely on it"
        raise ValueError(message)
    return TREE_TEMPLATE


def _size_name(name: str) -> str:
    # `full` is the word for the original itself, thumbs/metadata holds the quick metadata.
    if name in {"full", "metadata"} or re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", name) is None:
        message = "a thumbnail's name must be a lower-case word, not `full` or `metadata`"
        raise ValueError(message)
    return name


def _switched_off(value: object) -> object:
    """YAML reads a bare ``off`` as false."""
    return "off" if value is False else value


Template = Annotated[str, AfterValidator(_fixed_tree)]
Side = Annotated[int, Field(ge=1, le=_LARGEST_SIDE)]
SizeName = Annotated[str, AfterValidator(_size_name)]


class Cache(Section):
    """Full-size originals kept on the local disk."""

    max_size_gb: Number = Field(
        default=50,
        ge=0,
        description="Most that the cache may hold, GB of 1024^3 bytes.",
        examples=[50],
    )
    ttl_days: Number = Field(
        default=30,
        ge=0,
        description="Days after which an unused original leaves it.",
        examples=[30],
    )
    min_free_gb: Number | None = Field(
        default=None,
        ge=0,
        description="Least that it leaves free on its disk, GB of 1024^3 bytes.",
        examples=[1],
    )

    @property
    def max_size_bytes(self) -> int:
        """The limit in bytes."""
        return int(self.max_size_gb * GIB)

    @property
    def min_free_bytes(self) -> int | None:
        """What stays free, in bytes; None leaves it to the size of the disk."""
        return None if self.min_free_gb is None else int(self.min_free_gb * GIB)


class Local(Section):
    """What lies on this computer's own disk."""

    base_path: AbsolutePath = Field(
        description="Folder of thumbnails, cache and local books; on a local disk.",
        examples=["~/.local/share/pictures"],
    )
    thumbnails: Mapping[SizeName, tuple[Side, Side]] = Field(
        description="Boxes that the thumbnails fit inside, `[width, height]` in pixels.",
        examples=[{"medium": [1920, 1080]}],
    )
    cache: Cache = Cache()

    @property
    def renditions(self) -> tuple[RenditionSpec, ...]:
        """The sizes to make, tiny, small and medium first."""
        return tuple(RenditionSpec(name, *box) for name, box in self.thumbnails.items())


class Nas(Section):
    """The archive."""

    base_path: AbsolutePath = Field(
        description="The archive: originals, sidecars, views, backups.",
        examples=["/mnt/nas/photos"],
    )
    originals: Template = Field(
        default=TREE_TEMPLATE, description="Tree of the originals; fixed.", examples=[TREE_TEMPLATE]
    )
    sidecars: Template = Field(
        default=TREE_TEMPLATE, description="Tree of the sidecars; fixed.", examples=[TREE_TEMPLATE]
    )
    backups: AbsolutePath = Field(
        description="Folder of backups; relative to the archive or a whole path.",
        examples=["backups"],
    )
    group: str | None = Field(
        default=None,
        description="Group (name or number) that may write sidecars in the archive.",
        examples=["photos"],
    )
    answer_within_seconds: Number = Field(
        default=1,
        gt=0,
        description="Seconds without a byte after which a person no longer waits for it.",
        examples=[1],
    )


class Database(Section):
    """The catalog."""

    url: Annotated[str, AfterValidator(check_database_url)] = Field(
        description="The catalog: PostgreSQL, or SQLite on a local disk.",
        examples=["postgresql://user@host/name"],
    )

    @property
    def sqlite_file(self) -> Path | None:
        """The file of an SQLite catalog, None for PostgreSQL."""
        return sqlite_file(self.url)


class Tool(Section):
    """A program that reads the archive through a view."""

    enabled: bool = Field(
        default=False, description="Whether the program is used.", examples=[True]
    )
    mode: Literal["external_library", "symlink", "direct"] | None = Field(
        default=None, description="How it reads the archive.", examples=["symlink"]
    )
    path: AbsolutePath | None = Field(
        default=None,
        description="Folder that the program is shown.",
        examples=["/mnt/nas/photos/views/x"],
    )


class DigikamTool(Tool):
    """digiKam, which keeps a database and thumbnails of its own."""

    database: AbsolutePath | None = Field(
        default=None,
        description="digiKam's database; on a local disk.",
        examples=["~/.local/share/digikam/digikam4.db"],
    )
    thumbnails: Literal["shared", "own"] | None = Field(
        default=None, description="`shared`: digiKam is given our thumbnails.", examples=["own"]
    )


class Tools(Section):
    """The programs around us."""

    immich: Tool = Tool()
    photoprism: Tool = Tool()
    digikam: DigikamTool = DigikamTool()
    damselfly: Tool = Tool()


class Import(Section):
    """How files are taken in."""

    workers: int = Field(
        default_factory=lambda: len(os.sched_getaffinity(0)),
        ge=1,
        le=256,
        description="Worker processes that decode.",
        examples=[4],
    )
    memory_limit_gb: Number = Field(
        default=2, gt=0, description="Most memory of one worker, GB of 1024^3 bytes.", examples=[2]
    )
    time_limit_seconds: Number = Field(
        default=30,
        gt=0,
        description="Most time for one file; very large ones get more.",
        examples=[30],
    )
    max_megapixels: Number = Field(
        default=400, gt=0, description="Largest picture that is decoded.", examples=[400]
    )


class MetadataReading(Section):
    """How metadata is read."""

    deep_reader: Annotated[Literal["auto", "off"], BeforeValidator(_switched_off)] = Field(
        default="auto",
        description="`auto`: exiftool, where installed, reads what we cannot; or `off`.",
        examples=["off"],
    )


class Storage(Section):
    """All keys."""

    local: Local
    nas: Nas
    database: Database
    sources: tuple[SourceEntry, ...] = Field(
        default=(),
        description="Named sources: `{name, path, kind, owner, policy}` each.",
        examples=[[{"name": "phone", "path": "/mnt/nas/phone"}]],
    )
    sync: Sync = Sync()
    tools: Tools = Tools()
    import_: Import = Field(default_factory=Import, alias="import")
    metadata: MetadataReading = MetadataReading()
    reclaim: Reclaim = Reclaim()
    immich: ImmichServer = ImmichServer()


class Root(Section):
    """The whole file."""

    storage: Storage
