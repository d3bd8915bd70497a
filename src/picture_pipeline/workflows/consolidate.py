"""Compare sources with the archive: which of them add nothing. Pure; deletes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from picture_pipeline.model.asset import (
    AssetKind,
    Group,
    Member,
    Membership,
    Place,
    Role,
)
from picture_pipeline.model.candidate import FileStamp, SourceName
from picture_pipeline.model.consolidation import (
    Item,
    PairReport,
    SourceReport,
    State,
    Verdict,
)
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness
from picture_pipeline.model.looked import Seen, Surveyed
from picture_pipeline.model.media import Family
from picture_pipeline.workflows.grouping.group import group
from picture_pipeline.workflows.matching import Match
from picture_pipeline.workflows.sameshot import Sameness, Worth, why_better
from picture_pipeline.workflows.survey import not_whole

_HELD = frozenset({State.EQUAL, State.ARCHIVED_BETTER})
_LACKING = frozenset({State.ONLY_HERE, State.INCOMPLETE})
_FILMS = frozenset({Role.LIVE_VIDEO, Role.EDITED_VIDEO})
_UNKNOWN_CONTENT = frozenset({"placeholder"})
"""Reasons of rejection that leave open what the file once was."""


@dataclass(frozen=True, slots=True)
class Archived:
    """What the archive knows of a source's pictures; all by digest."""

    likenesses: Mapping[Digest, Likeness]
    """Of candidates, of originals seen in the sources, and of originals that match."""
    held: frozenset[Digest]
    """Digests that are archived."""
    matches: Mapping[Digest, Sequence[Match]]
    """By candidate: the archive's copies of the same shot."""
    worth: Mapping[Digest, Worth]
    """Of candidates and of originals that match."""
    groups: Mapping[Digest, Group]
    """Whole archived assets, by each of their members; at least of matched and live pictures."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one original's bytes are to the archive."""

    state: State
    archived_as: Digest | None = None
    probable: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class _Asset:
    """One asset of a source, judged."""

    group: Group
    state: State
    differs: bool
    probable: bool


@dataclass(slots=True)
class Judge:
    """Judges one source."""

    surveyed: Surveyed
    groups: Sequence[Group]
    """The source's own files as assets."""
    archived: Archived
    judged: dict[Digest, _Judged] = field(default_factory=dict)

    def report(self) -> SourceReport:
        """Count assets, judge each file, and say whether the source may be switched off."""
        assets = [self._asset(found) for found in self.groups]
        assets = [asset for asset in assets if is_picture(asset.group)]
        items = tuple(self._items())
        reasons = tuple(_not_whole(self.surveyed, items))
        counts = defaultdict(int, dict.fromkeys(State, 0))
        for asset in assets:
            counts[asset.state] += 1
        spec = self.surveyed.spec
        return SourceReport(
            name=spec.name,
            path=spec.path,
            kind=spec.kind,
            assets=len(assets),
            archived_equal_or_better=counts[State.EQUAL],
            only_here=counts[State.ONLY_HERE],
            better_here=counts[State.BETTER_HERE],
            differs=sum(asset.differs for asset in assets),
            probable=sum(asset.probable for asset in assets),
            unreadable=sum(item.state is State.UNREADABLE for item in items),
            verdict=_verdict(counts[State.ONLY_HERE] + counts[State.BETTER_HERE], reasons),
            reasons=reasons,
            reclaimable_bytes=sum(item.frees for item in items if item.state in _HELD),
            files=self.surveyed.entries,
            items=items,
        )

    def _asset(self, found: Group) -> _Asset:
        for membership in found.members:
            if membership.home or membership.digest not in self.judged:
                self.judged[membership.digest] = self._judge(membership, found)
        deciding = [m.digest for m in found.members if self._decides(m)]
        judged = [self.judged[digest] for digest in deciding]
        states = {each.state for each in judged}
        if states <= _HELD:
            state = State.EQUAL
        else:
            state = State.ONLY_HERE if states <= _LACKING else State.BETTER_HERE
        other = [each for each in judged if each.archived_as and each.state is not State.EQUAL]
        return _Asset(found, state, bool(other), any(each.probable for each in other))

    def _decides(self, membership: Membership) -> bool:
        """Tell whether a member is a picture: recipes and notes do not make an asset unique."""
        return self.archived.likenesses[membership.digest].family is not Family.COMPANION

    def _judge(self, membership: Membership, found: Group) -> _Judged:
        digest = membership.digest
        if digest in self.archived.held:
            return _Judged(State.EQUAL, digest)
        matched = self._by_match(digest)
        if matched is not None:
            return matched
        if membership.role in _FILMS or not self._decides(membership):
            followed = self._follows_its_still(membership, found)
            if followed is not None:
                return _Judged(State.ARCHIVED_BETTER, followed, why="belongs to a held picture")
        its = self.archived.likenesses[digest]
        cut = its.incomplete or not its.decodes
        return _Judged(State.INCOMPLETE if cut else State.ONLY_HERE)

    def _by_match(self, digest: Digest) -> _Judged | None:
        """Compare with the best of the archive's copies; confirmed ones come first."""
        matches = self.archived.matches.get(digest, ())
        if not matches:
            return None
        whole = next((match.other for match in matches if match.begins), None)
        if whole is not None:
            cut_too = self.archived.likenesses[whole].incomplete
            return _Judged(State.ARCHIVED_BETTER, whole, why="bytes" if cut_too else "whole")
        worth = self.archived.worth
        best = max(
            matches, key=lambda m: (m.sameness is Sameness.CONFIRMED, worth[m.other], m.other)
        )
        mine, its = worth[digest], worth[best.other]
        probable = best.sameness is Sameness.PROBABLE
        if mine > its:
            return _Judged(State.BETTER_HERE, best.other, probable, why_better(mine, its))
        return _Judged(State.ARCHIVED_BETTER, best.other, probable, why_better(its, mine))

    def _follows_its_still(self, membership: Membership, found: Group) -> Digest | None:
        """Give what in the archive stands for a film or companion whose picture it holds."""
        for other in found.members:
            if other.digest == membership.digest or not self._decides(other):
                continue
            standing = self.judged.get(other.digest) or self._judge(other, found)
            asset = self.archived.groups.get(standing.archived_as or other.digest)
            for member in asset.members if asset else ():
                if member.role is membership.role:
                    return member.digest
        return None

    def _items(self) -> Iterable[Item]:
        counted: set[FileStamp] = set()
        for seen in sorted(self.surveyed.seen, key=lambda each: each.path):
            item = self._item(seen, _frees(seen, counted))
            if item is not None:
                yield item

    def _item(self, seen: Seen, frees: int) -> Item | None:
        """Judge one file; None for what is no picture of anybody."""
        if seen.digest is None:
            if seen.outcome != "failed" and seen.reason not in _UNKNOWN_CONTENT:
                return None
            why = seen.reason or ""
            return Item(seen.path, seen.stamp.size, State.UNREADABLE, why=why)
        judged = self.judged.get(seen.digest) or _Judged(State.EQUAL, seen.digest)
        return Item(
            path=seen.path,
            size=seen.stamp.size,
            state=judged.state,
            digest=seen.digest,
            archived_as=judged.archived_as,
            probable=judged.probable,
            why=judged.why,
            frees=frees,
        )


