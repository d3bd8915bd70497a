"""Catalog and archive, which belong together."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from picture_pipeline.bootstrap.local import LocalBase
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.config import Config
from picture_pipeline.durable.mounts import read_mounts
from picture_pipeline.model.times import format_utc
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.marker import create_marker
from picture_pipeline.originals.walk import originals_in
from picture_pipeline.workflows.setup import refuse_sqlite_on_network


@dataclass(frozen=True, slots=True)
class Opened:
    """An open catalog and its mounted archive."""

    local: LocalBase
    catalog: SqlCatalog
    archive: ArchiveHandle


def utc_now() -> str:
    """Give the current time in UTC, to the second."""
    return format_utc(datetime.now(UTC).replace(microsecond=0))


def databases_of(config: Config) -> tuple[Path, ...]:
    """Give the places that hold SQLite files: the local books always, the catalog perhaps."""
    catalog = config.storage.database.sqlite_file
    return (config.storage.local.base_path, *([catalog] if catalog else []))


@contextmanager
def open_catalog(config: Config) -> Iterator[tuple[LocalBase, SqlCatalog]]:
    """Open the catalog alone: reading commands work without the NAS.

    Raises UsageError when SQLite would lie on a network disk, CatalogUnavailable,
    LocalDiskUnavailable.
    """
    refuse_sqlite_on_network(databases_of(config), read_mounts())
    local = LocalBase.open(config.storage.local.base_path)
    catalog = SqlCatalog.open(config.storage.database.url)
    try:
        yield local, catalog
    finally:
        catalog.close()


@contextmanager
def open_archive(config: Config) -> Iterator[Opened]:
    """Open catalog and archive.

    With embedded defaults the archive is made on first use; one that a
    storage.yaml names must be there. Raises ArchiveUnavailable.
    """
    with open_catalog(config) as (local, catalog):
        bound = catalog.bound_archive()
        root = config.storage.nas.base_path
        if bound is None and config.file is None:
            create_marker(root, random_bytes=os.urandom, group=config.storage.nas.group)
        archive = ArchiveHandle.open(root, bound)
        try:
            if bound is None:
                # A catalog that is new, or was lost: what lies there keeps its place.
                catalog.note_found(originals_in(archive))
                catalog.bind(archive.identity.id, utc_now())
            yield Opened(local, catalog, archive)
        finally:
            archive.close()
