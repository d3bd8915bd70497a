"""Everything that ``import --dry-run`` needs: it reads as an import does, and writes nothing."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

from picture_pipeline.bootstrap.archive import databases_of, utc_now
from picture_pipeline.bootstrap.arriving import open_source
from picture_pipeline.bootstrap.asking_immich import ImmichKey, immich_bytes, immich_key
from picture_pipeline.bootstrap.caching import free_bytes
from picture_pipeline.bootstrap.inspecting import PRELOAD, WorkerLimits, limits_of
from picture_pipeline.bootstrap.naming import never_entered, own_folders, refuse_own
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.unwritten import UnwrittenCatalog
from picture_pipeline.config import Config
from picture_pipeline.durable.mounts import read_mounts
from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.metadata.recognition.recognise import RECOGNISER_VERSION
from picture_pipeline.model.candidate import SourceSpec, Way
from picture_pipeline.model.inspected import Inspected, InspectJob
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.layout import original_path
from picture_pipeline.ports import Progress, Source
from picture_pipeline.workers.pool import WorkerPool
from picture_pipeline.workflows.foretell import Foreteller
from picture_pipeline.workflows.ingest import Ingest, IngestOptions
from picture_pipeline.workflows.setup import refuse_sqlite_on_network


@dataclass(frozen=True, slots=True)
class ForesightRecipe:
    """Makes, in a worker, what looks at candidates and writes nothing."""

    scratch: Path
    limits: WorkerLimits
    immich: ImmichKey

    def __call__(self) -> Callable[[InspectJob], Inspected]:
        """Import what recognises, set the limits."""
        from picture_pipeline.metadata.completeness import (  # noqa: PLC0415 - worker only
            find_missing,
        )
        from picture_pipeline.metadata.reader import CarefulReader  # noqa: PLC0415 - worker only
        from picture_pipeline.metadata.recognition.recognise import recognise  # noqa: PLC0415 - worker only
        from picture_pipeline.renditions.still import StillRenderer  # noqa: PLC0415 - worker only
        from picture_pipeline.sources.iphone_usb import open_mounted  # noqa: PLC0415 - worker only
        from picture_pipeline.sources.zip_members import MemberOpener  # noqa: PLC0415 - worker only
        from picture_pipeline.workflows.foresee import Foresight, Unstaged  # noqa: PLC0415 - worker only
        from picture_pipeline.workflows.tie import Tier  # noqa: PLC0415 - worker only

        return Foresight(
            recognise=recognise,
            reader=CarefulReader(),
            careful_reader=CarefulReader(),
            renderer=StillRenderer(max_pixels=self.limits.max_pixels),
            specs=(),
            staging=Unstaged(),
            thumbs=Unstaged(),
            sidecar=lambda _content: b"",
            quick=lambda *_: b"",
            incomplete=find_missing,
            tier=Tier(_untied, lambda _content, _type: None),
            openers={
                Way.MOUNTED: open_mounted,
                Way.ZIP: MemberOpener(self.scratch),
                Way.IMMICH: immich_bytes(self.immich, self.scratch),
            },
            limits=self.limits.for_picture,
            hash_picture=lambda _rendered: None,
        )


def _untied(path: str) -> int:
    raise ArchiveUnavailable(f"{path}: a dry run reads no originals")


@dataclass(frozen=True, slots=True)
class Foretelling:
    """A dry run that may begin."""

    ingest: Ingest
    foreteller: Foreteller
    catalog: SqlCatalog
    config: Config
    free: int
    """Bytes on the archive's disk."""

    def source(self, spec: SourceSpec, only: frozenset[bytes] | None) -> Source:
        """Make the source of a spec, as an import would; raises UsageError."""
        refuse_own(spec, own_folders(self.config))
        return open_source(spec, only, never_entered(self.config), self.config)


@contextmanager
def open_foretelling(
    config: Config, options: IngestOptions, progress: Progress, stopping: Callable[[], bool]
) -> Iterator[Foretelling]:
    """Open catalog and workers; nothing is made that is not there.

    Raises ArchiveUnavailable, CatalogUnavailable, UsageError.
    """
    with ExitStack() as stack:
        catalog = _open_catalog(config)
        stack.callback(catalog.close)
        _check_archive(config, catalog)
        unwritten = UnwrittenCatalog(catalog)
        foreteller = Foreteller(unwritten.archived, original_path, RECOGNISER_VERSION, utc_now)
        workers = config.storage.import_.workers
        recipe = ForesightRecipe(_scratch(config), limits_of(config), immich_key(config))
        pool: WorkerPool[InspectJob, Inspected] = WorkerPool(workers, recipe, PRELOAD)
        stack.callback(pool.shutdown)
        ingest = Ingest(
            catalog=unwritten,
            workers=pool,
            worker_count=workers,
            publisher=foreteller,
            progress=progress,
            seconds=time.monotonic,
            stopping=stopping,
            options=options,
        )
        free = free_bytes(config.storage.nas.base_path)
        yield Foretelling(ingest, foreteller, catalog, config, free)


def _open_catalog(config: Config) -> SqlCatalog:
    """Open the catalog; one that is not there yet is taken for an empty one, in memory."""
    refuse_sqlite_on_network(databases_of(config), read_mounts())
    file = config.storage.database.sqlite_file
    if file is not None and not file.exists():
        return SqlCatalog.open("sqlite://")
    return SqlCatalog.open(config.storage.database.url)


def _check_archive(config: Config, catalog: SqlCatalog) -> None:
    """Make sure that an import would find its archive, or make it."""
    bound = catalog.bound_archive()
    root = config.storage.nas.base_path
    if bound is not None or config.file is not None:
        ArchiveHandle.open(root, bound).close()


def _scratch(config: Config) -> Path:
    """Give where nameless files may lie while members of zips are looked at."""
    thumbs = config.storage.local.base_path / "thumbs"
    return thumbs if thumbs.is_dir() else Path(gettempdir())
