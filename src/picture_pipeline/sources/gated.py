"""A source of which only those files are offered that have stood still."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FileStamp,
    FolderListing,
    NotYet,
    SourceSpec,
    Unlistable,
    Unopenable,
    printable,
)
from picture_pipeline.model.watched import Place, Verdict
from picture_pipeline.ports import Source
from picture_pipeline.ports.watching import ListableSource

_WAITS = "it may still be growing; it is taken when it has stood still"


@dataclass(frozen=True, slots=True)
class GatedSource:
    """Another source behind a gate; see ``ports.Source``.

    ``folders``: only these are listed, each of them whole, so that a name which one of
    them lacks is gone. None: all. ``is_same`` tells whether the source's own folder is
    still the one that was looked at: else its names would seem to be gone.
    """

    inner: Source
    verdict: Callable[[Place, FileStamp], Verdict]
    is_same: Callable[[], bool]
    folders: Sequence[bytes] | None = None

    @property
    def spec(self) -> SourceSpec:
        """Who this source is."""
        return self.inner.spec

    @property
    def shows_all(self) -> bool:
        """Whether a name that a listing lacks is gone."""
        return self.inner.shows_all

    def listings(self) -> Iterator[FolderListing | Unlistable]:
        """List the folders; ends with UsageError when the volume dropped out."""
        for listing in self._listings():
            if not self.is_same():
                raise UsageError(
                    f"{printable(self.spec.path)}: the folder is no longer there, or another "
                    "volume lies in its place; mount it again"
                )
            yield listing

    def _listings(self) -> Iterator[FolderListing | Unlistable]:
        if self.folders is None or not isinstance(self.inner, ListableSource):
            yield from self.inner.listings()
            return
        for folder in self.folders:
            yield self.inner.list_one(folder)[0]

    def classify(self, folder: bytes, entry: Entry) -> Candidate | Unopenable | NotYet:
        """Hold back what may still be growing."""
        found = self.inner.classify(folder, entry)
        if not isinstance(found, Candidate):
            return found
        match self.verdict(Place(folder, entry.name), entry.stamp):
            case Verdict.WAIT:
                return NotYet(folder, entry.name, entry.stamp, _WAITS)
            case Verdict.IF_WHOLE:
                return replace(found, whole_only=True)
            case Verdict.AS_IT_IS:
                return found
