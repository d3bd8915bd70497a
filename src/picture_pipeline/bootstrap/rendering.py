"""Everything that ``generate-thumbs`` needs, opened and closed in order."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from picture_pipeline.bootstrap.archive import open_archive, utc_now
from picture_pipeline.bootstrap.background import BackgroundRun, BackgroundStatus
from picture_pipeline.bootstrap.inspecting import PRELOAD, WorkerLimits, deep_reader, limits_of
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.catalog.queries import page_through, totals
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.query import Filter
from picture_pipeline.model.rendition import RenditionSpec
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.store import OriginalStore
from picture_pipeline.ports import Progress
from picture_pipeline.renditions.specs import FORMAT_VERSION
from picture_pipeline.renditions.tree import RenditionTree
from picture_pipeline.workers.pool import WorkerPool
from picture_pipeline.workflows.render import Redraw, Render, RenderDone, RenderJob

_STATUS_EVERY = 2.0
"""Seconds between two updates of the status that ``storage-stats`` shows."""


@dataclass(frozen=True, slots=True)
class RedrawRecipe:
    """Makes a Redraw inside a worker."""

    archive: Path
    thumbs: Path
    specs: tuple[RenditionSpec, ...]
    limits: WorkerLimits
    deep_reader: bool = False

    def __call__(self) -> Callable[[RenderJob], RenderDone]:
        """Import the decoders, open the archive, set the limits."""
        from picture_pipeline.metadata.quick import quick_metadata  # noqa: PLC0415 - worker only
        from picture_pipeline.metadata.reader import FileReader  # noqa: PLC0415 - worker only
        from picture_pipeline.renditions.still import StillRenderer  # noqa: PLC0415 - worker only

        archive = ArchiveHandle.open(self.archive)
        store = OriginalStore(archive, Incoming(archive))
        return Redraw(
            open_original=store.open_original,
            reader=FileReader(deep=deep_reader(self.limits) if self.deep_reader else None),
            renderer=StillRenderer(max_pixels=self.limits.max_pixels),
            specs=self.specs,
            thumbs=RenditionTree(self.thumbs, self.specs),
            quick=quick_metadata,
            limits=self.limits.for_picture,
        )


@dataclass(slots=True)
class StatusProgress:
    """Passes progress on, and keeps the status file of the run up to date."""

    shown: Progress
    run: BackgroundRun
    status: BackgroundStatus
    told: float = 0.0

    def advance(self, entries: int, size: int) -> None:
        """Count, and write the status now and then."""
        self.shown.advance(entries, size)
        self.status = replace(self.status, done=self.status.done + entries)
        if time.monotonic() - self.told >= _STATUS_EVERY:
            self.told = time.monotonic()
            self.run.write(self.status)


@contextmanager
def open_render(
    config: Config, progress: Progress, stopping: Callable[[], bool], expect: Callable[[int], None]
) -> Iterator[Render]:
    """Open all rooms and start the workers.

    Raises UsageError when another run is at work on this computer,
    ArchiveUnavailable, CatalogUnavailable, LocalDiskUnavailable.
    """
    with ExitStack() as stack:
        opened = stack.enter_context(open_archive(config))
        run = BackgroundRun(opened.local.path)
        try:
            stack.callback(run.hold().close)
        except BlockingIOError:
            raise UsageError(
                "generate-thumbs is already running on this computer; "
                "see how far it is with: picture-pipeline storage-stats"
            ) from None
        books = LocalBooks.open(opened.local.path / "local.db")
        stack.callback(books.close)
        specs = config.storage.local.renditions
        tree = RenditionTree(opened.local.path / "thumbs", specs)
        stack.callback(tree.close)
        tree.clear_leftovers(opened.local.is_alive)
        staging = opened.local.new_staging(opened.local.writer())
        stack.enter_context(opened.local.alive(staging))
        workers = config.storage.import_.workers
        pool: WorkerPool[RenderJob, RenderDone] = WorkerPool(
            workers,
            RedrawRecipe(
                opened.archive.root,
                opened.local.path / "thumbs",
                specs,
                limits_of(config),
                deep_reader=config.storage.metadata.deep_reader == "auto",
            ),
            PRELOAD,
        )
        stack.callback(pool.shutdown)
        total = totals(opened.catalog.engine).originals.count
        expect(total)
        status = StatusProgress(progress, run, BackgroundStatus(0, total, utc_now()))
        stack.callback(lambda: run.write(replace(status.status, running=False)))
        yield Render(
            originals=lambda: page_through(opened.catalog.engine, Filter()),
            tree=tree,
            publisher=tree,
            books=books,
            given_up=books,
            workers=pool,
            worker_count=workers,
            renderer=FORMAT_VERSION,
            names=tuple(spec.name for spec in specs),
            staging=staging,
            progress=status,
            seconds=time.monotonic,
            stopping=stopping,
        )
