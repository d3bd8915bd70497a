"""Everything an import needs, opened and closed in order."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from picture_pipeline.bootstrap.archive import Opened, open_archive, utc_now
from picture_pipeline.bootstrap.arriving import open_source
from picture_pipeline.bootstrap.asking_immich import immich_key
from picture_pipeline.bootstrap.forgetting import forgetter
from picture_pipeline.bootstrap.inspecting import PRELOAD, InspectorRecipe, limits_of
from picture_pipeline.bootstrap.naming import never_entered, own_folders, refuse_own
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.config import Config
from picture_pipeline.ledger.chain import Ledger
from picture_pipeline.metadata.enrich import enrich
from picture_pipeline.metadata.recognition.recognise import RECOGNISER_VERSION
from picture_pipeline.metadata.sidecar import read_origin, render_sidecar
from picture_pipeline.model.candidate import SourceSpec
from picture_pipeline.model.inspected import Inspected, InspectJob
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.layout import original_path
from picture_pipeline.originals.store import OriginalStore
from picture_pipeline.ports import Progress, Source
from picture_pipeline.renditions.specs import FORMAT_VERSION
from picture_pipeline.renditions.tree import RenditionTree
from picture_pipeline.workers.pool import WorkerPool
from picture_pipeline.workflows.assign import Assigner, Sidecars
from picture_pipeline.workflows.ingest import Ingest, IngestOptions
from picture_pipeline.workflows.publish import Publisher
from picture_pipeline.workflows.recover import Recovered, Recovery


@dataclass(frozen=True, slots=True)
class Importing:
    """A run that may begin: what was recovered, and the verb."""

    recovered: Recovered
    ingest: Ingest
    opened: Opened
    own: tuple[Path, ...]
    """Folders of ours, which are no sources."""
    config: Config

    def source(self, spec: SourceSpec, only: frozenset[bytes] | None) -> Source:
        """Make the source of a spec; our own folders and the backups below it are never entered.

        Raises UsageError when it is one of them, or not there.
        """
        refuse_own(spec, self.own)
        return open_source(spec, only, never_entered(self.config), self.config)


@contextmanager
def open_import(
    config: Config, options: IngestOptions, progress: Progress, stopping: Callable[[], bool]
) -> Iterator[Importing]:
    """Open all rooms, recover from a crash, start the workers.

    Raises ArchiveUnavailable, CatalogUnavailable, LocalDiskUnavailable.
    """
    with ExitStack() as stack:
        opened = stack.enter_context(open_archive(config))
        incoming = Incoming(opened.archive)
        stack.callback(incoming.close)
        books = LocalBooks.open(opened.local.path / "local.db")
        stack.callback(books.close)
        tree = RenditionTree(opened.local.path / "thumbs", config.storage.local.renditions)
        stack.callback(tree.close)
        publisher = make_publisher(opened, incoming, tree, books, config)
        recovered = recover(opened, publisher, incoming, tree)
        stack.enter_context(opened.local.alive(publisher.staging))
        incoming.begin(publisher.staging)
        stack.callback(incoming.end, publisher.staging)
        workers = config.storage.import_.workers
        pool: WorkerPool[InspectJob, Inspected] = WorkerPool(
            workers, _recipe(config, opened, publisher.staging), PRELOAD
        )
        stack.callback(pool.shutdown)
        ingest = Ingest(
            catalog=opened.catalog,
            workers=pool,
            worker_count=workers,
            publisher=publisher,
            progress=progress,
            seconds=time.monotonic,
            stopping=stopping,
            options=options,
        )
        yield Importing(recovered, ingest, opened, own_folders(config), config)


def make_publisher(
    opened: Opened,
    incoming: Incoming,
    tree: RenditionTree,
    books: LocalBooks,
    config: Config | None = None,
) -> Publisher:
    """Wire what publishes batches, and finishes those that a crash cut short."""
    writer = opened.local.writer()
    store = OriginalStore(opened.archive, incoming)
    sidecars = Sidecars(render_sidecar, read_origin, store.read_sidecar)
    return Publisher(
        catalog=opened.catalog,
        store=store,
        incoming=incoming,
        renditions=tree,
        ledger=Ledger(opened.archive.fd, str(opened.archive.root)),
        local=books,
        path_of=original_path,
        assigner=Assigner(enrich, sidecars),
        writer=writer,
        staging=opened.local.new_staging(writer),
        recogniser=RECOGNISER_VERSION,
        renderer=FORMAT_VERSION,
        now=utc_now,
        new_batch_id=lambda: token_hex(8),
        forget=forgetter(tree, books, config),
    )


def recover(
    opened: Opened, publisher: Publisher, incoming: Incoming, tree: RenditionTree
) -> Recovered:
    """Do what every command that writes to the archive begins with."""
    recovered = Recovery(
        publisher=publisher,
        incoming=incoming,
        renditions=tree,
        is_ours=lambda staging: staging.startswith(publisher.writer + "."),
        is_alive=opened.local.is_alive,
        wall_seconds=time.time,
    ).recover()
    opened.local.clear_marks()
    return recovered


def _recipe(config: Config, opened: Opened, staging: str) -> InspectorRecipe:
    return InspectorRecipe(
        archive=opened.archive.root,
        staging=staging,
        thumbs=opened.local.path / "thumbs",
        specs=config.storage.local.renditions,
        limits=limits_of(config),
        deep_reader=config.storage.metadata.deep_reader == "auto",
        immich=immich_key(config),
    )
