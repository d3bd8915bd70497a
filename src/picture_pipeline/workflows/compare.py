"""Compare what was seen of sources with the archive: gather, match, judge."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from picture_pipeline.model.asset import Group
from picture_pipeline.model.consolidation import Consolidated
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness
from picture_pipeline.model.looked import Surveyed
from picture_pipeline.ports.looking import ComparedArchive, NearPairs
from picture_pipeline.workflows.beginnings import HashBeginnings, Proving, is_cut, is_unsure, unread
from picture_pipeline.workflows.consolidate import (
    Archived,
    Judge,
    Shares,
    compare_pairs,
    count_alone,
    groups_of,
    is_picture,
    shares_of,
)
from picture_pipeline.workflows.matching import Match, Matching
from picture_pipeline.workflows.sameshot import Sameness, Worth, worth

_Grouped = tuple[Surveyed, tuple[Group, ...]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing needs."""

    archive: ComparedArchive
    near: NearPairs
    rank: Callable[[str], int]
    """Given a kind of source: how far its files are from the device, 0 nearest."""
    beginnings: HashBeginnings = unread

    def consolidate(self, surveys: Sequence[Surveyed], unhashed: int = 0) -> Consolidated:
        """Judge each source by itself, and each two against each other."""
        matching = Matching(self.archive, self.near)
        seen = {s.digest for survey in surveys for s in survey.seen if s.digest is not None}
        held = self.archive.held(seen)
        new = [c for d, c in _candidates(surveys).items() if d not in held]
        matches = _by_candidate(matching.with_archive(new))
        lacking = [c for c in new if is_unsure(c) and not _has_a_whole_one(c, matches, matching)]
        proven = Proving(self.archive, matching, self.beginnings).prove(surveys, lacking)
        matches |= {digest: [match] for digest, match in proven.items()}
        others = {match.other for its in matches.values() for match in its}
        likenesses = matching.likenesses(seen | others)
        grouped = [(survey, groups_of(survey, likenesses)) for survey in surveys]
        assets = self._assets_near(grouped, held, others)
        theirs = self.worth_of(others, likenesses)
        judges = [
            Judge(
                survey,
                groups,
                Archived(
                    likenesses, held, matches, theirs | self._worth_here(survey, likenesses), assets
                ),
            )
            for survey, groups in grouped
        ]
        reports = tuple(judge.report() for judge in judges)
        same = (match for its in matches.values() for match in its)
        shares = _shares(grouped, matching, same)
        return Consolidated(reports, compare_pairs(shares), unhashed, count_alone(shares))

    def _assets_near(
        self, grouped: Sequence[_Grouped], held: frozenset[Digest], others: Collection[Digest]
    ) -> Mapping[Digest, Group]:
        """Give the archive's assets of what matches, and of what came with something new."""
        wanted = {*others, *_held_beside_new(grouped, held)}
        groups = self.archive.groups_of(wanted) if wanted else ()
        return {member.digest: found for found in groups for member in found.members}

    def worth_of(
        self, digests: Collection[Digest], likenesses: Mapping[Digest, Likeness]
    ) -> dict[Digest, Worth]:
        """Rate originals; one that was seen in several sources counts as from the best."""
        kinds = self.archive.kinds_of(digests) if digests else {}
        ranks = {d: min(map(self.rank, kinds.get(d, ())), default=1) for d in digests}
        return {d: worth(likenesses[d], ranks[d]) for d in digests if d in likenesses}

    def _worth_here(
        self, survey: Surveyed, likenesses: Mapping[Digest, Likeness]
    ) -> dict[Digest, Worth]:
        rank = self.rank(survey.spec.kind)
        new = {seen.digest for seen in survey.seen if seen.likeness and seen.digest}
        return {digest: worth(likenesses[digest], rank) for digest in new if digest in likenesses}


def _candidates(surveys: Sequence[Surveyed]) -> dict[Digest, Likeness]:
    seen = (s.likeness for survey in surveys for s in survey.seen)
    return {likeness.digest: likeness for likeness in seen if likeness is not None}


def _by_candidate(matches: Sequence[Match]) -> dict[Digest, list[Match]]:
    found: defaultdict[Digest, list[Match]] = defaultdict(list)
    for match in matches:
        found[match.one].append(match)
    return found


def _has_a_whole_one(
    candidate: Likeness, matches: Mapping[Digest, Sequence[Match]], matching: Matching
) -> bool:
    """Tell whether the rule found a whole copy already, beyond doubt."""
    sure = {
        match.other
        for match in matches.get(candidate.digest, ())
        if match.sameness is Sameness.CONFIRMED
    }
    return any(not is_cut(its) for its in matching.likenesses(sure).values())


def _held_beside_new(grouped: Sequence[_Grouped], held: frozenset[Digest]) -> Iterator[Digest]:
    for _, groups in grouped:
        for each in groups:
            digests = {member.digest for member in each.members}
            if not digests <= held:
                yield from digests & held


def _shares(grouped: Sequence[_Grouped], matching: Matching, same: Iterable[Match]) -> Shares:
    if len(grouped) == 1:
        return {}
    primaries = {
        survey.spec.name: [each.members[0].digest for each in groups if is_picture(each)]
        for survey, groups in grouped
    }
    every = {digest for its in primaries.values() for digest in its}
    return shares_of(primaries, [*same, *matching.among(every)])
