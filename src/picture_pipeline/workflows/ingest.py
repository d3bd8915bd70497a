"""Ingest sources: list, skip what is known, inspect the rest, publish in batches."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count, islice

from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    FileStamp,
    FolderListing,
    NotYet,
    SourceName,
    SourceSpec,
    Unlistable,
    Unopenable,
    fingerprint,
)
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import (
    Failed,
    Inspected,
    InspectJob,
    Postponed,
)
from picture_pipeline.model.report import ImportReport, Problem
from picture_pipeline.model.run import RunId
from picture_pipeline.model.stems import take_apart
from picture_pipeline.ports import Catalog, Progress, Source, Workers
from picture_pipeline.workflows.conveyor import Again, Conveyor, try_again
from picture_pipeline.workflows.plan import Finished
from picture_pipeline.workflows.publishing import BatchPublisher
from picture_pipeline.workflows.scan_counts import ScanCounts
from picture_pipeline.workflows.tally import Tally
from picture_pipeline.workflows.unread import sized_sha1s, unread

_ENTRIES_AT_ONCE = 5000
"""How many entries are looked up in the catalog together."""
_BATCH = 64
_LARGEST_BATCH = 2 * _BATCH
_BATCH_SECONDS = 2.0
_UNDER_WAY_PER_WORKER = 16
_COMPARED = 500
"""When more originals than this have a file's very size (scans, screenshots as BMP), it is copied
and compared by the publisher: a job must stay small enough for its pipe."""
_LOOK_AT_ALL = 1 << 30
"""No recogniser is this new: every refusal is looked at again."""


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """What the person asked for."""

    command: str
    retry: bool = False
    """Look again at files that were rejected or failed."""
    whole: bool = True
    """Whether the sources list all they have, so that what they hold may be counted."""


@dataclass(slots=True)
class Ingest:
    """One run over some sources; make a new one for each run."""

    catalog: Catalog
    workers: Workers[InspectJob, Inspected]
    worker_count: int
    publisher: BatchPublisher
    progress: Progress
    seconds: Callable[[], float]
    """A monotonic clock."""
    stopping: Callable[[], bool]
    options: IngestOptions
    _fingerprints: defaultdict[SourceName, dict[bytes, bytes]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """Of every folder listed, by source and folder."""
    _unsettled: set[tuple[SourceName, bytes]] = field(default_factory=set)
    """Folders with a file that the next run has to look at."""
    _fresh: defaultdict[int, frozenset[Digest]] = field(
        default_factory=lambda: defaultdict(frozenset)
    )
    """Archived by size since the catalog was last asked for sizes."""
    _tally: Tally = field(default_factory=Tally)
    _scans: ScanCounts = field(default_factory=ScanCounts)
    _batch: list[Finished] = field(default_factory=list)
    _last_publish: float = 0.0
    _numbers: Iterator[int] = field(default_factory=count)

    def run(self, sources: Sequence[Source]) -> ImportReport:
        """Take in all sources and tell how it went.

        Raises ArchiveUnavailable, CatalogUnavailable and IntegrityError; the
        next run then goes on where this one stood.
        """
        began = self._last_publish = self.seconds()
        publisher = self.publisher
        run = self.catalog.start_run(
            self.options.command,
            publisher.writer,
            publisher.now(),
            [source.spec.name for source in sources],
        )
        status = "failed"
        try:
            self._ingest_all(run, sources)
            status = "interrupted" if self.stopping() else "finished"
        finally:
            self.catalog.finish_run(run, status, self._tally.counts(), publisher.now())
        return ImportReport(
            run=run,
            counts=self._tally.counts(),
            seconds=self.seconds() - began,
            problems=tuple(self._tally.problems),
            warnings=tuple(self._tally.warnings),
            interrupted=status == "interrupted",
        )

    def _ingest_all(self, run: RunId, sources: Sequence[Source]) -> None:
        limit = self.worker_count * _UNDER_WAY_PER_WORKER
        conveyor = Conveyor(self.workers, limit, self._again)
        for job in self._jobs(run, sources):
            for done in conveyor.put(job):
                self._take(run, Finished(*done))
        if self.stopping():
            conveyor.call_off()
        for done in conveyor.drain():
            self._take(run, Finished(*done))
        self._publish(run)
        if not self.stopping():
            self._note_unchanged()
            if self.options.whole:
                self._scans.note(self.catalog, self.publisher.now())

    def _again(
        self, job: InspectJob, attempt: int, error: Exception
    ) -> Again[InspectJob, Inspected]:
        # What the dead worker had staged is in the way of the next try.
        self.publisher.discard(job.token)
        return try_again(job, attempt, error)

    def _jobs(self, run: RunId, sources: Sequence[Source]) -> Iterator[InspectJob]:
        for source in sources:
            self.catalog.add_source(source.spec)
            for listings in self._chunks(source):
                yield from self._jobs_of_chunk(run, source, listings)
                if self.stopping():
                    return

    def _chunks(self, source: Source) -> Iterator[list[FolderListing]]:
        chunk: list[FolderListing] = []
        entries = 0
        for listing in source.listings():
            self._scans.count(source, listing)
            if isinstance(listing, Unlistable):
                self._refuse_folder(source.spec, listing)
                continue
            chunk.append(listing)
            entries += len(listing.entries)
            if entries >= _ENTRIES_AT_ONCE:
                yield chunk
                chunk, entries = [], 0
        if chunk:
            yield chunk

    def _jobs_of_chunk(
        self, run: RunId, source: Source, listings: list[FolderListing]
    ) -> Iterator[InspectJob]:
        recogniser = _LOOK_AT_ALL if self.options.retry else self.publisher.recogniser
        listings = self._changed_only(source, listings)
        known = self.catalog.known_stamps(source.spec.name, listings, recogniser)
        unknown = self._unknown(listings, known)
        while some := list(islice(unknown, _ENTRIES_AT_ONCE)):
            sizes = self.catalog.digests_of_size({entry.stamp.size for _, entry in some})
            self._fresh.clear()
            changed = [(f, e.name) for f, e in some if e.name in known.get(f, ())]
            earlier = self.catalog.originals_at(source.spec.name, changed) if changed else {}
            found_here = [source.classify(folder, entry) for folder, entry in some]
            archived = self.catalog.digests_of_sha1(sized_sha1s(found_here))
            for (folder, entry), found in zip(some, found_here, strict=True):
                size = entry.stamp.size
                same_size = sizes.get(size, frozenset()) | self._fresh.get(size, frozenset())
                job = self._job(source.spec, found, same_size)
                job = replace(job, earlier=earlier.get((folder, entry.name)))
                before = known.get(folder, {}).get(entry.name)
                settled = unread(found, before, job.earlier, archived)
                if settled is None:
                    yield job
                else:
                    self._take(run, Finished(job, settled))
                if self.stopping():
                    return
        if source.shows_all:
            self.catalog.note_scan(source.spec.name, listings, known, self.publisher.now())

    def _changed_only(self, source: Source, listings: list[FolderListing]) -> list[FolderListing]:
        """Pass over folders in which every entry is booked just as it is now."""
        if not source.shows_all:
            return listings
        name, version = source.spec.name, self.publisher.recogniser
        prints = {each.folder: fingerprint(each, version) for each in listings}
        self._fingerprints[name].update(prints)
        if self.options.retry:
            return listings
        unchanged = self.catalog.unchanged_folders(name, prints)
        skipped = sum(len(each.entries) for each in listings if each.folder in unchanged)
        self._tally.skip(skipped)
        self.progress.advance(skipped, 0)
        return [each for each in listings if each.folder not in unchanged]

    def _note_unchanged(self) -> None:
        """Remember the folders in which nothing is left to be done."""
        for source, prints in self._fingerprints.items():
            settled = {f: p for f, p in prints.items() if (source, f) not in self._unsettled}
            self.catalog.note_unchanged(source, settled, self.publisher.now())

    def _unknown(
        self, listings: list[FolderListing], known: Mapping[bytes, Mapping[bytes, FileStamp]]
    ) -> Iterator[tuple[bytes, Entry]]:
        for folder, entries in listings:
            stamps = known.get(folder)
            if not stamps:
                for entry in entries:
                    yield folder, entry
                continue
            skipped = 0
            for entry in entries:
                if stamps.get(entry.name) == entry.stamp:
                    skipped += 1
                else:
                    yield folder, entry
            self._tally.skip(skipped)
            self.progress.advance(skipped, 0)

    def _job(
        self, spec: SourceSpec, found: Candidate | Unopenable | NotYet, known: frozenset[Digest]
    ) -> InspectJob:
        candidate = (
            found
            if isinstance(found, Candidate)
            else Candidate(found.folder, found.name, found.stamp)
        )
        if len(known) > _COMPARED:
            known = frozenset()
        token = f"{self.publisher.staging}-{next(self._numbers)}"
        return InspectJob(token, spec.name, spec.path, candidate, self.publisher.now(), known)

    def _refuse_folder(self, spec: SourceSpec, listing: Unlistable) -> None:
        path = spec.path + b"/" + listing.folder if listing.folder else spec.path
        detail = f"the folder could not be listed: {listing.detail}"
        self._tally.refuse(Problem(path, "failed", "unreadable", detail))

    def _take(self, run: RunId, finished: Finished) -> None:
        overdue = self.seconds() - self._last_publish > _BATCH_SECONDS
        if (len(self._batch) >= _BATCH or overdue) and not self._is_of_last_shot(finished):
            self._publish(run)
        self._batch.append(finished)
        if len(self._batch) >= _LARGEST_BATCH:
            self._publish(run)

    def _is_of_last_shot(self, finished: Finished) -> bool:
        """Tell whether a file may be of one shot with the last: those are published together.

        Then the still's day decides the folder of all, whichever comes first.
        """
        return bool(self._batch) and _shot(self._batch[-1]) == _shot(finished)

    def _publish(self, run: RunId) -> None:
        self._last_publish = self.seconds()
        if not self._batch:
            return
        batch, self._batch = self._batch, []
        published = self.publisher.publish(run, batch)
        self._tally.published(published, batch)
        for publication in published.publications:
            self._fresh[publication.original.size] |= {publication.original.digest}
        self._unsettled.update(
            (one.job.source, one.job.candidate.folder)
            for one in batch
            if is_left_over(one.inspected)
        )
        self.progress.advance(len(batch), sum(p.original.size for p in published.publications))


def _shot(finished: Finished) -> tuple[SourceName, bytes, bytes]:
    candidate = finished.job.candidate
    stem = take_apart(candidate.name, candidate.stamp.size).stem
    return finished.job.source, candidate.folder, stem


def is_left_over(inspected: Inspected) -> bool:
    """Tell whether nothing is booked of a file, so that the next run looks at it again."""
    match inspected:
        case Postponed() | Failed(stamp=None):
            return True
        case _:
            return False
