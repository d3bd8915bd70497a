"""Cores: the stills (with RAW), or the videos, that are one shot or one burst."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import chain, combinations

from picture_pipeline.model.digest import Digest
from picture_pipeline.workflows.grouping.shots import Shot, same_shot

Core = tuple[Shot, ...]


def find_cores(shots: Sequence[Shot], *, only_linked: bool = False) -> list[Core]:
    """Join what belongs together: one shot, one burst, revisions of one file.

    The joins are symmetrical and transitive, so that the order of arrival is
    of no matter. A content identifier alone joins nothing: two stills with
    one are copies of two exports, not a pair. ``only_linked``: revisions and
    what they supersede alone.
    """
    joined = _Joined(shot.member.digest for shot in shots)
    for first, second in _linked(shots) if only_linked else chain(_near(shots), _linked(shots)):
        joined.join(first.member.digest, second.member.digest)
    by_core: dict[Digest, list[Shot]] = defaultdict(list)
    for shot in shots:
        by_core[joined.representative(shot.member.digest)].append(shot)
    return [tuple(core) for core in by_core.values()]


def _near(shots: Sequence[Shot]) -> Iterator[tuple[Shot, Shot]]:
    for bucket in buckets(shots, lambda shot: shot.stems):
        yield from ((a, b) for a, b in combinations(bucket, 2) if same_shot(a, b))
    for bucket in buckets(shots, lambda shot: [shot.member.burst] if shot.member.burst else []):
        yield from ((bucket[0], other) for other in bucket[1:])


def _linked(shots: Sequence[Shot]) -> Iterator[tuple[Shot, Shot]]:
    by_digest = {shot.member.digest: shot for shot in shots}
    for shot in shots:
        for other in (shot.member.revises, shot.member.superseded_by):
            if other in by_digest:
                yield shot, by_digest[other]


def buckets(
    shots: Iterable[Shot], keys: Callable[[Shot], Iterable[Hashable]]
) -> Iterable[list[Shot]]:
    """Give those that share a key, by key."""
    found: dict[Hashable, list[Shot]] = defaultdict(list)
    for shot in shots:
        for key in keys(shot):
            found[key].append(shot)
    return found.values()


class _Joined:
    """Disjoint sets of digests (union-find with path halving)."""

    def __init__(self, digests: Iterable[Digest]) -> None:
        self._parent = {digest: digest for digest in digests}

    def representative(self, digest: Digest) -> Digest:
        while self._parent[digest] != digest:
            self._parent[digest] = self._parent[self._parent[digest]]
            digest = self._parent[digest]
        return digest

    def join(self, one: Digest, other: Digest) -> None:
        self._parent[self.representative(one)] = self.representative(other)
