"""Counts what whole looks at sources show, so that the next one can tell whether they shrank."""

from dataclasses import dataclass, field

from picture_pipeline.model.candidate import FolderListing, SourceName, Unlistable
from picture_pipeline.ports import Catalog, Source


@dataclass(slots=True)
class ScanCounts:
    """The counts of one run, by source."""

    _counts: dict[SourceName, tuple[int, int]] = field(default_factory=dict)
    _cut: set[SourceName] = field(default_factory=set)
    """Sources with a folder that could not be listed: what lies there is not counted."""

    def count(self, source: Source, listing: FolderListing | Unlistable) -> None:
        """Count one listing of a source."""
        name = source.spec.name
        if isinstance(listing, Unlistable) or not source.shows_all:
            self._cut.add(name)
            return
        files, size = self._counts.get(name, (0, 0))
        more = sum(entry.stamp.size for entry in listing.entries)
        self._counts[name] = (files + len(listing.entries), size + more)

    def note(self, catalog: Catalog, time: str) -> None:
        """Book the counts of the sources that were seen whole."""
        for name, (files, size) in self._counts.items():
            if name not in self._cut:
                catalog.note_source_scan(name, files, size, time)
