"""Foretell an import: the same batches, counted and forgotten."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Known, Staged
from picture_pipeline.model.query import Total
from picture_pipeline.model.run import Batch, RunId
from picture_pipeline.ports import OriginalPath
from picture_pipeline.workflows.plan import BatchFrame, Finished, plan_batch

OVERHEAD = 8192
"""Bytes that an original takes besides its own: its sidecar, and the last block of each."""


@dataclass(slots=True)
class Foreteller:
    """Says what a publisher would book, and writes nothing; see ``workflows.publishing``."""

    archived: Callable[[Iterable[Digest]], Iterable[Digest]]
    """Gives those of some digests that the catalog knows."""
    path_of: OriginalPath
    recogniser: int
    now: Callable[[], str]
    writer: str = "dry-run"
    staging: str = "dry-run"
    _new: set[bytes] = field(default_factory=set)
    """Digests that this run would have archived so far; bytes, because there may be a million."""
    _totals: dict[SourceName, Total] = field(default_factory=dict)

    def publish(self, run: RunId, finished: Sequence[Finished]) -> Batch:
        """Say what would be booked."""
        frame = BatchFrame("", run, self.writer, self.staging, self.now(), self.recogniser)
        batch = plan_batch(frame, finished, self._known(finished), self.path_of)
        for publication in batch.publications:
            self._new.add(bytes.fromhex(publication.original.digest))
            self._count(publication.sighting.source, publication.original.size)
        return batch

    def _known(self, finished: Sequence[Finished]) -> dict[Digest, str]:
        digests = [found for one in finished if (found := _digest_of(one)) is not None]
        known = {*self.archived(digests), *(d for d in digests if bytes.fromhex(d) in self._new)}
        return dict.fromkeys(known, "")

    def _count(self, source: SourceName, size: int) -> None:
        so_far = self._totals.get(source, Total(0, 0))
        self._totals[source] = Total(so_far.count + 1, so_far.size + size)

    def discard(self, token: str) -> None:
        """Nothing was staged."""

    @property
    def totals(self) -> Mapping[SourceName, Total]:
        """What each source would bring: originals, and their bytes."""
        return self._totals


def _digest_of(finished: Finished) -> Digest | None:
    match finished.inspected:
        case Staged(checksums=checksums):
            return checksums.sha256
        case Known(digest=digest):
            return digest
        case _:
            return None
