"""A source whose candidates are told of by notes that lie among them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FolderListing,
    NotYet,
    SourceSpec,
    Unlistable,
    Unopenable,
)
from picture_pipeline.model.told import Told
from picture_pipeline.ports import Source

NOTES = (b".json", b".csv", b".html", b".txt")
"""Files that tell, and are told nothing of."""


class Tree(Protocol):
    """The notes' side of a source: names, and small files' bytes. Never raises."""

    def folders(self, folder: bytes) -> Sequence[bytes]:
        """Give the names of the folders in a folder, in order; none on trouble."""
        ...

    def names(self, folder: bytes) -> Sequence[bytes]:
        """Give the names of the files in a folder, in order; none on trouble."""
        ...

    def read(self, folder: bytes, name: bytes, most: int) -> bytes | None:
        """Give the bytes of a file of at most that many; None for any other."""
        ...


Tell = Callable[[bytes, bytes], Told]
"""Given folder and name of a candidate: what the notes tell. Never raises."""


@dataclass(slots=True)
class TellingSource:
    """Adds to candidates what notes tell of them; see ``ports.Source``.

    Notes are read when the first new candidate of their folder turns up, and
    read anew at each walk.
    """

    inner: Source
    tree: Tree
    notes: Callable[[Tree], Tell]
    _tell: Tell | None = None

    @property
    def spec(self) -> SourceSpec:
        """Who this source is."""
        return self.inner.spec

    @property
    def shows_all(self) -> bool:
        """Whether a name that the listings lack is gone."""
        return self.inner.shows_all

    def listings(self) -> Iterator[FolderListing | Unlistable]:
        """Walk as the inner source does."""
        self._tell = None
        yield from self.inner.listings()

    def classify(self, folder: bytes, entry: Entry) -> Candidate | Unopenable | NotYet:
        """Tell whether an entry may be opened, and what the notes tell of it."""
        found = self.inner.classify(folder, entry)
        if not isinstance(found, Candidate) or entry.name.lower().endswith(NOTES):
            return found
        if self._tell is None:
            self._tell = self.notes(self.tree)
        return replace(found, told=self._tell(folder, entry.name))
