"""A member with its names taken apart and its capture time read, and when two are of one shot."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from picture_pipeline.model.asset import Member
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.media import Family
from picture_pipeline.model.metadata import TakenFrom
from picture_pipeline.model.stems import NameParts, Trait, fold, take_apart

SAME_SHOT = 2.0
"""Seconds: cameras write the files of one shot one after the other."""
_QUARTER = 900.0
"""Seconds; every offset from UTC is a multiple."""
_MOST_OFFSET = 14 * 3600.0
_ONLY_UTC = frozenset({TakenFrom.QUICKTIME_UTC, TakenFrom.GPS, TakenFrom.MTIME})

Spot = tuple[SourceName, bytes]
"""A folder of a source."""


@dataclass(frozen=True, slots=True)
class Named:
    """One name a member has in one folder."""

    spot: Spot
    name: bytes
    """Folded, for comparing."""
    parts: NameParts


@dataclass(frozen=True)
class Shot:
    """A member, understood."""

    member: Member
    names: tuple[Named, ...]

    @classmethod
    def of(cls, member: Member) -> "Shot":
        """Take a member's names apart."""
        return cls(
            member,
            tuple(
                Named((p.source, p.folder), fold(p.name), take_apart(p.name, p.size))
                for p in member.places
            ),
        )

    @cached_property
    def traits(self) -> frozenset[Trait]:
        """What all of its names tell."""
        return frozenset().union(*(named.parts.traits for named in self.names))

    @cached_property
    def stems(self) -> frozenset[tuple[Spot, bytes]]:
        """Where, and under which stems, others of its shot may stand."""
        return frozenset((named.spot, named.parts.stem) for named in self.names)

    @cached_property
    def moment(self) -> datetime:
        """The capture time."""
        return datetime.fromisoformat(self.member.taken_at)

    @cached_property
    def is_current(self) -> bool:
        """Whether it lies anywhere still; a sidecar that was rewritten has nothing more to say."""
        return any(place.current for place in self.member.places)

    @cached_property
    def says_local(self) -> bool:
        """Whether the capture time shows the clock on the wall, not UTC."""
        return self.member.taken_from not in _ONLY_UTC

    @cached_property
    def attaches(self) -> bool:
        """Whether it has no part of its own, only one in another's asset."""
        by_name = {Trait.THUMBNAIL, Trait.LOW_RESOLUTION} & self.traits
        return self.member.family is Family.COMPANION or bool(by_name)


def same_shot(one: Shot, other: Shot) -> bool:
    """Tell whether two files of one stem in one folder were taken within 2 s."""
    if one.stems.isdisjoint(other.stems) or _different_ids(one, other):
        return False
    if TakenFrom.MTIME in (one.member.taken_from, other.member.taken_from):
        # Whatever was copied or unpacked together has one modification time; only an edit that
        # lost its capture time is known by its name alone.
        return Trait.EDITED in one.traits ^ other.traits
    return seconds_apart(one, other) <= SAME_SHOT


def _different_ids(one: Shot, other: Shot) -> bool:
    """Two content identifiers mean two shots, unless one is an edit, which gets a new one."""
    ids = {one.member.content_identifier, other.member.content_identifier} - {None}
    return len(ids) > 1 and Trait.EDITED not in one.traits | other.traits


def seconds_apart(one: Shot, other: Shot) -> float:
    """Give how far apart two capture times are, in seconds.

    Videos often tell UTC where stills tell the clock on the wall: then what is
    left over quarters of an hour counts, because that is what offsets are made of.
    """
    a, b = one.moment, other.moment
    if a.tzinfo and b.tzinfo:
        return abs((a - b).total_seconds())
    apart = abs((_wall(a) - _wall(b)).total_seconds())
    if one.says_local == other.says_local or apart > _MOST_OFFSET:
        return apart
    left = apart % _QUARTER
    return min(left, _QUARTER - left)


def _wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
