"""Match candidates with the archive, and each other: by hash, then by the rule."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness, PictureHash
from picture_pipeline.model.media import Family
from picture_pipeline.ports.looking import ComparedArchive, NearPairs
from picture_pipeline.workflows.likenesses import likeness_of_original
from picture_pipeline.workflows.sameshot import (
    LEAST_QUALITY,
    Sameness,
    correlation,
    same_shot,
)

_AT_ONCE = 1000
_LikenessPair = tuple[Digest, Digest]


@dataclass(frozen=True, slots=True)
class Match:
    """Two pictures of the same shot."""

    one: Digest
    other: Digest
    sameness: Sameness
    distance: int | None
    begins: bool = False
    """Whether the first is the beginning of the other, byte for byte."""


@dataclass(slots=True)
class Matching:
    """Finds same shots; remembers what it had to ask for."""

    archive: ComparedArchive
    near: NearPairs
    _likenesses: dict[Digest, Likeness] = field(default_factory=dict)
    _grays: dict[Digest, bytes] = field(default_factory=dict)
    _near: dict[Digest, set[Digest]] = field(default_factory=dict)

    def know(self, likenesses: Iterable[Likeness]) -> None:
        """Be told of candidates that are not archived."""
        self._likenesses.update((each.digest, each) for each in likenesses)

    def likenesses(self, digests: Iterable[Digest]) -> Mapping[Digest, Likeness]:
        """Give what is known of candidates and originals."""
        wanted = set(digests)
        missing = iter(wanted - self._likenesses.keys())
        while some := tuple(islice(missing, _AT_ONCE)):
            hashes = self.archive.hashes_of(some)
            self.know(
                likeness_of_original(original, hashes.get(digest))
                for digest, original in self.archive.originals(some).items()
            )
        return {d: self._likenesses[d] for d in wanted if d in self._likenesses}

    def with_archive(self, candidates: Sequence[Likeness]) -> list[Match]:
        """Match candidates with all that is archived; candidates come first in each match."""
        self.know(candidates)
        alike = self._alike(candidates)
        for one, other in alike:
            self._near.setdefault(one, set()).add(other)
        return self._judged(self._at_one_second(candidates) | alike)

    def near_to(self, candidate: Digest) -> frozenset[Digest]:
        """Give the originals with a hash near to a candidate's that was matched before."""
        return frozenset(self._near.get(candidate, ()))

    def among(self, digests: Iterable[Digest]) -> list[Match]:
        """Match candidates and originals with each other, by their hashes."""
        known = self.likenesses(digests)
        pairs: dict[_LikenessPair, int | None] = {}
        for films in (False, True):
            mine = [
                (digest, its.hash.pdq)
                for digest, its in sorted(known.items())
                if its.hash is not None
                and its.hash.quality >= LEAST_QUALITY
                and (its.family is Family.VIDEO) == films
            ]
            for one, other, distance in self.near([pdq for _, pdq in mine], None):
                pairs[mine[one][0], mine[other][0]] = distance
        return self._judged(pairs)

    def within_archive(self) -> list[Match]:
        """Match all that is archived with each other, by their hashes."""
        pairs: dict[_LikenessPair, int | None] = {}
        for theirs in self._archived().values():
            for one, other, distance in self.near([its.pdq for _, its in theirs], None):
                pairs[theirs[one][0], theirs[other][0]] = distance
        return self._judged(pairs)

    def _archived(self) -> dict[bool, list[tuple[Digest, PictureHash]]]:
        """Give the hashes that mean something: of stills (False), and of videos (True)."""
        archived: dict[bool, list[tuple[Digest, PictureHash]]] = {False: [], True: []}
        for digest, picture_hash, film in self.archive.hashes():
            if picture_hash.quality >= LEAST_QUALITY:
                archived[film].append((digest, picture_hash))
        return archived

    def _alike(self, candidates: Sequence[Likeness]) -> dict[_LikenessPair, int | None]:
        hashed = [c for c in candidates if c.hash and c.hash.quality >= LEAST_QUALITY]
        if not hashed:
            return {}
        pairs: dict[_LikenessPair, int | None] = {}
        for film, theirs in self._archived().items():
            mine = [c for c in hashed if (c.family is Family.VIDEO) == film]
            found = self.near([_pdq(c) for c in mine], [its.pdq for _, its in theirs])
            for one, other, distance in found:
                pairs[mine[one].digest, theirs[other][0]] = distance
        return pairs

    def _at_one_second(self, candidates: Sequence[Likeness]) -> dict[_LikenessPair, int | None]:
        """Pair candidates with what was taken at the same second, however it looks.

        One of the two may be cut short or too plain; without a fraction of the
        second the rule never takes such for one shot.
        """
        seconds: defaultdict[str, list[Digest]] = defaultdict(list)
        for candidate in candidates:
            if candidate.subsecond:
                seconds[candidate.taken_at[:19]].append(candidate.digest)
        found = self.archive.at_seconds(seconds) if seconds else {}
        return {
            (mine, its): None
            for second, theirs in found.items()
            for mine in seconds[second]
            for its in theirs
        }

    def _judged(self, pairs: Mapping[_LikenessPair, int | None]) -> list[Match]:
        known = self.likenesses({digest for pair in pairs for digest in pair})
        matches = []
        for (one, other), distance in pairs.items():
            if one == other or one not in known or other not in known:
                continue
            sameness = same_shot(known[one], known[other], distance, self._correlated)
            if sameness is not None:
                matches.append(Match(one, other, sameness, distance))
        return matches

    def _correlated(self, one: Likeness, other: Likeness) -> float | None:
        return correlation(self._gray(one), self._gray(other))

    def _gray(self, likeness: Likeness) -> bytes:
        if likeness.gray:
            return likeness.gray
        if likeness.digest not in self._grays:
            self._grays[likeness.digest] = self.archive.gray_of(likeness.digest)
        return self._grays[likeness.digest]


def _pdq(likeness: Likeness) -> bytes:
    return likeness.hash.pdq if likeness.hash else bytes(32)
