"""Announce what is about to happen in a source, let it happen, write down what did.

The redo record first: from then on the ledger will tell of it, also after a
crash. Then the deed; then ledger and catalog. A crash in between may leave a
file in its place of which the ledger tells that it went: it goes in the next
run, and is told once more. The other way round something would be gone of
which nothing tells.
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from picture_pipeline.model.candidate import FileStamp, SourceName, is_utf8, printable
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import Event, EventType
from picture_pipeline.model.release import Place
from picture_pipeline.model.run import Batch, RunId
from picture_pipeline.ports import IncomingFolders, Ledger
from picture_pipeline.ports.releasing import ArchiveCopies, ReleaseBooks, ReleaseCatalog
from picture_pipeline.workflows import redo


@dataclass(slots=True)
class Page:
    """What is written down together; ``announce`` comes first, then ``happened`` for each."""

    books: ReleaseBooks
    time: str
    announce: Callable[[Sequence[Event]], None]
    events: list[Event] = field(default_factory=list)

    def happened(self, event: Event) -> None:
        """Add what was done."""
        self.events.append(event)


@dataclass(frozen=True, slots=True)
class Chronicle:
    """Writes pages, one at a time among all computers."""

    catalog: ReleaseCatalog
    copies: ArchiveCopies
    incoming: IncomingFolders
    ledger: Ledger
    writer: str
    staging: str
    now: Callable[[], str]
    new_batch_id: Callable[[], str]

    @contextmanager
    def page(self, run: RunId) -> Iterator[Page]:
        """Open a page under the publishing lock; its end makes all of it durable.

        Raises ArchiveUnavailable, CatalogUnavailable, IntegrityError.
        """
        self.copies.check()
        batch = Batch(self.new_batch_id(), run, self.writer, self.staging, self.now())

        def announce(events: Sequence[Event]) -> None:
            if events:
                record = redo.encode(replace(batch, events=tuple(events)))
                self.incoming.write_redo(self.staging, batch.id, record)

        with self.catalog.releasing() as books:
            page = Page(books, batch.time, announce)
            yield page
            books.check()
            events = tuple(page.events)
            lines = self.ledger.append(self.writer, batch.id, run, events)
            books.record(replace(batch, events=events), lines)
        self.incoming.remove_redo(self.staging, batch.id)


def event_at(
    kind: EventType,
    outcome: str,
    time: str,
    digest: Digest,
    where: tuple[SourceName, Place, FileStamp],
) -> Event:
    """Give the event of something that was done to a file of a source."""
    source, place, stamp = where
    told: dict[str, object] = {
        "source": source,
        "source_path": printable(place.below),
        "stamp": list(stamp),
    }
    if not is_utf8(place.below):
        told["source_path_b64"] = base64.b64encode(place.below).decode("ascii")
    return Event(kind, time, outcome, digest, told)