def _frees(seen: Seen, counted: set[FileStamp]) -> int:
    """Give the bytes that giving a file back would free, and count it."""
    # Names of one file share its stamp, the inode in it: only the last that goes frees the bytes.
    if seen.is_link or seen.reclaimed or seen.stamp in counted:
        return 0
    if seen.stamp.inode:
        counted.add(seen.stamp)
    return seen.stamp.size


def groups_of(surveyed: Surveyed, likenesses: Mapping[Digest, Likeness]) -> tuple[Group, ...]:
    """Group a source's own files into assets, by the rules of the archive."""
    places: defaultdict[Digest, list[Place]] = defaultdict(list)
    for seen in surveyed.seen:
        if seen.digest is not None and seen.digest in likenesses:
            place = Place(surveyed.spec.name, seen.folder, seen.name, seen.stamp.size)
            places[seen.digest].append(place)
    members = (
        _member(likenesses[digest], tuple(its), number)
        for number, (digest, its) in enumerate(places.items())
    )
    return group(members).groups


def is_picture(found: Group) -> bool:
    """Tell whether an asset is one that people would count: companions alone are none."""
    return found.kind is not AssetKind.COMPANION


def _member(likeness: Likeness, places: tuple[Place, ...], number: int) -> Member:
    return Member(
        digest=likeness.digest,
        family=likeness.family,
        media_type=likeness.media_type,
        taken_at=likeness.taken_at,
        taken_from=likeness.taken_from,
        places=places,
        arrived=number,
        content_identifier=likeness.content_identifier,
        burst=likeness.burst,
        incomplete=likeness.incomplete,
    )


def _not_whole(surveyed: Surveyed, items: Sequence[Item]) -> Iterable[str]:
    """Say why a source was not seen whole; nothing when it was."""
    unreadable = sum(item.state is State.UNREADABLE for item in items)
    seen_in_part = not_whole(surveyed)
    if seen_in_part:
        yield seen_in_part
    if unreadable:
        yield f"{unreadable:,} file(s) could not be read"


def _verdict(lacking: int, reasons: Sequence[str]) -> Verdict:
    if lacking:
        return Verdict.UNIQUE
    return Verdict.UNFINISHED if reasons else Verdict.SAFE


Shares = Mapping[SourceName, frozenset[Digest]]
"""What each source holds: of each shot, the digest that stands for it."""


def shares_of(assets: Mapping[SourceName, Sequence[Digest]], matches: Iterable[Match]) -> Shares:
    """Give the shots of each source, by the primaries of its assets.

    ``matches`` tell which primaries show the same shot; of one shot a source
    has one asset, however many copies lie there.
    """
    shots = Shots()
    for match in matches:
        shots.join(match.one, match.other)
    return {name: frozenset(map(shots.of, primaries)) for name, primaries in assets.items()}


def compare_pairs(held: Shares) -> tuple[PairReport, ...]:
    """Count for each two sources the assets that both have."""
    return tuple(
        PairReport(a, b, len(held[a] & held[b]), len(held[a] - held[b]), len(held[b] - held[a]))
        for a, b in combinations(held, 2)
    )


def count_alone(held: Shares) -> dict[SourceName, int]:
    """Count for each source the assets that none of the others has."""
    times = Counter(shot for shots in held.values() for shot in shots)
    return {name: sum(times[shot] == 1 for shot in shots) for name, shots in held.items()}


class Shots:
    """Disjoint sets of digests: one set a shot."""

    def __init__(self) -> None:
        self._parent: dict[Digest, Digest] = {}

    def of(self, digest: Digest) -> Digest:
        """Give the digest that stands for a digest's shot."""
        while (parent := self._parent.get(digest, digest)) != digest:
            digest = parent
        return digest

    def join(self, one: Digest, other: Digest) -> None:
        """Say that two show the same shot."""
        first, second = sorted((self.of(one), self.of(other)))
        self._parent[second] = first
