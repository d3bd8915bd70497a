"""Compare folders of a source with the catalog: what is unknown goes to the gate."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FileStamp,
    FolderListing,
    Unlistable,
    fingerprint,
)
from picture_pipeline.model.watched import Place
from picture_pipeline.ports import Catalog, Source
from picture_pipeline.ports.watching import ListableSource
from picture_pipeline.workflows.gate import Gate

_ENTRIES_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares one source's folders; in constant memory, but for what waits."""

    catalog: Catalog
    source: Source
    gate: Gate
    recogniser: int
    now: Callable[[], float]
    """The gate's clock."""
    pulse: Callable[[], None]
    offered: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)
    """What was offered just now: if it is unknown still, that was one more try."""

    def run(self, folders: Iterable[bytes]) -> Iterator[bytes]:
        """Compare these folders (a source that cannot list single ones: all); gives those done.

        Raises CatalogUnavailable.
        """
        for listings in _chunks(self._listings(folders)):
            self.pulse()
            changed = self._changed(listings)
            known = self.catalog.known_stamps(self.source.spec.name, changed, self.recogniser)
            for listing in changed:
                self._compare(listing, known.get(listing.folder, {}))
            yield from (listing.folder for listing in listings)

    def _listings(self, folders: Iterable[bytes]) -> Iterator[FolderListing]:
        source = self.source
        found: Iterable[FolderListing | Unlistable] = (
            (source.list_one(folder)[0] for folder in folders)
            if isinstance(source, ListableSource)
            else source.listings()
        )
        return (listing for listing in found if not isinstance(listing, Unlistable))

    def _changed(self, listings: Sequence[FolderListing]) -> Sequence[FolderListing]:
        """Pass over folders of which every entry is booked."""
        prints = {each.folder: fingerprint(each, self.recogniser) for each in listings}
        unchanged = self.catalog.unchanged_folders(self.source.spec.name, prints)
        for folder in unchanged:
            self._forget(folder, self.gate.in_folder(folder))
        return [listing for listing in listings if listing.folder not in unchanged]

    def _compare(self, listing: FolderListing, stamps: Mapping[bytes, FileStamp]) -> None:
        folder = listing.folder
        unknown = set()
        for entry in listing.entries:
            if stamps.get(entry.name) != entry.stamp and self._is_candidate(folder, entry):
                unknown.add(entry.name)
                self._note(Place(folder, entry.name), entry.stamp)
        self._forget(folder, self.gate.in_folder(folder) - unknown)

    def _is_candidate(self, folder: bytes, entry: Entry) -> bool:
        # What is never opened is booked with the next file that is taken; it wakes nothing.
        return isinstance(self.source.classify(folder, entry), Candidate)

    def _note(self, place: Place, stamp: FileStamp) -> None:
        now = self.now()
        self.gate.look(place, stamp, now)
        if place.name in self.offered.get(place.folder, ()):
            self.gate.tried(place, now)

    def _forget(self, folder: bytes, names: Iterable[bytes]) -> None:
        for name in names:
            self.gate.forget(Place(folder, name))


def _chunks(listings: Iterator[FolderListing]) -> Iterator[list[FolderListing]]:
    chunk: list[FolderListing] = []
    entries = 0
    for listing in listings:
        chunk.append(listing)
        entries += len(listing.entries) + 1
        if entries >= _ENTRIES_AT_ONCE:
            yield chunk
            chunk, entries = [], 0
    if chunk:
        yield chunk
