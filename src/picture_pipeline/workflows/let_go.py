"""Let go of a source's files: examine lot after lot, then act on those that stand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from picture_pipeline.durable.held import folders_of
from picture_pipeline.durable.open_files import open_elsewhere
from picture_pipeline.durable.placeholder import NoHolesError, make_placeholder
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.event import Event, EventType
from picture_pipeline.model.release import BookedFile, Left, Lot, Released
from picture_pipeline.model.run import RunId
from picture_pipeline.ports import Progress
from picture_pipeline.ports.releasing import ArchiveCopies, ReleaseCatalog
from picture_pipeline.workflows.announce import Chronicle, Page, event_at
from picture_pipeline.workflows.released import (
    BROKEN,
    RULES,
    Case,
    HeldLot,
    Rule,
    Why,
    examine,
    left_with,
)

_FILES = 64
"""So many are let go together; all of them are open until then."""
_SECONDS = 2.0


class Deed(Protocol):
    """What letting go means for a policy."""

    @property
    def outcome(self) -> str:
        """How the ledger calls it."""
        ...

    @property
    def rules(self) -> Sequence[Rule]:
        """All conditions."""
        ...

    def prepare(self, lots: Sequence[HeldLot]) -> None:
        """Book, durable when this returns, what the next run must know after a crash."""
        ...

    def do(self, page: Page, case: Case) -> None:
        """Let go of one file, and book it; raises OSError when it cannot be done."""
        ...

    def undo(self, page: Page, file: BookedFile) -> None:
        """Take back what ``prepare`` booked: this file stays."""
        ...


@dataclass(frozen=True, slots=True)
class Remove:
    """Take files away from a card, or from a folder that no program looks after."""

    outcome: str
    """``freed`` or ``moved``."""
    rules: Sequence[Rule] = RULES

    def prepare(self, lots: Sequence[HeldLot]) -> None:
        """Do nothing: a file that is gone tells so itself."""

    def do(self, page: Page, case: Case) -> None:
        """Remove one file; its folder stays (cameras want theirs)."""
        if not case.held.lies_there():
            raise FileNotFoundError
        case.held.remove()
        page.books.note_removed([case.booked], page.time)

    def undo(self, page: Page, file: BookedFile) -> None:
        """Do nothing: nothing was booked."""


def single(case: Case) -> Why | None:
    """Ask: no other name leads to the same bytes; replacing one would give nothing back."""
    if case.held.status.st_nlink == 1:
        return None
    links = case.held.status.st_nlink
    return Why("hard_linked", f"it has {links} names (hard links); no space would come back")


@dataclass(frozen=True, slots=True)
class Hollowing:
    """Replace downloads by files of the same size and time that take no space."""

    catalog: ReleaseCatalog
    outcome: str = "reclaimed"
    rules: Sequence[Rule] = (single, *RULES)

    def prepare(self, lots: Sequence[HeldLot]) -> None:
        """Announce: what a crash leaves here is a placeholder of ours."""
        cases = [case for lot in lots for case in lot.cases]
        with self.catalog.releasing() as books:
            books.announce_hollow([(c.booked, c.held.status.st_mode & 0o7777) for c in cases])

    def do(self, page: Page, case: Case) -> None:
        """Put the placeholder in one file's place, and book its stamp."""
        held = case.held
        temp = make_placeholder(held.folder, held.status, case.booked.digest)
        if not held.lies_there():
            temp.drop()
            raise FileNotFoundError
        stamp = FileStamp.of(temp.put_over(held.name))
        page.books.note_hollow(case.booked, case.booked.digest, stamp, page.time)

    def undo(self, page: Page, file: BookedFile) -> None:
        """Strike out what was announced."""
        page.books.forget_hollow(file, None)


