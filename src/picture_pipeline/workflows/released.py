"""May this file of a source be let go? The one list of conditions that everybody goes through.

Rules are rows: each looks at one file and gives None, or why the file stays.
Cheap ones come first; the last read the bytes, the archive's from the disk
with the page cache dropped, then the source's own through the descriptor by
which the file is removed or replaced afterwards.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from picture_pipeline.durable.held import Folders, HeldFile
from picture_pipeline.model.release import BookedFile, Left, Lot
from picture_pipeline.ports.releasing import ArchiveCopies, CopyStatus

BROKEN = frozenset({"archive_missing", "archive_changed"})
"""Reasons that mean: the archive itself is damaged."""


@dataclass(frozen=True, slots=True)
class Why:
    """Why a file stays."""

    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Case:
    """One file that is held open, and the archive's copy of it."""

    booked: BookedFile
    held: HeldFile
    copies: ArchiveCopies
    copy: CopyStatus | None

    def stands(self) -> bool:
        """Tell whether all is still as it was when the rules were asked."""
        return self.held.lies_there() and self.copies.status(self.booked.path) == self.copy


Rule = Callable[[Case], Why | None]


def regular(case: Case) -> Why | None:
    """Ask: it is a file."""
    if case.held.is_regular:
        return None
    return Why("changed", "it is no regular file any more")


def unchanged(case: Case) -> Why | None:
    """Ask: size, times and inode are those of the file that was archived."""
    if case.held.stamp == case.booked.stamp and case.held.lies_there():
        return None
    return Why("changed", "it changed since it was archived; import it again first")


def of_its_own(case: Case) -> Why | None:
    """Ask: it is not the archive's own copy, reached by another path, or a link to it."""
    status = case.held.status
    if case.copy is not None and case.copy[:2] == (status.st_dev, status.st_ino):
        return Why("archive_itself", "it is the archive's own copy")
    if os.fsencode(case.booked.path.rpartition("/")[2]) == case.booked.place.name:
        return Why("archive_itself", "it has the name that the archive's own copy has")
    return None


def described(case: Case) -> Why | None:
    """Ask: the archive's copy has its sidecar."""
    if case.copy is None or case.copies.has_sidecar(case.booked.path):
        return None
    return Why("no_sidecar", f"{case.booked.path} has no sidecar in the archive")


def held_by_archive(case: Case) -> Why | None:
    """Ask: the archive's disk, read in this very run, gives the bytes of the digest."""
    fresh = case.copies.fresh_digest(case.booked.path)
    if fresh is None:
        return Why("archive_missing", f"{case.booked.path} is missing from the archive")
    if fresh != case.booked.digest:
        return Why("archive_changed", f"{case.booked.path} holds other bytes than its name says")
    return None


def same_bytes(case: Case) -> Why | None:
    """Ask: the source's own bytes are those of the digest."""
    if case.held.sha256() == case.booked.digest and case.held.lies_there():
        return None
    return Why("changed", "its bytes are not those that were archived; import it again first")


RULES: tuple[Rule, ...] = (
    regular,
    unchanged,
    of_its_own,
    described,
    held_by_archive,
    same_bytes,
)


@dataclass(frozen=True, slots=True)
class HeldLot:
    """A lot of which every file may go, held open."""

    lot: Lot
    cases: tuple[Case, ...]

    def close(self) -> None:
        """Let go of the descriptors."""
        for case in self.cases:
            case.held.close()


def examine(
    lot: Lot, folders: Folders, copies: ArchiveCopies, rules: Sequence[Rule]
) -> HeldLot | tuple[Left, ...]:
    """Ask the rules about every file of a lot; gives it held open, or why it stays.

    One that may not go keeps all of them. Raises ArchiveUnavailable.
    """
    cases: list[Case] = []
    for file in lot.files:
        why = _examine_one(file, folders, copies, rules, cases)
        if why is not None:
            for case in cases:
                case.held.close()
            return left_with(lot, file, why)
    return HeldLot(lot, tuple(cases))


def _examine_one(
    file: BookedFile,
    folders: Folders,
    copies: ArchiveCopies,
    rules: Sequence[Rule],
    cases: list[Case],
) -> Why | None:
    try:
        held = HeldFile.open(folders.at(file.place.folder), file.place.name)
        cases.append(Case(file, held, copies, copies.status(file.path)))
        return next((why for rule in rules if (why := rule(cases[-1])) is not None), None)
    except OSError as error:
        return failure(error)


def failure(error: OSError) -> Why:
    """Say what an error at a source's file means."""
    if isinstance(error, FileNotFoundError):
        return Why("vanished", "it is gone")
    return Why("unreadable", error.strerror or str(error))


def left_with(lot: Lot, cause: BookedFile, why: Why) -> tuple[Left, ...]:
    """Say why a lot stays: one file for a reason of its own, the others for its sake."""
    detail = f"it belongs with {os.fsdecode(cause.place.name)}, which stays"
    return tuple(
        Left(file.place.path, why.reason, why.detail)
        if file is cause
        else Left(file.place.path, "companion_stays", detail)
        for file in lot.files
    )
