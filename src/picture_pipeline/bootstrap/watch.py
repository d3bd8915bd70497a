"""The watch, wired: its sources, its gates, and the rooms that it opens when it needs them."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from picture_pipeline.bootstrap.archive import open_catalog
from picture_pipeline.bootstrap.arriving import open_source
from picture_pipeline.bootstrap.importing import open_import
from picture_pipeline.bootstrap.naming import (
    choose_sources,
    named_sources,
    never_entered,
    own_folders,
    refuse_own,
)
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.watching import SqlWatchBooks
from picture_pipeline.config import Config
from picture_pipeline.durable.mounts import mount_of, read_mounts
from picture_pipeline.errors import CatalogUnavailable, PipelineError, UsageError
from picture_pipeline.metadata.recognition.recognise import RECOGNISER_VERSION
from picture_pipeline.model.candidate import FileStamp, SourceSpec, printable
from picture_pipeline.model.report import ImportReport
from picture_pipeline.model.watched import Root, SourceState, SourceStatus
from picture_pipeline.ports import Catalog, Progress, Source
from picture_pipeline.ports.watching import Hints
from picture_pipeline.sources.gated import GatedSource
from picture_pipeline.sources.glance import Glance, stamp_at
from picture_pipeline.sources.hints import EventHints, NoHints
from picture_pipeline.sources.presence import look_at_root
from picture_pipeline.workers.service import ServiceManager
from picture_pipeline.workflows.gate import MOST_WAITING, Gate, Patience
from picture_pipeline.workflows.ingest import IngestOptions
from picture_pipeline.workflows.watch import Watch
from picture_pipeline.workflows.watch_notes import WatchNotes
from picture_pipeline.workflows.watched import Clock, Pace, Watched, stop_if

_AFTER_EVENT = 5.0
"""Seconds a file must stand still where file events are heard of."""
_KEPT = 30.0
"""Seconds that a catalog which nobody asks stays open."""
_NO_LIMIT = 1 << 62


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What the person asked for. Seconds; None: as configured."""

    once: bool = False
    settle: float | None = None
    interval: float | None = None
    hints: bool = True
    """Whether file events may wake the watch."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the command brings along."""

    clock: Clock
    sleep: Callable[[float], None]
    """Sleeps at most so many seconds."""
    wake: Callable[[], None]
    """Ends a sleep; called from any thread."""
    service: ServiceManager
    stopping: Callable[[], bool]
    tell: Callable[[ImportReport], None]
    """Is given the report of each import."""


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """Where a source lies; see ``ports.SourceFolder``."""

    path: bytes

    def look(self) -> Root | None:
        """Look at the folder itself."""
        return look_at_root(self.path)

    def stamp(self, folder: bytes, name: bytes) -> FileStamp | None:
        """Give a file's stamp."""
        return stamp_at(self.path, folder, name)


@dataclass(slots=True)
class SameCatalog:
    """The catalog's file that a running watch began with; no other is taken for it.

    SQLite would make a new, empty one in place of one that is away for a
    while, and everything would be taken in there a second time.
    """

    file: Path | None
    """None: a server, which knows by itself what it holds."""
    _identity: tuple[int, int] | None = None

    def check(self) -> None:
        """Raise CatalogUnavailable when the file is away, or another one lies in its place."""
        if self.file is None or self._identity is None:
            return
        found = self._look()
        if found is None:
            raise CatalogUnavailable(
                f"{self.file}: the catalog's file is gone; bring it back. To begin a new one, "
                "start the watch again"
            )
        if found != self._identity:
            raise CatalogUnavailable(
                f"{self.file}: another catalog lies here than the watch began with; start it again"
            )

    def note(self) -> None:
        """Remember the file that is there now, unless one is remembered."""
        self._identity = self._identity or self._look()

    def _look(self) -> tuple[int, int] | None:
        try:
            status = self.file.stat() if self.file else None
        except OSError:
            return None
        return (status.st_dev, status.st_ino) if status else None


@dataclass(slots=True)
class Rooms:
    """Opens catalog and import; see ``ports.WatchRooms``."""

    config: Config
    stopping: Callable[[], bool]
    command: str
    same: SameCatalog
    recogniser: int = RECOGNISER_VERSION
    _kept: ExitStack = field(default_factory=ExitStack)
    _catalog: SqlCatalog | None = None
    _used: float = 0.0

    @contextmanager
    def catalog(self) -> Iterator[Catalog]:
        """Open the catalog, or give the one that is open."""
        try:
            self.same.check()
            if self._catalog is None:
                self._catalog = self._kept.enter_context(open_catalog(self.config))[1]
            yield self._catalog
        except PipelineError:
            self.close()
            raise
        self._used = time.monotonic()

    def take_in(
        self, sources: Sequence[Source], progress: Progress, *, whole: bool
    ) -> ImportReport:
        """Run one import."""
        self.same.check()
        options = IngestOptions(self.command, whole=whole)
        with open_import(self.config, options, progress, self.stopping) as importing:
            return importing.ingest.run(sources)

    def rest(self) -> None:
        """Let the catalog go when nobody asked it lately."""
        if self._catalog is not None and time.monotonic() - self._used > _KEPT:
            self.close()

    def close(self) -> None:
        """Let the catalog go."""
        kept, self._kept, self._catalog = self._kept, ExitStack(), None
        kept.close()


