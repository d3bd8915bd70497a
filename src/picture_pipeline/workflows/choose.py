"""Choose what may be let go of a source: a plan from what lies there and what is booked. Pure."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from picture_pipeline.model.candidate import Entry, EntryKind, FolderListing, Unlistable
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.release import (
    BookedFile,
    BookedFolder,
    Hollow,
    Left,
    Lot,
    Place,
    RefusedFile,
    ReleasePlan,
)

SMALLEST = 4096
"""Bytes; a file up to this size may lie in its inode, and is no placeholder by its looks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the policy asks for besides being archived."""

    seen_before: str | None = None
    """UTC; what was first seen later is too young. None: any age will do."""
    larger_than: int = -1
    """Bytes; smaller files are no bother where they are."""


@dataclass(slots=True)
class _Sorting:
    """What a walk found so far."""

    choice: Choice
    lots: defaultdict[Digest, list[BookedFile]] = field(default_factory=lambda: defaultdict(list))
    left: list[Left] = field(default_factory=list)
    held_back: dict[Digest, bytes] = field(default_factory=dict)
    """Assets of which a file may not go, with its name."""
    young: int = 0
    small: int = 0
    hollow: int = 0

    def add(self, place: Place, entry: Entry, booked: object) -> None:
        """Sort one entry of a folder in."""
        path = place.path
        match booked:
            case _ if entry.kind is not EntryKind.FILE:
                self.left.append(Left(path, "not_a_file", "it is a link, or no file: never let go"))
            case BookedFile(stamp=stamp) if stamp == entry.stamp:
                self.lots[booked.asset].append(booked)
            case BookedFile(asset=asset):
                self.held_back[asset] = place.name
                detail = "it changed since it was archived; import it again first"
                self.left.append(Left(path, "changed", detail))
            case Hollow(finished=True, stamp=stamp) if stamp == entry.stamp:
                self.hollow += 1
            case RefusedFile(reason=reason, detail=detail):
                self.left.append(Left(path, reason, detail))
            case _:
                detail = "it is not archived as it lies here"
                self.left.append(Left(path, "not_archived", detail))

    def plan(self) -> ReleasePlan:
        """Make the plan: whole lots, in the order of the first file of each."""
        lots = [lot for lot in map(self._lot, self.lots.values()) if lot is not None]
        return ReleasePlan(
            lots=tuple(sorted(lots, key=lambda lot: lot.files[0].place)),
            left=tuple(sorted(self.left, key=lambda left: left.path)),
            young=self.young,
            small=self.small,
            hollow=self.hollow,
        )

    def _lot(self, files: list[BookedFile]) -> Lot | None:
        if (name := self.held_back.get(files[0].asset)) is not None:
            detail = f"it belongs with {os.fsdecode(name)}, which stays"
            self.left += (Left(f.place.path, "companion_stays", detail) for f in files)
            return None
        before = self.choice.seen_before
        if before is not None and max(file.first_seen for file in files) > before:
            self.young += len(files)
            return None
        worth = [file for file in files if file.stamp.size > self.choice.larger_than]
        self.small += len(files) - len(worth)
        return Lot(tuple(sorted(worth, key=lambda file: file.place))) if worth else None


def choose(
    root: bytes,
    listings: Iterable[FolderListing | Unlistable],
    booked: Callable[[bytes], BookedFolder],
    choice: Choice,
    ignored: Callable[[bytes, Entry], tuple[str, str] | None],
) -> ReleasePlan:
    """Give the plan for one source.

    ``booked`` gives what the catalog has of a folder, ``ignored`` reason and
    detail of what no import would look at.
    """
    sorting = _Sorting(choice)
    for listing in listings:
        if isinstance(listing, Unlistable):
            place = Place(root, listing.folder, b"")
            detail = f"the folder could not be listed: {listing.detail}"
            sorting.left.append(Left(place.path.rstrip(b"/"), "unreadable", detail))
            continue
        known: Mapping[bytes, object] = booked(listing.folder)
        for entry in listing.entries:
            place = Place(root, listing.folder, entry.name)
            if (why := ignored(listing.folder, entry)) is not None:
                sorting.left.append(Left(place.path, *why))
            else:
                sorting.add(place, entry, known.get(entry.name))
    return sorting.plan()
