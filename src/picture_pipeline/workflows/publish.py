"""Publish a batch: the one order of writing, and how it is finished after a crash.

Redo record; sidecar, original; folders; renditions; ledger; catalog; local
books; away with the redo record. Once the redo record is durable the batch
will be finished, by this run or by whoever publishes next; before it, nothing
is visible. Every step may be repeated.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from picture_pipeline.model.asset import Role
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import EventType
from picture_pipeline.model.inspected import Known, Staged
from picture_pipeline.model.run import Batch, Change, Publication, RunId
from picture_pipeline.ports import (
    Books,
    Catalog,
    IncomingFolders,
    Ledger,
    LocalRenditionBooks,
    OriginalPath,
    OriginalPublisher,
    RenditionPublisher,
)
from picture_pipeline.workflows import redo
from picture_pipeline.workflows.assign import Assigned, Assigner
from picture_pipeline.workflows.describe import without_companions
from picture_pipeline.workflows.plan import BatchFrame, Finished, found_first, plan_batch


@dataclass(frozen=True, slots=True)
class Publisher:
    """Everything a batch passes through on its way into the archive."""

    catalog: Catalog
    store: OriginalPublisher
    incoming: IncomingFolders
    renditions: RenditionPublisher
    ledger: Ledger
    local: LocalRenditionBooks
    path_of: OriginalPath
    assigner: Assigner
    writer: str
    staging: str
    recogniser: int
    renderer: int
    now: Callable[[], str]
    new_batch_id: Callable[[], str]
    forget: Callable[[Sequence[Digest]], None] = lambda _gone: None
    """Drops what this computer keeps of originals that went into the trash."""

    def publish(self, run: RunId, finished: Sequence[Finished]) -> Batch:
        """Publish what came out of the workers; all or nothing.

        Raises ArchiveUnavailable, CatalogUnavailable or IntegrityError; then
        nothing of the batch is booked, and it is finished or redone later.
        """
        self.store.check()
        with self.catalog.publishing() as books:
            redone = self._finish_all(books)
            assigned = self._plan(books, run, finished)
            batch = assigned.batch
            for token, sidecar in assigned.amended.items():
                self.store.amend(self.staging, token, sidecar)
            if batch.events:
                self.incoming.write_redo(self.staging, batch.id, redo.encode(batch))
            batch = self._apply(books, batch)
        self._settle(*redone, batch)
        self._discard_all_but(batch, finished)
        return batch

    def carry_out(self, plan: Callable[[Books], Batch | None]) -> Batch | None:
        """Publish a batch that is decided under the lock; None when there is nothing to do.

        Raises as ``publish`` does.
        """
        self.store.check()
        with self.catalog.publishing() as books:
            redone = self._finish_all(books)
            batch = plan(books)
            if batch is not None:
                self.incoming.write_redo(self.staging, batch.id, redo.encode(batch))
                batch = self._apply(books, batch)
        self._settle(*redone, *((batch,) if batch else ()))
        return batch

    def finish_interrupted(self) -> int:
        """Finish every batch that a crash cut short; give their number."""
        self.store.check()
        with self.catalog.publishing() as books:
            redone = self._finish_all(books)
        self._settle(*redone)
        return len(redone)

    def _finish_all(self, books: Books) -> list[Batch]:
        """Finish others' batches first: no digest may get a second path."""
        redone: list[Batch] = []
        for staging, batch_id, data in self.incoming.redos():
            batch = replace(redo.decode(data), staging=staging)
            if not books.has_batch(batch_id):
                batch = self._apply(books, self._finishable(books, batch))
            redone.append(batch)
        return redone

    def _plan(self, books: Books, run: RunId, finished: Sequence[Finished]) -> Assigned:
        frame = BatchFrame(
            self.new_batch_id(), run, self.writer, self.staging, self.now(), self.recogniser
        )
        digests = _digests(finished)
        known = books.paths_of(digests)
        path_of = found_first(books.found_paths(digests), self.path_of)
        batch = plan_batch(frame, finished, known, path_of)
        return self.assigner.assign(books, batch, finished, path_of)

    def _apply(self, books: Books, batch: Batch) -> Batch:
        batch = replace(
            batch,
            publications=tuple(self._place(batch.staging, p) for p in batch.publications),
            changes=tuple(self._rewrite(batch.staging, change) for change in batch.changes),
        )
        if batch.restored:
            self.store.bring_back(batch.restored)
        if batch.removed:
            self.store.put_away(batch.id, redo.encode(batch), batch.removed)
        self.store.sync()
        self.renditions.publish_all(
            [(p.token, p.original.digest, _names(p)) for p in batch.publications]
        )
        # Whoever lost the lock while files were written must not touch the chain any more.
        books.check()
        lines = self.ledger.append(batch.writer, batch.id, batch.run, batch.events)
        books.record(batch, lines)
        return batch

    def _place(self, staging: str, publication: Publication) -> Publication:
        original = publication.original
        sidecar = self.store.publish(staging, publication.token, original.digest, original.path)
        return replace(publication, original=replace(original, sidecar_sha256=sidecar))

    def _rewrite(self, staging: str, change: Change) -> Change:
        """Replace a sidecar of ours; one that another program changed meanwhile is left alone."""
        original = change.original
        if change.sidecar is None or self.store.replace_sidecar(
            staging, original.path, change.sidecar_before, change.sidecar
        ):
            return change
        return replace(change, original=replace(original, sidecar_sha256=change.sidecar_before))

    def _settle(self, *batches: Batch) -> None:
        for batch in batches:
            if batch.writer == self.writer:  # another computer's renditions lie on its own disk
                self.local.record(
                    {p.original.digest: p.renditions for p in batch.publications if p.renditions},
                    {
                        p.original.digest: p.unrenderable
                        for p in batch.publications
                        if p.unrenderable
                    },
                    self.renderer,
                )
            self.forget([each.original.digest for each in batch.removed])
            self.incoming.remove_redo(batch.staging, batch.id)

    def _discard_all_but(self, batch: Batch, finished: Sequence[Finished]) -> None:
        published = {publication.token for publication in batch.publications}
        for one in finished:
            if isinstance(one.inspected, Staged) and one.job.token not in published:
                self.discard(one.job.token)

    def discard(self, token: str) -> None:
        """Forget what was staged for a candidate."""
        self.store.discard(self.staging, token)
        self.renditions.discard(token)

    def _finishable(self, books: Books, batch: Batch) -> Batch:
        """Give what of a batch can still be done: its temp files may be lost."""
        known = books.paths_of([p.original.digest for p in batch.publications])
        left = tuple(p for p in batch.publications if self._can_finish(batch, p, known))
        kept = known.keys() | {p.original.digest for p in left}
        kept |= {each.original.digest for each in batch.restored}
        if len(left) < len(batch.publications):
            batch = self._regrouped(books, replace(batch, publications=left))
        return replace(
            batch,
            sightings=tuple(s for s in batch.sightings if self._stands(s.digest, kept, books)),
            events=tuple(
                e
                for e in batch.events
                if e.digest is None
                or e.type is EventType.DELETION  # told also when the catalog knows it no more
                or self._stands(Digest(e.digest), kept, books)
            ),
        )

    def _regrouped(self, books: Books, batch: Batch) -> Batch:
        """Find the assets anew of a batch of which a member is lost."""
        paths = {p.original.digest: p.original.path for p in batch.publications}
        alone = tuple(_alone(publication) for publication in batch.publications)
        bare = replace(batch, publications=alone, groups=(), changes=())
        assigned = self.assigner.assign(
            books, bare, (), lambda digest, _, __: paths[digest], anew=True
        )
        for token, sidecar in assigned.amended.items():
            self.store.amend(batch.staging, token, sidecar)
        return assigned.batch

    def _can_finish(self, batch: Batch, p: Publication, known: Mapping[Digest, str]) -> bool:
        return p.original.digest not in known and self.store.can_finish(
            batch.staging, p.token, p.original.path
        )

    @staticmethod
    def _stands(digest: Digest, kept: AbstractSet[Digest], books: Books) -> bool:
        return digest in kept or bool(books.paths_of([digest]))


def _digests(finished: Sequence[Finished]) -> list[Digest]:
    found: list[Digest] = []
    for one in finished:
        match one.inspected:
            case Staged(checksums=checksums):
                found.append(checksums.sha256)
            case Known(digest=digest):
                found.append(digest)
            case _:
                pass
    return found


def _alone(publication: Publication) -> Publication:
    original = without_companions(publication.original)
    alone = replace(original, asset=original.digest, role=Role.PRIMARY.value)
    return replace(publication, original=alone)


def _names(publication: Publication) -> list[str]:
    return ["metadata", *(rendition.name for rendition in publication.renditions)]
