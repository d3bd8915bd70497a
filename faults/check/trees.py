"""Set algebra on snapshots, and what every thumbnail tree must fulfil."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from . import facts, jpeg
from .snap import Entry
from .words import FIRST_SIGHTING, INGEST_FACTS, ORIGINAL, QUICK, RENDITION, SHA256, SIZES

Same = Callable[[Entry, Entry], str | None]
"""Tell in what two entries of one name differ."""


def key(entry: Entry) -> tuple[str, bytes]:
    """Name an entry the same in two snapshots of trees that lie in different places."""
    return Path(entry.root).name, entry.path


def pairs(before: list[Entry], now: list[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
    """Pair each entry with the one that now has its name."""
    current = {key(entry): entry for entry in now}
    return ((entry, current.get(key(entry))) for entry in before)


def differences(expected: list[Entry], now: list[Entry], same: Same) -> Iterator[str]:
    """Name what is missing, what is new and what differs."""
    wanted = {key(entry) for entry in expected}
    for old, new in pairs(expected, now):
        if new is None:
            if _told_apart(old):
                yield f"{old.shown}: missing"
        elif (difference := same(old, new)) is not None:
            yield f"{old.shown}: {difference}"
    yield from (f"{e.shown}: new" for e in now if key(e) not in wanted and _told_apart(e))


def _told_apart(entry: Entry) -> bool:
    """Temp folders of the product and empty roots tell nothing about two runs."""
    return not entry.path.startswith(b".incoming") and bool(entry.path)


def untouched(old: Entry, new: Entry) -> str | None:
    """Compare everything that lstat and the bytes say, access time aside."""
    for name in ("kind", "size", "mode", "mtime_ns", "inode", "links", "sha256"):
        if getattr(old, name) != getattr(new, name):
            return f"{name} was {getattr(old, name)}, is {getattr(new, name)}"
    return None


def alike(old: Entry, new: Entry) -> str | None:
    """Compare bytes; sidecars and quick metadata without the time of their making."""
    return _alike(old, new, INGEST_FACTS)


def alike_loosely(old: Entry, new: Entry) -> str | None:
    """Compare like ``alike``, leaving out which of several equal files came first."""
    return _alike(old, new, INGEST_FACTS | FIRST_SIGHTING)


def _alike(old: Entry, new: Entry, but: frozenset[str]) -> str | None:
    if old.kind != new.kind:
        return f"was a {old.kind}, is a {new.kind}"
    if old.facts is not None and new.facts is not None:
        differing = facts.agree(old.facts, new.facts, but)
        return f"differs in {', '.join(differing)}" if differing else None
    return None if old.sha256 == new.sha256 else "other bytes"


def published(entry: Entry) -> bool:
    """Tell whether an entry is an original with its final name."""
    in_place = os.path.basename(entry.root) == "originals"  # noqa: PTH119 - plain text
    return in_place and ORIGINAL.fullmatch(entry.path) is not None and entry.path[-4:] != b".xmp"


def identity(entry: Entry) -> tuple[object, ...]:
    """What of an original never changes."""
    return entry.inode, entry.size, entry.mtime_ns, entry.mode, entry.sha256


def unsound_thumbs(thumbs: list[Entry], *, settled: bool) -> Iterator[str]:
    """Name temp files, cut-off renditions and such as do not fit their box."""
    for entry in thumbs:
        if entry.kind == "dir":
            continue
        if entry.path.startswith(b".incoming/"):
            if settled:
                yield f"thumbs/{entry.shown}: left over"
        elif (fault := _unsound(entry)) is not None:
            yield f"thumbs/{entry.shown}: {fault}"


def _unsound(entry: Entry) -> str | None:
    rendition = RENDITION.fullmatch(entry.path)
    match = rendition or QUICK.fullmatch(entry.path)
    if match is None or entry.kind != "file" or match[3][:2] != match[2]:
        return "no thumbnail's name"
    if rendition is not None:
        return _misfit(entry, SIZES[match[1].decode()])
    return entry.fault


def _misfit(entry: Entry, box: tuple[int, int]) -> str | None:
    try:
        size = jpeg.size_of(Path(os.fsdecode(entry.absolute)).read_bytes())
    except jpeg.UnsoundJpeg as error:
        return str(error)
    if size.width > box[0] or size.height > box[1] or min(size.width, size.height) < 1:
        return f"{size.width}x{size.height} does not fit {box[0]}x{box[1]}"
    return None


def thumbs_of_nothing(thumbs: list[Entry], digests: set[str]) -> Iterator[str]:
    """Name thumbnails whose original is not in the archive."""
    for entry in thumbs:
        digest = entry.name[:64]
        if entry.kind == "file" and SHA256.fullmatch(digest) and digest.decode() not in digests:
            yield f"thumbs/{entry.shown}: of no original"
