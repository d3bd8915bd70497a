"""Everything that ``imports`` needs, opened and closed in order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from picture_pipeline.bootstrap.archive import open_archive, open_catalog, utc_now
from picture_pipeline.bootstrap.importing import make_publisher, recover
from picture_pipeline.catalog.imports import SqlRuns, list_runs
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.config import Config
from picture_pipeline.model.query import RunListed
from picture_pipeline.model.run import RunId
from picture_pipeline.model.undoing import TrashFolder, UndoPlan
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.trash import Trash
from picture_pipeline.renditions.tree import RenditionTree
from picture_pipeline.workflows.recover import Recovered
from picture_pipeline.workflows.take_back import TakeBack, look

TRASH_DAYS = 30
"""What lies in the trash for longer may be removed for good, when a person says so."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """A run that may begin: what was recovered, and the verb."""

    recovered: Recovered
    verb: TakeBack


@dataclass(frozen=True, slots=True)
class TrashSorted:
    """The trash's folders."""

    old: tuple[TrashFolder, ...]
    """Those that may be removed for good."""
    young: tuple[TrashFolder, ...]


def sort_trash(config: Config) -> TrashSorted:
    """Give what the trash holds; raises ArchiveUnavailable."""
    with open_archive(config) as opened:
        folders = list(Trash(opened.archive).folders())
    last = (date.fromisoformat(utc_now()[:10]) - timedelta(days=TRASH_DAYS)).isoformat()
    return TrashSorted(
        old=tuple(folder for folder in folders if folder.day <= last),
        young=tuple(folder for folder in folders if folder.day > last),
    )


def plan_undoing(config: Config, run: RunId, *, also_edited: bool) -> UndoPlan:
    """Say what taking a run back would do; writes nothing.

    Raises UsageError, ArchiveUnavailable, CatalogUnavailable.
    """
    with open_archive(config) as opened:
        runs, trash = SqlRuns(opened.catalog), Trash(opened.archive)
        return look(runs, trash, run, also_edited=also_edited)[1]


def list_imports(config: Config, limit: int) -> tuple[RunListed, ...]:
    """Give the last runs that took files in, newest first; works without the NAS."""
    with open_catalog(config) as (_, catalog):
        return list_runs(catalog.engine, limit)


@contextmanager
def open_undoing(config: Config, advance: Callable[[int], None]) -> Iterator[Undoing]:
    """Open all rooms and recover from a crash.

    ``advance`` is told the number of originals that were dealt with. Raises
    ArchiveUnavailable, CatalogUnavailable, LocalDiskUnavailable.
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
        verb = TakeBack(publisher, Trash(opened.archive), SqlRuns(opened.catalog), advance)
        yield Undoing(recovered, verb)
