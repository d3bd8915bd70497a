"""Take an import back into the trash, bring it back from there, empty the trash."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from picture_pipeline.errors import UsageError
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import Event, EventType
from picture_pipeline.model.run import Batch, Counts, RunId
from picture_pipeline.model.trashed import Trashed
from picture_pipeline.model.undoing import (
    Additions,
    Leave,
    TrashFolder,
    UndoPlan,
)
from picture_pipeline.ports import Books
from picture_pipeline.ports.undoing import RunBooks, TrashRoom
from picture_pipeline.workflows import redo
from picture_pipeline.workflows.publish import Publisher
from picture_pipeline.workflows.undo import concerns, plan_undo

_TRIES = 20
"""How often others may book something that concerns a plan while it is carried out."""
_EVENTS = 500
"""Told in one batch when the trash is emptied."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What taking a run back came to."""

    plan: UndoPlan
    """What stayed, and what went in the end."""
    trash: str | None
    """Folder relative to the archive's root; None: nothing went."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What bringing a run back came to."""

    originals: tuple[Leave, ...]
    there_again: tuple[Digest, ...]
    """Another run has archived them meanwhile; the trash keeps its copies."""
    damaged: tuple[Leave, ...]
    """The trash does not hold the bytes that the digest names."""


def look(
    runs: RunBooks, trash: TrashRoom, run: RunId, *, also_edited: bool
) -> tuple[Additions, UndoPlan]:
    """Say what taking a run back would do, and from what that follows; nothing is written.

    Reads every sidecar of the run. Raises UsageError for a run that is not known.
    """
    additions = runs.additions(run)
    on_disk = {added.digest: trash.state(added.path) for added in additions.originals}
    return additions, plan_undo(additions, on_disk, also_edited=also_edited)


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Plans by ``workflows.undo``, carries out through the one publisher."""

    publisher: Publisher
    trash: TrashRoom
    runs: RunBooks
    progress: Callable[[int], None]
    """Told the number of originals that were dealt with."""

    def undo(self, run: RunId, *, also_edited: bool = False) -> Undone:
        """Move what only this run added into the trash, whole assets at a time.

        What was begun is finished, by this run or by whoever publishes next.
        Raises UsageError, ArchiveUnavailable, CatalogUnavailable, IntegrityError.
        """
        with self._run("imports undo") as ours:
            folder: str | None = None
            gone: list[tuple[Leave, ...]] = []
            for _ in range(_TRIES):
                additions, plan = look(self.runs, self.trash, run, also_edited=also_edited)
                if plan.parts and folder is None:
                    folder = self.trash.begin(self.publisher.now()[:10], run)
                parting = _Parting(
                    self, ours, folder or "", additions, also_edited, additions.heads
                )
                went = list(parting.carry_out(plan.parts))
                gone += went
                if len(went) == len(plan.parts):
                    return self._settled(replace(plan, parts=tuple(gone)), folder)
            raise UsageError(
                f"run {run} was taken back in part only: other runs keep on changing what is left; "
                "run the command again when they have ended"
            )

    def _settled(self, plan: UndoPlan, folder: str | None) -> Undone:
        if plan.parts or not plan.stays:
            self.runs.note_undone(plan.run, self.publisher.now())
        if folder is not None:
            self.trash.tidy(folder)
        return Undone(plan, folder if plan.parts else None)

    def restore(self, run: RunId) -> Restored:
        """Bring back what was taken back of a run, after its bytes were hashed.

        Raises UsageError when the trash holds nothing of it, ArchiveUnavailable,
        CatalogUnavailable, IntegrityError.
        """
        records = list(self.trash.records(run))
        if not records:
            raise UsageError(f"the trash holds nothing of run {run}; nothing was done")
        done = Restored((), (), ())
        with self._run("imports restore") as ours:
            for folder, batch, data in records:
                one = self._bring_back(ours, folder, redo.decode(data).removed)
                if not one.there_again and not one.damaged:
                    self.trash.settle(folder, batch)
                done = Restored(
                    done.originals + one.originals,
                    done.there_again + one.there_again,
                    done.damaged + one.damaged,
                )
            if done.originals:
                self.runs.note_undone(run, None)
        return done

    def _bring_back(self, ours: RunId, folder: str, trashed: Sequence[Trashed]) -> Restored:
        held = {
            one.original.digest
            for one in trashed
            if self.trash.holds(folder, one.original.path, one.original.digest)
        }
        whole = [one for one in trashed if one.original.digest in held]
        known: set[Digest] = set()

        def decide(books: Books) -> Batch | None:
            known.update(books.paths_of([one.original.digest for one in trashed]))
            back = tuple(one for one in whole if one.original.digest not in known)
            batch = self.batch(ours)
            events = tuple(_restored(batch.time, one) for one in back)
            return replace(batch, restored=back, events=events) if back else None

        batch = self.publisher.carry_out(decide)
        self._regroup(ours, batch.restored if batch else ())
        self.progress(len(trashed))
        missing = [o for o in trashed if o.original.digest not in held | known]
        return Restored(
            tuple(_leave(one) for one in (batch.restored if batch else ())),
            tuple(one.original.digest for one in whole if one.original.digest in known),
            tuple(_leave(one) for one in missing),
        )

    def _regroup(self, ours: RunId, back: Sequence[Trashed]) -> None:
        """Let those that came back find the assets of what arrived meanwhile."""
        seen = tuple(at.sighting for one in back for at in one.seen if at.current)

        def decide(books: Books) -> Batch | None:
            known = books.paths_of({sighting.digest for sighting in seen})
            there = tuple(sighting for sighting in seen if sighting.digest in known)
            frame = replace(self.batch(ours), sightings=there)
            publisher = self.publisher
            planned = publisher.assigner.assign(books, frame, (), publisher.path_of).batch
            events = tuple(event for event in planned.events if event.outcome != "duplicate")
            return replace(planned, sightings=(), events=events) if events else None

        if seen:
            self.publisher.carry_out(decide)

    def empty(self, folders: Sequence[TrashFolder]) -> None:
        """Remove folders of the trash for good; the ledger tells first."""
        with self._run("imports empty-trash") as ours:
            for folder in folders:
                digests = list(self.trash.digests(folder.path))
                for first in range(0, len(digests), _EVENTS):
                    self._tell_emptied(ours, folder.path, digests[first : first + _EVENTS])
                self.trash.empty(folder.path)
                self.progress(folder.count)

    def _tell_emptied(self, ours: RunId, folder: str, digests: Sequence[Digest]) -> None:
        batch = self.batch(ours)
        events = tuple(
            Event(EventType.DELETION, batch.time, "emptied", digest, {"trash": folder})
            for digest in digests
        )
        self.publisher.carry_out(lambda _books: replace(batch, events=events))

    def batch(self, run: RunId) -> Batch:
        """Give an empty batch of a run of ours."""
        publisher = self.publisher
        return Batch(
            publisher.new_batch_id(), run, publisher.writer, publisher.staging, publisher.now()
        )

    @contextmanager
    def _run(self, command: str) -> Iterator[RunId]:
        run = self.runs.start_run(command, self.publisher.writer, self.publisher.now())
        status = "failed"
        try:
            yield run
            status = "finished"
        finally:
            self.runs.finish_run(run, status, Counts(), self.publisher.now())


@dataclass(slots=True)
class _Parting:
    """The parts of one plan on their way, as long as nobody changes what it rests on."""

    verb: TakeBack
    ours: RunId
    folder: str
    additions: Additions
    also_edited: bool
    heads: Mapping[str, int]

    def carry_out(self, parts: Sequence[tuple[Leave, ...]]) -> Iterator[tuple[Leave, ...]]:
        """Give the parts that went; ends early when a new plan is needed."""
        for part in parts:
            if self.verb.publisher.carry_out(self._decide(part)) is None:
                return
            self.verb.progress(len(part))
            yield part

    def _decide(self, part: Sequence[Leave]) -> Callable[[Books], Batch | None]:
        booked = {added.digest: added.sidecar_sha256 for added in self.additions.originals}

        def decide(books: Books) -> Batch | None:
            news = books.news(self.heads)
            rows = tuple(books.trashed([leave.digest for leave in part], self.folder))
            if concerns(news, self.additions) or len(rows) < len(part):
                return None
            if not all(self._stands(leave, booked[leave.digest]) for leave in part):
                return None
            batch = self.verb.batch(self.ours)
            events = tuple(self._trashed(batch.time, one) for one in rows)
            last = news.heads.get(batch.writer, 0)
            self.heads = {**news.heads, batch.writer: last + len(events)}
            return replace(batch, removed=rows, events=events)

        return decide

    def _stands(self, leave: Leave, booked: str) -> bool:
        """Tell whether an original lies there as it did when the plan was made."""
        there = self.verb.trash.state(leave.path)
        return there.present and (self.also_edited or there.sidecar_sha256 in (None, booked))

    def _trashed(self, time: str, one: Trashed) -> Event:
        detail = {
            "path": one.original.path,
            "size": one.original.size,
            "trash": self.folder,
            "undoes": self.additions.run,
        }
        return Event(EventType.DELETION, time, "trashed", one.original.digest, detail)


def _restored(time: str, one: Trashed) -> Event:
    detail = {
        "path": one.original.path,
        "size": one.original.size,
        "asset": one.original.asset,
        "role": one.original.role,
        "trash": one.folder,
    }
    return Event(EventType.INGESTION, time, "restored", one.original.digest, detail)


def _leave(one: Trashed) -> Leave:
    return Leave(one.original.digest, one.original.path, one.original.size)
