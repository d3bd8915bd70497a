"""Group members into assets: cores, what attaches to them, ids, roles, kinds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from picture_pipeline.model.asset import Group, Member, Membership, Role
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.media import Family
from picture_pipeline.workflows.grouping.attaching import attach_by_name, pair_videos
from picture_pipeline.workflows.grouping.cores import find_cores
from picture_pipeline.workflows.grouping.drafts import Draft, digest_of
from picture_pipeline.workflows.grouping.roles import (
    companion_role,
    core_role,
    kind_of,
    primary_of,
    rank,
    video_role,
)
from picture_pipeline.workflows.grouping.shots import Shot

_DESCRIBING = frozenset({Role.SIDECAR, Role.TAKEOUT, Role.CAMERA_METADATA})


@dataclass(frozen=True, slots=True)
class Grouping:
    """All assets of some members."""

    groups: tuple[Group, ...]
    about: Mapping[Digest, tuple[Digest, ...]]
    """For each original: the companions whose content says something of it."""


def group(members: Iterable[Member]) -> Grouping:
    """Group members into assets.

    Which originals belong together, and their roles and kinds, follow from
    the members alone, whatever the order of arrival; only the assets' ids
    tell who came first. ``members`` must hold whole assets: all members so
    far of each asset that one of them is in.
    """
    drafts = _drafts([Shot.of(member) for member in sorted(members, key=lambda m: m.digest)])
    drafts.sort(key=lambda draft: rank(primary_of(draft.core)))
    homes = _homes(drafts)
    ids = _ids(drafts, homes)
    groups = (
        Group(ids[number], kind_of(draft), _memberships(number, draft, ids[number], homes))
        for number, draft in enumerate(drafts)
    )
    return Grouping(tuple(groups), _about(drafts))


def _drafts(shots: Sequence[Shot]) -> list[Draft]:
    stills = [s for s in shots if not s.attaches and s.member.family is not Family.VIDEO]
    videos = [s for s in shots if not s.attaches and s.member.family is Family.VIDEO]
    drafts = [Draft(core) for core in find_cores(stills)]
    alone = pair_videos(find_cores(videos, only_linked=True), drafts)
    drafts += [Draft(core) for core in find_cores([shot for core in alone for shot in core])]
    orphans = attach_by_name([s for s in shots if s.attaches], drafts)
    return drafts + [Draft((orphan,)) for orphan in orphans]


def _homes(drafts: Sequence[Draft]) -> dict[Digest, int]:
    """Give the place of each member's own draft: the first that a companion serves."""
    homes: dict[Digest, int] = {}
    for number, draft in enumerate(drafts):
        for shot in draft.core:
            homes[digest_of(shot)] = number
    for number, draft in enumerate(drafts):
        for shot in draft.guests:
            homes.setdefault(digest_of(shot), number)
    return homes


def _ids(drafts: Sequence[Draft], homes: Mapping[Digest, int]) -> list[Digest]:
    """Give each draft its id: the oldest that its members bring along, else its primary's digest.

    An id that a core brings along is not taken from it for the sake of a
    companion that bears it too.
    """
    members = {digest_of(s): s.member for d in drafts for s in (*d.core, *d.guests)}
    of_cores = {s.member.asset for draft in drafts for s in draft.core}
    brought: defaultdict[int, set[Digest]] = defaultdict(set)
    for digest, home in homes.items():
        asset = members[digest].asset
        core = {digest_of(shot) for shot in drafts[home].core}
        if asset and (digest in core or asset not in of_cores):
            brought[home].add(asset)

    def age(asset: Digest) -> tuple[int, Digest]:
        return (members[asset].arrived if asset in members else 0, asset)

    core_of = {digest_of(s): number for number, draft in enumerate(drafts) for s in draft.core}
    ids: list[Digest] = []
    taken: set[Digest] = set()
    for number, draft in enumerate(drafts):
        candidates = (*sorted(brought[number], key=age), digest_of(primary_of(draft.core)))
        # The name of another core's member is that core's; so the last candidate is always free.
        free = (c for c in candidates if c not in taken and core_of.get(c, number) == number)
        ids.append(next(free))
        taken.add(ids[-1])
    return ids


def _memberships(
    number: int, draft: Draft, asset: Digest, homes: Mapping[Digest, int]
) -> tuple[Membership, ...]:
    primary = primary_of(draft.core)
    roles: dict[Digest, Role] = {digest_of(primary): Role.PRIMARY}
    roles |= {digest_of(shot): core_role(shot, primary) for shot in draft.core}
    roles |= {digest_of(video): video_role(video, draft.core) for video in draft.videos}
    roles |= {digest_of(shot): companion_role(shot) for shot, _ in draft.companions}
    return tuple(
        Membership(asset, digest, role, homes[digest] == number) for digest, role in roles.items()
    )


def _about(drafts: Sequence[Draft]) -> dict[Digest, tuple[Digest, ...]]:
    found: defaultdict[Digest, set[Digest]] = defaultdict(set)
    for draft in drafts:
        for companion, about in draft.companions:
            if companion.is_current and companion_role(companion) in _DESCRIBING:
                for shot in about:
                    found[digest_of(shot)].add(digest_of(companion))
    return {digest: tuple(sorted(companions)) for digest, companions in found.items()}
