"""One Protocol per room. The docstrings are promises that the contract suites check."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future
from contextlib import AbstractContextManager
from datetime import date
from typing import Protocol, TypeVar

from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FileStamp,
    FolderListing,
    SourceName,
    SourceSpec,
    Unlistable,
    Unopenable,
)
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import Event, LedgerLine
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.model.rendition import (
    Rendered,
    RenditionEntry,
    RenditionSpec,
    Unrenderable,
)
from picture_pipeline.model.run import Batch, Counts, RunId

OriginalPath = Callable[[Digest, str, date], str]
"""From digest, extension and capture day to the path in the archive; pure."""


JobT_contra = TypeVar("JobT_contra", contravariant=True)
ResultT = TypeVar("ResultT")


class Source(Protocol):
    """A place where candidates turn up. Never writes, never opens a file."""

    @property
    def spec(self) -> SourceSpec:
        """Who this source is."""
        ...

    @property
    def shows_all(self) -> bool:
        """Whether its listings hold all there is, so that a name they lack is gone."""
        ...

    def listings(self) -> Iterator[FolderListing | Unlistable]:
        """Walk the source folder by folder, in a stable order.

        Every entry that is no real folder comes exactly once. May be called
        again; each call walks anew. Raises UsageError when the source's root
        is not there.
        """
        ...

    def classify(self, folder: bytes, entry: Entry) -> Candidate | Unopenable:
        """Tell whether an entry may be opened, by its kind and name alone."""
        ...


class MetadataReader(Protocol):
    """Reads what an original says of itself."""

    def read(self, data: bytes, media_type: MediaType, name: bytes, mtime_ns: int) -> Metadata:
        """Read metadata from the whole bytes of one file.

        Never raises for hostile content: what cannot be read is absent, what
        is absurd is dropped and noted. ``name`` is the file's name (without
        folder) and ``mtime_ns`` its modification time, the last resorts for
        the capture time. May crash the process on hostile input (native
        parsers), so it runs in a worker.
        """
        ...


class Renderer(Protocol):
    """Makes renditions from one decode."""

    def render(
        self,
        data: bytes,
        media_type: MediaType,
        orientation: int | None,
        specs: Sequence[RenditionSpec],
    ) -> Rendered | Unrenderable:
        """Decode once, give one sRGB JPEG for each spec, in the order of the specs.

        ``orientation`` is the EXIF orientation (1 to 8); formats that carry
        their own rotation (HEIC, AVIF) ignore it. Never raises for hostile
        content. May crash the process, so it runs in a worker.
        """
        ...


class StagedFile(Protocol):
    """A copy being written into ``incoming/``; ``keep`` or ``drop`` ends it."""

    def write(self, chunk: bytes) -> None:
        """Append bytes; raises ArchiveUnavailable."""
        ...

    def keep(self, mtime_ns: int) -> None:
        """Make it durable, read-only, with its source's modification time."""
        ...

    def drop(self) -> None:
        """Forget it; nothing is left on the disk."""
        ...


class Staging(Protocol):
    """The run's folder in ``incoming/``, as a worker sees it."""

    def copy(self, token: str) -> StagedFile:
        """Begin the copy of one candidate; raises ArchiveUnavailable."""
        ...

    def sidecar(self, token: str, data: bytes) -> None:
        """Stage a sidecar, durable when this returns; raises ArchiveUnavailable."""
        ...


class RenditionStaging(Protocol):
    """Temp files of renditions on the local disk, as a worker sees them."""

    def stage(self, token: str, name: str, data: bytes) -> None:
        """Write one; not yet durable. Raises LocalDiskUnavailable."""
        ...


class RenditionPublisher(Protocol):
    """The local tree of renditions; what it holds can always be made again."""

    def publish_all(self, staged: Sequence[tuple[str, Digest, Sequence[str]]]) -> None:
        """Give staged renditions (token, digest, names) their final places.

        Durable first, then an atomic rename each. Those that are no longer
        staged (an earlier call, or a crash) are passed over, so it may be
        called again. Raises LocalDiskUnavailable.
        """
        ...

    def discard(self, token: str) -> None:
        """Remove what was staged under a token; twice does no harm."""
        ...

    def clear_leftovers(self, is_alive: Callable[[str], bool]) -> None:
        """Remove temp files of runs that are no longer alive."""
        ...


class OriginalPublisher(Protocol):
    """The write-once store. Callers hold the publishing lock."""

    def check(self) -> None:
        """Make sure the archive is still this one; raises ArchiveUnavailable."""
        ...

    def publish(self, staging: str, token: str, digest: Digest, path: str) -> str:
        """Give the sidecar, then the original, their names; never overwrites.

        May be repeated after a crash. Returns the SHA-256 of the sidecar that
        lies there now. Raises ArchiveUnavailable; IntegrityError when other
        bytes lie at the original's place.
        """
        ...

    def can_finish(self, staging: str, token: str, path: str) -> bool:
        """Tell whether sidecar and original are each staged or at their places."""
        ...

    def discard(self, staging: str, token: str) -> None:
        """Remove what was staged under a token; twice does no harm."""
        ...

    def sync(self) -> None:
        """Make all names published since the last call durable."""
        ...