@dataclass(slots=True)
class LettingGo:
    """One run over the lots of a plan; make a new one for each run."""

    run: RunId
    chronicle: Chronicle
    copies: ArchiveCopies
    deed: Deed
    progress: Progress
    stopping: Callable[[], bool]
    seconds: Callable[[], float]
    done: list[Released] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    _held: list[HeldLot] = field(default_factory=list)

    def let_go(self, root: bytes, lots: Sequence[Lot]) -> None:
        """Let go of what may go; ``done`` and ``left`` tell of every file that was come to.

        A damaged archive ends it: nothing more goes then. Raises
        ArchiveUnavailable, CatalogUnavailable and IntegrityError; what is not
        told as done then still lies there, or the next run books it.
        """
        with folders_of(root) as folders:
            try:
                began = self.seconds()
                for number, lot in enumerate(lots):
                    if self.stopping():
                        break
                    self._keep(examine(lot, folders, self.copies, self.deed.rules), lot)
                    if self.archive_is_damaged():
                        self._give_up(lots[number + 1 :])
                        return
                    if self._is_enough() or self.seconds() - began > _SECONDS:
                        self._act()
                        began = self.seconds()
                self._act()
            finally:
                self._close()

    def archive_is_damaged(self) -> bool:
        """Tell whether a copy in the archive was not what it must be."""
        return any(left.reason in BROKEN for left in self.left)

    def _give_up(self, rest: Sequence[Lot]) -> None:
        detail = "the archive is damaged, see the files before; nothing more was let go"
        for lot in (*(held.lot for held in self._held), *rest):
            self._leave(Left(file.place.path, "not_tried", detail) for file in lot.files)

    def _keep(self, examined: HeldLot | tuple[Left, ...], lot: Lot) -> None:
        if isinstance(examined, HeldLot):
            self._held.append(examined)
        else:
            self._leave(examined)
            self.progress.advance(len(lot.files), 0)

    def _is_enough(self) -> bool:
        return sum(len(held.cases) for held in self._held) >= _FILES

    def _act(self) -> None:
        if not self._held:
            return
        self.deed.prepare(self._held)
        with self.chronicle.page(self.run) as page:
            standing = self._standing(page)
            page.announce([self._event(page, c) for held in standing for c in held.cases])
            for held in standing:
                self._act_on(page, held)
        self.progress.advance(
            sum(len(held.cases) for held in self._held), sum(held.lot.size for held in standing)
        )
        self._close()

    def _standing(self, page: Page) -> list[HeldLot]:
        """Give those lots for which all is still as it was, now that nobody else publishes."""
        cases = [case for held in self._held for case in held.cases]
        known = page.books.paths_of([case.booked.digest for case in cases])
        open_now = open_elsewhere([(c.held.name, _identity(c)) for c in cases])
        standing: list[HeldLot] = []
        for held in self._held:
            found = ((c, _why_not(c, known.get(c.booked.digest), open_now)) for c in held.cases)
            against = next(((case, why) for case, why in found if why is not None), None)
            if against is None:
                standing.append(held)
                continue
            self._leave(left_with(held.lot, against[0].booked, against[1]))
            for case in held.cases:
                self.deed.undo(page, case.booked)
        return standing

    def _act_on(self, page: Page, held: HeldLot) -> None:
        for number, case in enumerate(held.cases):
            try:
                self.deed.do(page, case)
            except OSError as error:
                rest = Lot(held.lot.files[number:])
                self._leave(left_with(rest, case.booked, _not_done(error)))
                for file in rest.files:
                    self.deed.undo(page, file)
                return
            page.happened(self._event(page, case))
            booked = case.booked
            self.done.append(Released(booked.place.path, booked.digest, booked.stamp.size))

    def _event(self, page: Page, case: Case) -> Event:
        file = case.booked
        where = (file.source, file.place, file.stamp)
        return event_at(EventType.DELETION, self.deed.outcome, page.time, file.digest, where)

    def _leave(self, left: Iterable[Left]) -> None:
        self.left.extend(left)

    def _close(self) -> None:
        for held in self._held:
            held.close()
        self._held.clear()


def _identity(case: Case) -> tuple[int, int]:
    return case.held.status.st_dev, case.held.status.st_ino


def _why_not(case: Case, known: str | None, open_now: frozenset[tuple[int, int]]) -> Why | None:
    if known != case.booked.path:
        return Why("not_archived", "the archive gave its original up meanwhile")
    if _identity(case) in open_now:
        return Why("in_use", "another program has it open")
    if not case.stands():
        return Why("changed", "it, or the archive's copy, changed meanwhile")
    return None


def _not_done(error: OSError) -> Why:
    match error:
        case NoHolesError():
            return Why("no_holes", "the file system there has no sparse files")
        case FileNotFoundError():
            return Why("changed", "it changed meanwhile")
        case _:
            why = error.strerror or str(error)
            return Why("refused", f"the source lets nobody change it ({why})")
