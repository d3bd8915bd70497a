"""Choose what may be let go of a source: a plan from what lies there and what is booked. Pure."""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from picture_pipeline.model.stems import NameParts, take_apart

SMALLEST = 4096
"""Bytes; a file up to this size may lie in its inode, and is no placeholder by its looks."""
_HOLD_NOBODY = frozenset(
    {
        *("not_a_picture", "unsupported_format", "empty"),
        *("closed_archive", "encrypted", "unsupported_compression", "zip_bomb", "link_in_archive"),
        *("ignored", "special_file", "link_to_folder", "dangling_link", "not_a_file"),
    }
)
"""Reasons of what an import looked at and rejected, or never opens: a person's own notes, litter.
Behind any other reason may be a picture or a film that the archive has not got."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the policy asks for besides being archived."""

    seen_before: str | None = None
    """UTC; what was first seen later is too young. None: any age will do."""
    larger_than: int = -1
    """Bytes; smaller files are no bother where they are."""


@dataclass(slots=True)
class _Neighbours:
    """What was found in one folder: the archive may lack the one, and has the other."""

    lacking: list[Entry] = field(default_factory=list)
    archived: list[BookedFile] = field(default_factory=list)

    def held_back(self) -> Iterator[tuple[Digest, bytes]]:
        """Give assets with the name of a file that stays and may be of the same shot.

        It may be when the stem of one is a stem, sure or not, of the other.
        """
        if not self.lacking:
            return
        sure: dict[bytes, bytes] = {}
        unsure: dict[bytes, bytes] = {}
        for entry in self.lacking:
            parts = take_apart(entry.name, entry.stamp.size)
            sure.setdefault(parts.stem, entry.name)
            if parts.also is not None:
                unsure.setdefault(parts.also, entry.name)
        for file in self.archived:
            found = _of_one_shot(take_apart(file.place.name, file.stamp.size), sure, unsure)
            if found is not None:
                yield file.asset, found


def _of_one_shot(
    parts: NameParts, sure: Mapping[bytes, bytes], unsure: Mapping[bytes, bytes]
) -> bytes | None:
    """Find by sure and unsure stems; two unsure ones prove nothing (``20240309-1200.jpg.xmp``)."""
    found = sure.get(parts.stem) or unsure.get(parts.stem)
    return found or (sure.get(parts.also) if parts.also else None)


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

    def add_folder(
        self,
        entries: Iterable[tuple[Place, Entry, tuple[str, str] | None]],
        known: Mapping[bytes, object],
    ) -> None:
        """Sort one folder in: its entries, with reason and detail of what is not looked at."""
        near = _Neighbours()
        for place, entry, why in entries:
            booked = known.get(entry.name)
            left = Left(place.path, *why) if why else self._add(place, entry, booked, near)
            if left is None:
                continue
            self.left.append(left)
            if left.reason not in _HOLD_NOBODY:
                near.lacking.append(entry)
        for asset, name in near.held_back():
            self.held_back.setdefault(asset, name)

    def _add(self, place: Place, entry: Entry, booked: object, near: _Neighbours) -> Left | None:
        """Sort one entry in; says why when it stays."""
        path = place.path
        match booked:
            case _ if entry.kind is not EntryKind.FILE:
                return Left(path, "not_a_file", "it is a link, or no file: never let go")
            case BookedFile(stamp=stamp) if stamp == entry.stamp:
                self.lots[booked.asset].append(booked)
                near.archived.append(booked)
            case BookedFile(asset=asset):
                self.held_back[asset] = place.name
                detail = "it changed since it was archived; import it again first"
                return Left(path, "changed", detail)
            case Hollow(finished=True, stamp=stamp) if stamp == entry.stamp:
                self.hollow += 1
            case Hollow(finished=True):
                detail = "a placeholder that was touched or written into"
                return Left(path, "not_a_placeholder", detail)
            case RefusedFile(stamp=stamp) if stamp == entry.stamp:
                return Left(path, booked.reason, booked.detail)
            case _:
                return Left(path, "not_archived", "it is not archived as it lies here")
        return None

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
        folder = listing.folder
        entries = ((Place(root, folder, e.name), e, ignored(folder, e)) for e in listing.entries)
        sorting.add_folder(entries, booked(folder))
    return sorting.plan()