class IncomingFolders(Protocol):
    """The folders of runs below ``incoming/``, and their redo records."""

    def write_redo(self, staging: str, batch: str, data: bytes) -> None:
        """Write a redo record, durable when this returns."""
        ...

    def remove_redo(self, staging: str, batch: str) -> None:
        """Remove one; twice does no harm."""
        ...

    def redos(self) -> Iterator[tuple[str, str, bytes]]:
        """Give all redo records as (staging, batch, data)."""
        ...

    def stagings(self) -> Sequence[tuple[str, float]]:
        """List the runs' folders with the time of their last change (seconds since 1970)."""
        ...

    def end(self, staging: str) -> None:
        """Remove a run's folder with all that is left in it; twice does no harm.

        One that holds a redo record stays: its batch is not finished yet.
        """
        ...


class Ledger(Protocol):
    """The append-only chains of events on the NAS."""

    def append(
        self, writer: str, batch: str, run: int, events: Sequence[Event]
    ) -> Sequence[LedgerLine]:
        """Append a batch, durable when this returns; repeated, it is not doubled.

        Raises ArchiveUnavailable; IntegrityError when the chain is damaged.
        """
        ...


class Books(Protocol):
    """The catalog inside a publishing transaction."""

    def paths_of(self, digests: Iterable[Digest]) -> Mapping[Digest, str]:
        """Give the paths of those digests that the catalog knows."""
        ...

    def found_paths(self, digests: Iterable[Digest]) -> Mapping[Digest, str]:
        """Give the paths of those that lay in the archive before the catalog was made.

        Only of originals that the catalog does not know yet.
        """
        ...

    def check(self) -> None:
        """Make sure that the transaction, and so the lock, still stands.

        Raises CatalogUnavailable.
        """
        ...

    def has_batch(self, batch: str) -> bool:
        """Tell whether a batch is booked already."""
        ...

    def record(self, batch: Batch, lines: Sequence[LedgerLine]) -> None:
        """Book originals, sightings, refusals and events of a batch.

        Raises IntegrityError when the catalog holds one of them already.
        """
        ...


class Catalog(Protocol):
    """The database. Every method raises CatalogUnavailable when it does not answer."""

    def start_run(self, command: str, writer: str, time: str) -> RunId:
        """Book the start of a run."""
        ...

    def finish_run(self, run: RunId, status: str, counts: Counts, time: str) -> None:
        """Book how a run ended."""
        ...

    def add_source(self, spec: SourceSpec) -> None:
        """Make a source known; raises UsageError when its name means another path."""
        ...

    def unchanged_folders(
        self, source: SourceName, fingerprints: Mapping[bytes, bytes]
    ) -> AbstractSet[bytes]:
        """Give those folders of which every entry is booked just as it is now."""
        ...

    def note_unchanged(
        self, source: SourceName, fingerprints: Mapping[bytes, bytes], time: str
    ) -> None:
        """Book what these folders look like when each of their entries is booked."""
        ...

    def known_stamps(
        self, source: SourceName, listings: Sequence[FolderListing], recogniser: int
    ) -> Mapping[bytes, Mapping[bytes, FileStamp]]:
        """Give, by folder and name, the stamps that need no second look.

        Archived files, and those refused by a recogniser at least this new.
        """
        ...

    def note_scan(
        self,
        source: SourceName,
        listings: Sequence[FolderListing],
        known: Mapping[bytes, Mapping[bytes, FileStamp]],
        time: str,
    ) -> None:
        """Book that folders were looked at; names that are gone keep their rows."""
        ...

    def digests_of_size(self, sizes: Iterable[int]) -> Mapping[int, frozenset[Digest]]:
        """Give the digests of all originals of exactly these sizes."""
        ...

    def publishing(self) -> AbstractContextManager[Books]:
        """Open a transaction that one publisher at a time gets; all or nothing.

        Waits for other publishers, in this and other processes and computers.
        """
        ...


class LocalRenditionBooks(Protocol):
    """The local books of renditions; they may be thrown away at any time."""

    def record(
        self,
        made: Mapping[Digest, Sequence[RenditionEntry]],
        failed: Mapping[Digest, Unrenderable],
        renderer: int,
    ) -> None:
        """Book what was made, and what a renderer of this version could not."""
        ...

    def forget(self, digest: Digest, names: Iterable[str]) -> None:
        """Strike out renditions that are gone or damaged."""
        ...


class Workers(Protocol[JobT_contra, ResultT]):
    """A part of ``concurrent.futures.Executor``: processes that do one kind of job."""

    def submit(self, job: JobT_contra) -> Future[ResultT]:
        """Ask for a job to be done.

        The future raises an exception with an attribute ``code`` (exit code,
        negative for a signal) when the process died of it.
        """
        ...


class Progress(Protocol):
    """Tells a person how far a long command has come."""

    def advance(self, entries: int, size: int) -> None:
        """Count finished entries, and bytes taken in."""
        ...


class LocalRenditions(Protocol):
    """The local tree of renditions, looked at."""

    def sound(self, digest: Digest) -> Mapping[str, RenditionEntry]:
        """Give by name the renditions that are there and whole."""
        ...

    def has_metadata(self, digest: Digest) -> bool:
        """Tell whether the quick metadata is there."""
        ...


class GivenUp(Protocol):
    """The part of the local books that knows what could not be rendered."""

    def given_up(self, digests: Iterable[Digest], renderer: int) -> frozenset[Digest]:
        """Give those that a renderer at least this new could not decode."""
        ...