def chosen_folders(config: Config, names: Sequence[bytes], cwd: Path) -> list[SourceSpec]:
    """Find out which sources are meant; all that are configured or were added, when none is named.

    Raises UsageError for one that nobody knows or that has no folder to be watched,
    CatalogUnavailable.
    """
    with open_catalog(config) as (_, catalog):
        if not names:
            specs = [spec for spec in named_sources(config, catalog) if _has_folder(spec)]
        else:
            specs = [
                _whole(spec, only) for spec, only in choose_sources(names, config, catalog, cwd)
            ]
    if not specs:
        raise UsageError(
            "there is nothing to watch: name a folder, set storage.sync.watch_path, or add a "
            "source with: picture-pipeline sources add NAME PATH"
        )
    return specs


def make_watch(
    config: Config, specs: Sequence[SourceSpec], options: WatchOptions, around: Surroundings
) -> Watch:
    """Wire the watch of some sources; nothing is opened yet."""
    clock = around.clock
    pulse = stop_if(around.stopping, around.service.alive)
    command = "watch --once" if options.once else "watch"
    same = SameCatalog(config.storage.database.sqlite_file)
    same.note()  # the sources were chosen by it
    return Watch(
        sources=tuple(_watched(config, spec, options, around) for spec in specs),
        rooms=Rooms(config, around.stopping, command, same),
        notes=WatchNotes(SqlWatchBooks(config.storage.local.base_path / "local.db"), clock),
        gated=lambda watched, source, folders: GatedSource(
            source,
            lambda place, stamp: watched.gate.verdict(place, stamp, clock.seconds()),
            watched.is_same,
            folders,
        ),
        clock=clock,
        sleep=lambda seconds: around.sleep(_at_most(seconds, around.service.watchdog)),
        pulse=pulse,
        alive=around.service.alive,
        stopping=around.stopping,
        tell=around.tell,
    )


def _watched(
    config: Config, spec: SourceSpec, options: WatchOptions, around: Surroundings
) -> Watched:
    pace = _pace(config, options)
    refuse_own(spec, own_folders(config))
    return Watched(
        spec=spec,
        folder=WatchedFolder(spec.path),
        glance=Glance(
            spec.path,
            stop_if(around.stopping, around.service.alive),
            lambda: int(around.clock.wall() * 1e9),
            lambda: never_entered(config),
        ),
        hints=_hints(spec, around.wake) if options.hints and not options.once else NoHints(),
        make_source=lambda spec: open_source(spec, None, never_entered(config), config),
        pace=pace,
        clock=around.clock,
        state=SourceState(spec.name, spec.path, SourceStatus.UNMOUNTED),
        gate=Gate(pace.polled, _NO_LIMIT if options.once else MOST_WAITING),
    )


def _hints(spec: SourceSpec, wake: Callable[[], None]) -> Hints:
    def is_local() -> bool:
        return not mount_of(Path(printable(spec.path)), read_mounts()).is_network

    return EventHints(spec.path, wake, is_local)


def _pace(config: Config, options: WatchOptions) -> Pace:
    """Take the times from the options, then the configuration.

    Where nobody says how long files are to stand still, it is never longer than one
    interval: so a file is taken within three of them.
    """
    sync = config.storage.sync
    interval = options.interval or sync.poll_interval_seconds
    told = options.settle
    if told is None and "settle_seconds" in sync.model_fields_set:
        told = sync.settle_seconds
    polled = min(sync.settle_seconds, interval) if told is None else told
    hinted = min(_AFTER_EVENT, polled) if told is None else told
    return Pace(
        interval=interval,
        full_interval=sync.full_scan_interval_seconds,
        polled=Patience(polled, sync.incomplete_after_seconds),
        hinted=Patience(hinted, sync.incomplete_after_seconds),
    )


def _at_most(seconds: float, watchdog: float | None) -> float:
    return min(seconds, 3600.0, watchdog / 3 if watchdog else 3600.0)


def _has_folder(spec: SourceSpec) -> bool:
    return spec.path.startswith(b"/")


def _whole(spec: SourceSpec, only: frozenset[bytes] | None) -> SourceSpec:
    if only is not None or not _has_folder(spec):
        raise UsageError(
            f"{printable(spec.path)}: only whole folders are watched; take others in with: "
            "picture-pipeline import"
        )
    return spec
