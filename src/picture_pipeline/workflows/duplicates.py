"""Find originals of the archive that show the same shot. Deletes nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from picture_pipeline.model.asset import Group
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.duplicates import NearGroup
from picture_pipeline.workflows.compare import Comparison
from picture_pipeline.workflows.consolidate import Shots
from picture_pipeline.workflows.matching import Match, Matching
from picture_pipeline.workflows.sameshot import Sameness, why_better


def find_near(comparison: Comparison) -> tuple[NearGroup, ...]:
    """Give groups of originals of the same shot; members of one asset are none of each other."""
    matching = Matching(comparison.archive, comparison.near)
    found = matching.within_archive()
    digests = {digest for match in found for digest in (match.one, match.other)}
    assets = _assets_of(comparison.archive.groups_of(digests) if digests else ())
    apart = [m for m in found if assets.get(m.one, m.one) != assets.get(m.other, m.other)]
    groups = (_near_group(comparison, matching, its) for its in _by_shot(apart))
    return tuple(sorted(groups, key=lambda each: (each.best.taken_at, each.best.digest)))


def _assets_of(groups: Sequence[Group]) -> Mapping[Digest, Digest]:
    return {m.digest: m.asset for each in groups for m in each.members if m.home}


def _by_shot(matches: Sequence[Match]) -> list[list[Match]]:
    shots = Shots()
    for match in matches:
        shots.join(match.one, match.other)
    found: defaultdict[Digest, list[Match]] = defaultdict(list)
    for match in matches:
        found[shots.of(match.one)].append(match)
    return list(found.values())


def _near_group(comparison: Comparison, matching: Matching, matches: list[Match]) -> NearGroup:
    digests = {digest for match in matches for digest in (match.one, match.other)}
    likenesses = matching.likenesses(digests)
    rated = comparison.worth_of(digests, likenesses)
    best, *others = sorted(digests, key=lambda digest: (rated[digest], digest), reverse=True)
    return NearGroup(
        tuple(likenesses[digest] for digest in (best, *others)),
        why_better(rated[best], rated[others[0]]),
        any(match.sameness is Sameness.PROBABLE for match in matches),
    )
