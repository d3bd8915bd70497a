"""What the watch needs of the rooms."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol, runtime_checkable

from picture_pipeline.model.candidate import FileStamp, FolderListing, SourceName, Unlistable
from picture_pipeline.model.report import ImportReport
from picture_pipeline.model.watched import Glanced, Root, SourceState, StandingStill
from picture_pipeline.ports.catalog import Catalog
from picture_pipeline.ports.reading import Source
from picture_pipeline.ports.running import Progress


@runtime_checkable
class ListableSource(Source, Protocol):
    """A source of which single folders can be listed."""

    def list_one(self, folder: bytes) -> tuple[FolderListing | Unlistable, list[bytes]]:
        """List one folder; gives the folders in it too."""
        ...


class Glance(Protocol):
    """Remembers a source's folders and tells which changed; never opens a file."""

    def full_pass(self) -> Glanced:
        """Look at every file's status."""
        ...

    def folder_pass(self, hinted: Iterable[bytes] = ()) -> Glanced:
        """Look at the folders' own times, and into those hinted at."""
        ...

    def keep(self) -> None:
        """Remember what the last pass found; without it the next one finds it again."""
        ...

    def doubt(self, folders: Iterable[bytes]) -> None:
        """Have the next pass find these folders changed, or gone."""
        ...


class Hints(Protocol):
    """File events, where the system has them. The scan is the truth; these only wake it."""

    @property
    def works(self) -> bool:
        """Whether changes are heard of now."""
        ...

    @property
    def pending(self) -> bool:
        """Whether ``take`` would give anything."""
        ...

    def take(self) -> frozenset[bytes]:
        """Give, once, the folders in which something happened."""
        ...

    def begin(self) -> None:
        """Begin to listen, anew when it did before; nothing happens where there are no events."""
        ...

    def end(self) -> None:
        """Stop listening; may be called twice."""
        ...


class SourceFolder(Protocol):
    """Where a watched source lies."""

    def look(self) -> Root | None:
        """Look at the folder itself; None when it is not there."""
        ...

    def stamp(self, folder: bytes, name: bytes) -> FileStamp | None:
        """Give a file's stamp; None when it is gone."""
        ...


class WatchBooks(Protocol):
    """What a watch keeps over a restart. Every method raises LocalDiskUnavailable."""

    def states(self) -> tuple[SourceState, ...]:
        """Give the last noted state of every source."""
        ...

    def note(self, time: float, trouble: str, states: Iterable[SourceState]) -> None:
        """Note how the watch and these sources stand; seconds since 1970, UTC."""
        ...

    def standing_still(self, source: SourceName) -> tuple[StandingStill, ...]:
        """Give what waited at a source."""
        ...

    def note_standing_still(self, source: SourceName, files: Iterable[StandingStill]) -> None:
        """Note what waits at a source, in place of what was noted."""
        ...


class WatchRooms(Protocol):
    """What is opened only when it is needed.

    Every method raises ArchiveUnavailable, CatalogUnavailable, LocalDiskUnavailable.
    """

    @property
    def recogniser(self) -> int:
        """The recogniser's version: files that an older one refused are looked at again."""
        ...

    def catalog(self) -> AbstractContextManager[Catalog]:
        """Open the catalog for comparing."""
        ...

    def take_in(
        self, sources: Sequence[Source], progress: Progress, *, whole: bool
    ) -> ImportReport:
        """Run one import; raises UsageError when a source is not there.

        ``whole``: the sources list all they have.
        """
        ...

    def rest(self) -> None:
        """Let go of what nobody asked for lately."""
        ...

    def close(self) -> None:
        """Let go of what is kept open; may be called twice."""
        ...
