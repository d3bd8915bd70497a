"""The members that a batch is grouped with: new originals, and those near them in the archive."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from picture_pipeline.model.asset import Member, Neighbourhood, Place, Spot
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Known, Staged, Tie, Tied
from picture_pipeline.model.media import Family
from picture_pipeline.model.original import Original, Sighting
from picture_pipeline.model.run import Batch
from picture_pipeline.model.stems import take_apart
from picture_pipeline.ports import Books
from picture_pipeline.workflows.plan import Finished

_LAST = 1 << 62
"""New originals arrive after all that have a row."""


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
    """Give where the batch saw each original."""
    found: dict[Digest, tuple[Place, ...]] = {}
    for sighting in (*(p.sighting for p in batch.publications), *batch.sightings):
        found[sighting.digest] = (*found.get(sighting.digest, ()), _place(sighting))
    return found


def _place(sighting: Sighting) -> Place:
    return Place(sighting.source, sighting.folder, sighting.name, sighting.stamp.size)


def key_of(place: Place) -> tuple[SourceName, bytes, bytes]:
    """Give what a place is, whatever bytes lie there."""
    return place.source, place.folder, place.name


def seen_too(
    member: Member,
    seen: Mapping[Digest, tuple[Place, ...]],
    latest: Mapping[tuple[SourceName, bytes, bytes], Digest],
) -> Member:
    """Add what the batch saw: further places, and other bytes at places known before."""
    kept = (
        replace(p, current=p.current and latest.get(key_of(p), member.digest) == member.digest)
        for p in member.places
    )
    return replace(member, places=(*kept, *seen.get(member.digest, ())))


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
