"""The members that a batch is grouped with: new originals, and those near them in the archive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from picture_pipeline.model.asset import Group, Member, Neighbourhood, Place, Spot
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Known, Staged, Tie, Tied
from picture_pipeline.model.media import Family
from picture_pipeline.model.original import Original, Sighting
from picture_pipeline.model.run import Batch
from picture_pipeline.model.stems import take_apart
from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.ports import Books
from picture_pipeline.workflows.hear import heard
from picture_pipeline.workflows.plan import Finished

_LAST = 1 << 62
"""New originals arrive after all that have a row."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A batch among what the archive holds near it."""

    members: tuple[Member, ...]
    groups: tuple[Group, ...]
    """As booked."""
    ties: Mapping[Digest, Tied]
    present: frozenset[Digest]
    """Originals that the batch brings or saw again."""
    told: Mapping[Digest, Told]
    """What sources tell of each member."""
    retold: frozenset[Digest]
    """Those of which they told something else before the batch."""


def scene_of(
    books: Books, batch: Batch, finished: Iterable[Finished], new: Mapping[Digest, Original]
) -> Scene:
    """Find what a batch is grouped with, as it is once the batch is booked."""
    ties = ties_of(finished)
    hood = neighbourhood_of(books, batch, new, ties)
    seen = places_of(batch)
    latest = {key_of(p): digest for digest, places in seen.items() for p in places if p.current}
    members = (
        *(superseded(seen_too(member, seen, latest), ties) for member in hood.members),
        *(member_of(o, seen, number) for number, o in enumerate(new.values())),
    )
    before = {member.digest: heard(member.places) for member in hood.members}
    told = {member.digest: heard(member.places) for member in members}
    retold = (d for d, now in told.items() if now != before.get(d, NOTHING))
    present = frozenset((*new, *seen))
    return Scene(members, hood.groups, ties, present, told, frozenset(retold))


def ties_of(finished: Iterable[Finished]) -> dict[Digest, Tied]:
    """Give by the earlier original what has come in its place: digest and kind of tie."""
    found: dict[Digest, Tied] = {}
    for one in finished:
        match one.inspected:
            case Staged(checksums=checksums, tied=Tied(tie, earlier)):
                found[earlier] = Tied(tie, checksums.sha256)
            case Known(digest=digest, tied=Tied(tie, earlier)):
                found[earlier] = Tied(tie, digest)
            case _:
                pass
    return found


def neighbourhood_of(
    books: Books, batch: Batch, new: Mapping[Digest, Original], ties: Mapping[Digest, Tied]
) -> Neighbourhood:
    """Give what the archive holds near a batch, by every hint that the batch gives."""
    spots: set[Spot] = set()
    sightings = [*(p.sighting for p in batch.publications), *batch.sightings]
    for sighting in sightings:
        parts = take_apart(sighting.name, sighting.stamp.size)
        stems = {parts.stem, parts.also} - {None}
        spots.update((sighting.source, sighting.folder, stem) for stem in stems if stem)
    return books.neighbourhood(
        spots,
        {o.content_identifier for o in new.values() if o.content_identifier},
        {o.burst for o in new.values() if o.burst},
        {s.digest for s in batch.sightings if s.digest not in new} | ties.keys(),
    )


def places_of(batch: Batch) -> dict[Digest, tuple[Place, ...]]:
    """Give where the batch saw each original; of two sightings of one place the later counts."""
    found: dict[Digest, dict[Key, Place]] = {}
    latest: dict[Key, Digest] = {}
    for sighting in (*(p.sighting for p in batch.publications), *batch.sightings):
        place = _place(sighting)
        found.setdefault(sighting.digest, {})[key_of(place)] = place
        latest[key_of(place)] = sighting.digest
    return {
        digest: tuple(_unless(latest[key] != digest, p) for key, p in places.items())
        for digest, places in found.items()
    }


def _place(sighting: Sighting) -> Place:
    stamp, told = sighting.stamp, sighting.told
    return Place(sighting.source, sighting.folder, sighting.name, stamp.size, told=told)


def _unless(other: bool, place: Place) -> Place:  # noqa: FBT001 - reads as it is called
    """Give a place as current, unless other bytes lie there now."""
    return replace(place, current=False) if other else place


Key = tuple[SourceName, bytes, bytes]


def key_of(place: Place) -> Key:
    """Give what a place is, whatever bytes lie there."""
    return place.source, place.folder, place.name


def seen_too(
    member: Member,
    seen: Mapping[Digest, tuple[Place, ...]],
    latest: Mapping[Key, Digest],
) -> Member:
    """Add what the batch saw: further places, the same anew, other bytes at places known before."""
    anew = seen.get(member.digest, ())
    again = {key_of(place) for place in anew}
    kept = (
        _unless(latest.get(key_of(p), member.digest) != member.digest, p)
        for p in member.places
        if key_of(p) not in again
    )
    return replace(member, places=(*kept, *anew))


def superseded(member: Member, ties: Mapping[Digest, Tied]) -> Member:
    """Give a member with the whole file that came in its place, if one did."""
    tied = ties.get(member.digest)
    if tied is None or tied.tie is not Tie.SUPERSEDES:
        return member
    return replace(member, superseded_by=tied.earlier)


def member_of(original: Original, seen: Mapping[Digest, tuple[Place, ...]], number: int) -> Member:
    """Give a new original as a member; ``number`` is its place in the batch."""
    return Member(
        digest=original.digest,
        family=Family(original.family),
        media_type=original.media_type,
        taken_at=original.taken_at,
        taken_from=original.taken_from,
        places=seen[original.digest],
        arrived=_LAST + number,
        content_identifier=original.content_identifier,
        burst=original.burst,
        incomplete=original.incomplete,
        revises=original.revises,
    )
