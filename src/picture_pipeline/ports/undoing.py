"""What taking an import back needs besides publishing."""

from collections.abc import Iterator
from typing import Protocol

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.run import Counts, RunId
from picture_pipeline.model.undoing import Additions, OnDisk, TrashFolder


class TrashRoom(Protocol):
    """The archive's trash, looked at. Every method raises ArchiveUnavailable."""

    def state(self, path: str) -> OnDisk:
        """Tell what lies in the archive of the original at ``path``."""
        ...

    def begin(self, day: str, run: RunId) -> str:
        """Make a folder for what leaves now, another one each time; gives its path."""
        ...

    def records(self, run: RunId) -> Iterator[tuple[str, str, bytes]]:
        """Give what was booked of a run's originals, as (folder, batch, data)."""
        ...

    def holds(self, folder: str, path: str, digest: Digest) -> bool:
        """Tell whether an original lies in the trash with the bytes that its digest names."""
        ...

    def settle(self, folder: str, batch: str) -> None:
        """Remove the record of originals that are all back, and folders that are empty now."""
        ...

    def tidy(self, folder: str) -> None:
        """Remove a folder when nothing is in it."""
        ...

    def folders(self) -> Iterator[TrashFolder]:
        """Give all folders, oldest first."""
        ...

    def digests(self, folder: str) -> Iterator[Digest]:
        """Give the digests of the originals in a folder."""
        ...

    def empty(self, folder: str) -> None:
        """Remove a folder with all that is in it, for good; twice does no harm."""
        ...


class RunBooks(Protocol):
    """The catalog's runs. Every method raises CatalogUnavailable."""

    def start_run(self, command: str, writer: str, time: str) -> RunId:
        """Book the start of a run."""
        ...

    def finish_run(self, run: RunId, status: str, counts: Counts, time: str) -> None:
        """Book how a run ended."""
        ...

    def additions(self, run: RunId) -> Additions:
        """Give all that a run archived and the archive still holds; raises UsageError."""
        ...

    def note_undone(self, run: RunId, time: str | None) -> None:
        """Book that a run was taken back; None: that it is in force again."""
        ...
