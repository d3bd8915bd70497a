"""What writes the archive: staged files, published originals, the ledger."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Protocol

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import Event, LedgerLine
from picture_pipeline.model.trashed import Trashed

OriginalPath = Callable[[Digest, str, date], str]
"""From digest, extension and capture day to the path in the archive; pure."""


class StagedFile(Protocol):
    """A copy being written into ``incoming/``; ``keep`` or ``drop`` ends it."""

    def write(self, chunk: bytes) -> None:
        """Append bytes; raises ArchiveUnavailable."""
        ...

    def clone(self, source: int) -> bool:
        """Share the bytes of a file that is open for reading, as they are now.

        False where the file system cannot: then nothing was written.
        """
        ...

    def keep(self, mtime_ns: int) -> None:
        """Make it read-only, with its source's modification time.

        Durable when the area's ``settle`` returned.
        """
        ...

    def drop(self) -> None:
        """Forget it; nothing is left on the disk."""
        ...

    def open(self) -> int:
        """Give a descriptor for reading what was written; the caller closes it.

        Until the copy is published or dropped. Raises ArchiveUnavailable.
        """
        ...


class Staging(Protocol):
    """The run's folder in ``incoming/``, as a worker sees it."""

    def copy(self, token: str) -> StagedFile:
        """Begin the copy of one candidate; raises ArchiveUnavailable."""
        ...

    def sidecar(self, token: str, data: bytes) -> None:
        """Stage a sidecar; durable when ``settle`` returned."""
        ...

    def settle(self) -> None:
        """Wait until all that was staged is durable; raises ArchiveUnavailable."""
        ...

    def rest(self) -> None:
        """Wait until nothing is being written any more, whatever came of it."""
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

    def amend(self, staging: str, token: str, sidecar: bytes) -> None:
        """Replace a staged sidecar, durable when this returns."""
        ...

    def read_sidecar(self, path: str) -> bytes | None:
        """Give the sidecar of the original at ``path``; None when there is none."""
        ...

    def replace_sidecar(self, staging: str, path: str, before: str, data: bytes) -> bool:
        """Replace a sidecar whose SHA-256 is still ``before``; durable when this returns.

        May be repeated. False when it is another program's by now: then it is
        left alone.
        """
        ...

    def put_away(self, batch: str, record: bytes, removed: Sequence[Trashed]) -> None:
        """Move originals and sidecars into the trash, with what was booked of them.

        Durable when this returns; may be repeated. One that is at neither
        place is passed over. Raises ArchiveUnavailable; IntegrityError when
        another file lies at the new place.
        """
        ...

    def bring_back(self, restored: Sequence[Trashed]) -> None:
        """Move originals and sidecars back from the trash; durable, may be repeated.

        A sidecar that lies there already is kept. Raises like ``put_away``.
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
