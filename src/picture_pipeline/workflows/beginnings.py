"""Prove, byte for byte, that a file is the beginning of an archived original.

A copy that was cut short has lost what its looks could be compared by, and
often nothing tells it from the next frame of a burst. But when the SHA-256 of
an original's first bytes is that of the whole copy, the copy adds nothing.
Pure but for what it is given.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness
from picture_pipeline.model.looked import Surveyed
from picture_pipeline.model.media import Family
from picture_pipeline.model.original import Original
from picture_pipeline.model.stems import take_apart
from picture_pipeline.ports.looking import ComparedArchive
from picture_pipeline.workflows.matching import Match, Matching
from picture_pipeline.workflows.sameshot import (
    LEAST_QUALITY,
    Sameness,
    recorded_second,
    vetoed,
)

SUSPECTS = 8
"""Originals that are read for one candidate at most: each costs its size over the network."""

HashBeginnings = Callable[[Original, Collection[int]], Mapping[int, Digest]]
"""Given an original, and numbers of bytes: the SHA-256 of so many of its first bytes, by number.

What cannot be read is missing. Asked at most once for each original.
"""

_Stems = Mapping[Digest, frozenset[bytes]]


def unread(_original: Original, _sizes: Collection[int]) -> Mapping[int, Digest]:
    """Read nothing: then nothing is proven."""
    return {}


def hash_beginnings(pieces: Iterable[bytes], sizes: Collection[int]) -> dict[int, Digest]:
    """Give the SHA-256 of the first bytes, for each number of them that the pieces reach."""
    found: dict[int, Digest] = {}
    running, done = hashlib.sha256(), 0
    wanted = iter(sorted(sizes))
    size = next(wanted, None)
    for piece in pieces:
        start = 0
        while size is not None and size <= done + len(piece):
            running.update(piece[start : size - done])
            start = size - done
            found[size] = Digest(running.hexdigest())
            size = next(wanted, None)
        running.update(piece[start:])
        done += len(piece)
    return found


def is_cut(likeness: Likeness) -> bool:
    """Tell whether a file may lack its end."""
    return likeness.incomplete or not likeness.decodes


def is_unsure(likeness: Likeness) -> bool:
    """Tell whether its looks say nothing: it is cut short, or a still too plain to hash.

    Some writers put data behind the picture; cut off there, it is a whole picture still.
    """
    if likeness.family in {Family.VIDEO, Family.COMPANION}:
        return is_cut(likeness)
    return is_cut(likeness) or likeness.hash is None or likeness.hash.quality < LEAST_QUALITY


@dataclass(frozen=True, slots=True)
class Proving:
    """Looks for the originals whose beginnings some candidates are."""

    archive: ComparedArchive
    matching: Matching
    hash_of: HashBeginnings

    def prove(self, surveys: Sequence[Surveyed], cut: Sequence[Likeness]) -> dict[Digest, Match]:
        """Give, by candidate, the original that begins with it; confirmed.

        ``cut`` are candidates that the archive lacks, and that ``matching`` knows.
        """
        if not cut:
            return {}
        stems = _stems_of(surveys, {each.digest for each in cut})
        suspects = self._suspects(cut, stems)
        originals = self.archive.originals({other for its in suspects.values() for other in its})
        ranked = {
            each: _ranked(
                each,
                [originals[other] for other in suspects[each.digest] if other in originals],
                stems.get(each.digest, frozenset()),
            )
            for each in cut
        }
        return {
            one: Match(one, other, Sameness.CONFIRMED, None, begins=True)
            for one, other in self._read(ranked)
        }

    def _suspects(self, cut: Sequence[Likeness], stems: _Stems) -> Mapping[Digest, set[Digest]]:
        """Give what was taken at the same second or looks alike; else what has the same name."""
        at = self.archive.at_seconds({second for each in cut if (second := recorded_second(each))})
        found = {each.digest: self._alike(each, at) for each in cut}
        nameless = [c for c in cut if recorded_second(c) is None or not found[c.digest]]
        named = self.archive.named({s for c in nameless for s in stems.get(c.digest, ())})
        for each in nameless:
            others = {other for stem in stems.get(each.digest, ()) for other in named.get(stem, ())}
            # What it says of itself may be wrong: a later, truer note went with its end.
            found[each.digest] |= {its.digest for its in self._longer(each, others)}
        return found

    def _alike(self, candidate: Likeness, at: Mapping[str, Sequence[Digest]]) -> set[Digest]:
        others = {
            *at.get(recorded_second(candidate) or "", ()),
            *self.matching.near_to(candidate.digest),
        }
        return {its.digest for its in self._longer(candidate, others) if not vetoed(candidate, its)}

    def _longer(self, candidate: Likeness, others: Collection[Digest]) -> Iterator[Likeness]:
        is_film = candidate.family is Family.VIDEO
        for its in self.matching.likenesses(others).values():
            if its.size > candidate.size and (its.family is Family.VIDEO) == is_film:
                yield its

    def _read(
        self, ranked: Mapping[Likeness, Sequence[Original]]
    ) -> Iterator[tuple[Digest, Digest]]:
        """Read the likeliest originals first, each once for all that may be its beginning."""
        waiting: defaultdict[Digest, set[Likeness]] = defaultdict(set)
        for candidate, originals in ranked.items():
            for original in originals:
                waiting[original.digest].add(candidate)
        proven: set[Likeness] = set()
        for rank in range(SUSPECTS):
            for original in [its[rank] for its in ranked.values() if rank < len(its)]:
                its = waiting.pop(original.digest, set()) - proven
                if its:
                    found = self.hash_of(original, {each.size for each in its})
                    begun = {each for each in its if found.get(each.size) == each.digest}
                    proven |= begun
                    yield from ((each.digest, original.digest) for each in begun)


def _ranked(
    candidate: Likeness, originals: Iterable[Original], stems: frozenset[bytes]
) -> list[Original]:
    """Give the likeliest ones: of the same name first, then of the same dimensions."""

    def unlikely(original: Original) -> tuple[bool, bool, Digest]:
        parts = take_apart(original.original_name, original.size)
        sides = (original.width, original.height) != (candidate.width, candidate.height)
        return stems.isdisjoint({parts.stem, parts.also}), sides, original.digest

    return sorted(originals, key=unlikely)[:SUSPECTS]


def _stems_of(surveys: Sequence[Surveyed], digests: Collection[Digest]) -> _Stems:
    found: defaultdict[Digest, set[bytes]] = defaultdict(set)
    for survey in surveys:
        for seen in survey.seen:
            if seen.digest in digests and seen.digest is not None:
                parts = take_apart(seen.name, seen.stamp.size)
                found[seen.digest] |= {parts.stem, *([parts.also] if parts.also else [])}
    return {digest: frozenset(stems) for digest, stems in found.items()}
