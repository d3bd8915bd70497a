"""Brings books and folder together again: after the books were lost, or when asked.

The only part that walks the folder. First everything that lies there is
booked, unchecked, so that the limit counts it; then it is hashed, and what is
not what its name says is removed.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from picture_pipeline.cache.full import OriginalCache
from picture_pipeline.cache.place import CachePlace, named
from picture_pipeline.cache.room import Room, make_room
from picture_pipeline.cache.verifying import digest_of
from picture_pipeline.durable import claims
from picture_pipeline.model.cached import CachedFile
from picture_pipeline.model.digest import Digest
from picture_pipeline.ports.caching import CacheBooks


@dataclass(slots=True)
class Differences:
    """Where books and folder disagree."""

    unknown: list[CachedFile] = field(default_factory=list)
    """Files that the books do not know, as they would be booked."""
    missing: list[CachedFile] = field(default_factory=list)
    """Booked, and not there (any more)."""
    strange: list[Path] = field(default_factory=list)
    """Files that are nothing of ours, by their names."""


def compare(place: CachePlace, books: CacheBooks) -> Iterator[Differences]:
    """Compare folder by folder of the 256; reads names and sizes only."""
    booked = books.all()
    row = next(booked, None)
    for folder in place.folders() if place.full.is_dir() else []:
        found = Differences()
        there = _files_in(folder, place, found.strange)
        while row is not None and row.digest[:2] <= folder.name:
            lying = _chosen(there.pop(row.digest, []), row, place, found.strange)
            if lying is None or (lying.extension, lying.size) != (row.extension, row.size):
                (found.missing if lying is None else found.unknown).append(lying or row)
            row = next(booked, None)
        chosen = (_chosen(files, None, place, found.strange) for files in there.values())
        found.unknown += [each for each in chosen if each is not None]
        yield found
    yield Differences(missing=([row] if row else []) + list(booked))


def _chosen(
    files: Sequence[CachedFile], booked: CachedFile | None, place: CachePlace, strange: list[Path]
) -> CachedFile | None:
    """Of several files of one digest choose the one that is booked, else one whose bytes fit."""
    if len(files) <= 1:
        return files[0] if files else None
    known = [
        f for f in files if booked and (f.extension, f.size) == (booked.extension, booked.size)
    ]
    best = next((f for f in known or files if _is_sound(place, f)), files[0])
    strange.extend(place.file(f.digest, f.extension) for f in files if f is not best)
    return best


def _is_sound(place: CachePlace, entry: CachedFile) -> bool:
    with suppress(OSError), place.file(entry.digest, entry.extension).open("rb", 0) as file:
        return digest_of(file) == entry.digest
    return False


def _files_in(
    folder: Path, place: CachePlace, strange: list[Path]
) -> dict[Digest, list[CachedFile]]:
    found: dict[Digest, list[CachedFile]] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            path = folder / entry.name
            name = named(path)
            if name is None or not entry.is_file(follow_symlinks=False):
                strange.append(path)
                continue
            digest, extension = name
            status = entry.stat(follow_symlinks=False)
            used_at = max(status.st_atime_ns, status.st_mtime_ns)
            found.setdefault(digest, []).append(
                CachedFile(digest, extension, status.st_size, used_at, place.is_pinned(digest))
            )
    return found


@dataclass(frozen=True, slots=True)
class Pruning:
    """What pruning does, or would do."""

    leave: tuple[CachedFile, ...]
    """Too old, or too much."""
    adopt: tuple[CachedFile, ...]
    """Unknown to the books: kept when their bytes are what their names say, else removed."""
    forget: tuple[CachedFile, ...]
    """Booked, and not there."""
    remove: tuple[Path, ...]
    """Nothing of ours."""


def plan(cache: OriginalCache, books: CacheBooks, room: Room) -> Pruning:
    """Tell what would be done; changes nothing."""
    found = Differences()
    for each in compare(cache.place, books):
        found.unknown += each.unknown
        found.missing += each.missing
        found.strange += each.strange
    gone = {entry.digest for entry in found.missing}
    kept = [entry for entry in books.all() if entry.digest not in gone] + found.unknown
    kept.sort(key=lambda entry: entry.used_at)
    size = sum(entry.size for entry in kept)
    leave = []
    for entry in kept:
        is_old = room.now - entry.used_at > cache.limits.age_ns
        if not entry.pinned and (is_old or room.is_short(size, cache.limits)):
            leave.append(entry)
            size -= entry.size
            room.free += entry.size
    leaving = {entry.digest for entry in leave}
    adopt = tuple(entry for entry in found.unknown if entry.digest not in leaving)
    return Pruning(tuple(leave), adopt, tuple(found.missing), tuple(found.strange))


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What bringing books and folder together found."""

    adopted: int
    """Files whose bytes were checked, and are kept."""
    damaged: frozenset[Path]
    """Files that were removed, because they were not what their names say."""


def reconcile(cache: OriginalCache, books: CacheBooks, room: Room) -> Reconciled:
    """Book what lies there, keep to the limits, then check what was never checked.

    May be called at any time, also while other processes use the cache.
    """
    cache.place.make()
    claims.clear_leftovers(cache.place.incoming)
    strange: set[Path] = set()
    for found in compare(cache.place, books):
        strange.update(filter(_removed, found.strange))
        _book(found, cache, books, room)
    adopted, damaged = _check(cache, books)
    return Reconciled(adopted, frozenset(strange | damaged))


def _book(found: Differences, cache: OriginalCache, books: CacheBooks, room: Room) -> None:
    with books.changing() as change:
        for entry in found.missing:
            if change.find(entry.digest) == entry and not _is_coming(cache.place, entry):
                change.drop(entry.digest)
        for entry in found.unknown:
            if cache.place.file(entry.digest, entry.extension).exists():
                change.put(entry)
        make_room(change, room, cache.limits, cache.remove)


def _is_coming(place: CachePlace, entry: CachedFile) -> bool:
    return place.file(entry.digest, entry.extension).exists() or claims.is_at_work(
        place.temp(entry.digest)
    )


def _check(cache: OriginalCache, books: CacheBooks) -> tuple[int, set[Path]]:
    adopted = 0
    damaged: set[Path] = set()
    for entry in books.all():
        if entry.stamp is not None:
            continue
        if cache.check(entry):
            adopted += 1
        else:
            damaged.add(cache.place.file(entry.digest, entry.extension))
    return adopted, damaged


def _removed(path: Path) -> bool:
    if path.is_dir() and not path.is_symlink():
        return False  # nothing that we made; it holds no original and counts for nothing
    path.unlink(missing_ok=True)
    return True
