"""Survey a source: look at every file that is not known already. Archives nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    EntryKind,
    FolderListing,
    NotYet,
    Unlistable,
    Unopenable,
)
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Care, Failed, InspectJob, Known, Rejected
from picture_pipeline.model.looked import Looked, Seen, Surveyed
from picture_pipeline.ports import Progress, Source, Workers
from picture_pipeline.ports.looking import LookBooks
from picture_pipeline.workflows.conveyor import (
    Again,
    Conveyor,
    Settled,
    TryAgain,
    is_first_kill,
    why_unrenderable,
)
from picture_pipeline.workflows.look import LookResult

_ENTRIES_AT_ONCE = 2000
_BATCH = 64
_UNDER_WAY_PER_WORKER = 16
_SHRUNK = 0.8
"""A source with less than this share of its files of last time was not seen whole."""

_Place = tuple[bytes, bytes]


@dataclass(slots=True)
class Survey:
    """Looks at sources, one after the other; what it learns stays in the catalog."""

    books: LookBooks
    workers: Workers[InspectJob, LookResult]
    worker_count: int
    progress: Progress
    stopping: Callable[[], bool]
    now: Callable[[], str]
    _numbers: Iterator[int] = field(default_factory=count)
    _fresh: list[Seen] = field(default_factory=list)
    """Looked at, and not yet recorded."""

    def look_at(self, source: Source) -> Surveyed:
        """Look at a source; a look that is interrupted says so, and goes on where it stood.

        Raises UsageError when the source is not there, CatalogUnavailable.
        """
        self.books.add_source(source.spec)
        before = self.books.files_before(source.spec.name)
        seen: list[Seen] = []
        unlistable: list[bytes] = []
        entries = 0
        for listings in self._chunks(source, unlistable):
            entries += sum(len(listing.entries) for listing in listings)
            seen += self._look_at_some(source, listings)
            if self.stopping():
                break
        surveyed = Surveyed(
            source.spec,
            tuple(seen),
            tuple(unlistable),
            entries,
            before if source.shows_all else None,
            whole=not self.stopping(),
        )
        if source.shows_all and not_whole(surveyed) is None:
            self.books.forget_others(source.spec.name, surveyed.seen)
        return surveyed

    def _chunks(self, source: Source, unlistable: list[bytes]) -> Iterator[list[FolderListing]]:
        chunk: list[FolderListing] = []
        for listing in source.listings():
            if isinstance(listing, Unlistable):
                unlistable.append(listing.folder)
                continue
            chunk.append(listing)
            if sum(len(each.entries) for each in chunk) >= _ENTRIES_AT_ONCE:
                yield chunk
                chunk = []
        if chunk:
            yield chunk

    def _look_at_some(self, source: Source, listings: list[FolderListing]) -> list[Seen]:
        """Give what is known of all entries, after a look at those that are not known."""
        known = self.books.seen_before(source.spec.name, listings)
        seen: list[Seen] = []
        unknown: list[Candidate] = []
        for listing in listings:
            for entry in listing.entries:
                found = self._found(source, listing.folder, entry, known)
                if isinstance(found, Seen):
                    seen.append(found)
                else:
                    unknown.append(found)
        self.progress.advance(len(seen), 0)
        return [*seen, *self._look_anew(source, unknown)]

    def _found(
        self, source: Source, folder: bytes, entry: Entry, known: Mapping[_Place, Sequence[Seen]]
    ) -> Seen | Candidate:
        for before in known.get((folder, entry.name), ()):
            if is_unchanged(before, entry):
                is_link = entry.kind is EntryKind.LINK_TO_FILE
                return replace(before, is_link=True) if is_link else before
        found = source.classify(folder, entry)
        return found if isinstance(found, Candidate) else _not_looked_at(found)

    def _look_anew(self, source: Source, unknown: Sequence[Candidate]) -> Iterator[Seen]:
        sizes = self.books.digests_of_size({candidate.stamp.size for candidate in unknown})
        conveyor = Conveyor(self.workers, self.worker_count * _UNDER_WAY_PER_WORKER, _again)
        for candidate in unknown:
            if self.stopping():
                conveyor.call_off()
                break
            job = self._job(source, candidate, sizes.get(candidate.stamp.size, frozenset()))
            for done in conveyor.put(job):
                yield self._take(source, *done)
        for done in conveyor.drain():
            yield self._take(source, *done)
        self._record(source)

    def _job(self, source: Source, candidate: Candidate, known: frozenset[Digest]) -> InspectJob:
        spec = source.spec
        token = f"look-{next(self._numbers)}"
        return InspectJob(token, spec.name, spec.path, candidate, self.now(), known)

    def _take(self, source: Source, job: InspectJob, result: LookResult) -> Seen:
        seen = _seen(job.candidate, result)
        self._fresh.append(seen)
        if len(self._fresh) >= _BATCH:
            self._record(source)
        self.progress.advance(1, job.candidate.stamp.size)
        return seen

    def _record(self, source: Source) -> None:
        fresh, self._fresh = self._fresh, []
        # A file that could not be opened, or changed meanwhile, is looked at again next time.
        lasting = [seen for seen in fresh if seen.outcome != "failed" or seen.reason in _LASTING]
        if lasting:
            self.books.record(source.spec.name, lasting, self.now())


_LASTING = frozenset({"decoder_crashed", "decoder_timeout", "too_large"})


def not_whole(surveyed: Surveyed) -> str | None:
    """Say why a source was not seen whole, or may not have been all there."""
    reasons = (
        (bool(surveyed.absent), surveyed.absent),
        (not surveyed.whole, "the look was interrupted"),
        (bool(surveyed.unlistable), f"{len(surveyed.unlistable)} folder(s) could not be listed"),
        (not surveyed.entries, "the folder is empty"),
        (
            surveyed.entries < _SHRUNK * (surveyed.before or 0),
            f"{surveyed.entries:,} files where there were {surveyed.before or 0:,}",
        ),
    )
    return next((why for holds, why in reasons if holds), None)


def is_unchanged(seen: Seen, entry: Entry) -> bool:
    """Tell whether a file is the one that is known; a placeholder is known by size and time."""
    if seen.reclaimed:
        return seen.stamp[:2] == entry.stamp[:2]
    return seen.stamp == entry.stamp


def _not_looked_at(found: Unopenable | NotYet) -> Seen:
    if isinstance(found, NotYet):
        return Seen(found.folder, found.name, found.stamp, outcome="failed", reason="waiting")
    outcome = "failed" if found.reason == "unreadable" else "rejected"
    return Seen(found.folder, found.name, found.stamp, outcome=outcome, reason=found.reason)


def _seen(candidate: Candidate, result: LookResult) -> Seen:
    place = Seen(candidate.folder, candidate.name, candidate.stamp, is_link=candidate.is_link)
    match result:
        case Looked(likeness, stamp):
            return replace(place, stamp=stamp, digest=likeness.digest, likeness=likeness)
        case Known(digest=digest, stamp=stamp):
            return replace(place, stamp=stamp, digest=digest)
        case Rejected(reason, _, stamp):
            return replace(place, stamp=stamp, outcome="rejected", reason=reason)
        case Failed(reason=reason):
            return replace(place, outcome="failed", reason=reason)


def _again(job: InspectJob, attempt: int, error: Exception) -> Again[InspectJob, LookResult]:
    """After a worker died: once more as it was when it was killed, then with less native code."""
    if is_first_kill(error, attempt):
        return TryAgain(job)
    if job.care is Care.NO_NATIVE_CODE:
        told = why_unrenderable(error)
        return Settled(Failed(told.reason, told.detail))
    return TryAgain(replace(job, care=Care(job.care + 1)))
