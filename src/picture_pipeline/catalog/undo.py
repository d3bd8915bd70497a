"""What a run archived, what else refers to it, and how it leaves the catalog and comes back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby

from sqlalchemy import Connection, Row, Select, func, or_, select

from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import (
    events,
    memberships,
    originals,
    reclaimed,
    runs,
)
from picture_pipeline.errors import UsageError
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import EventType
from picture_pipeline.model.run import RunId
from picture_pipeline.model.undoing import Added, Additions, News

_SEEN = ("archived", "duplicate")
_GIVEN_BACK = "restored"

History = Iterable[Row[str, str, int, int, str, str]]


def additions(connection: Connection, run: RunId) -> Additions:
    """Give all that a run archived and the archive still holds.

    Raises UsageError for a run that is not known.
    """
    started = connection.execute(select(runs.c.started_at).where(runs.c.id == run)).scalar()
    if started is None:
        raise UsageError(f"there is no run {run}; see them with: picture-pipeline imports")
    undone = frozenset(
        connection.execute(select(runs.c.id).where(runs.c.undone_at.is_not(None))).scalars()
    )
    seen_by = dict(_seen_by(connection.execute(_histories(run)), run, undone))
    rows = {row.digest: row for part in sliced(seen_by) for row in _rows(connection, part)}
    in_assets = _assets_of(connection, {row.id: row for row in rows.values()})
    reclaimed_ones = _reclaimed(connection, seen_by)
    found = tuple(
        Added(
            digest=Digest(row.digest),
            path=row.path,
            size=row.size,
            sidecar_sha256=row.sidecar_sha256,
            assets=frozenset(in_assets[row.id]),
            names=_names(row),
            seen_by=seen_by[row.digest][0],
            only_copy=seen_by[row.digest][1] or row.digest in reclaimed_ones,
        )
        for row in sorted(rows.values(), key=lambda row: row.id)
    )
    return Additions(
        run=run,
        started_at=started,
        originals=found,
        occupied=_occupied(connection, found),
        named=_named_by_others(connection, {added.digest for added in found}),
        heads=heads(connection),
    )


def _histories(run: RunId) -> Select[tuple[str, str, int, int, str, str]]:
    """Ask for all that befell the originals that a run archived, in order: one pass over all."""
    ours = select(events.c.digest).where(events.c.run_id == run, events.c.outcome == "archived")
    return (
        select(
            *(events.c.digest, events.c.time, events.c.run_id, events.c.seq),
            *(events.c.type, events.c.outcome),
        )
        .where(
            events.c.digest.in_(ours),
            or_(
                events.c.type == EventType.DELETION.value,
                events.c.outcome.in_((*_SEEN, _GIVEN_BACK)),
            ),
        )
        .order_by(events.c.digest, events.c.time, events.c.run_id, events.c.seq)
    )


def _seen_by(
    history: History, run: RunId, undone: Collection[int]
) -> Iterator[tuple[str, tuple[tuple[RunId, ...], bool]]]:
    """Give for each original the other runs that saw it since it came, and whether it was freed."""
    for digest, rows in groupby(history, key=lambda row: row[0]):
        seen: set[int] = set()
        before: set[int] = set()
        freed = False
        for row in rows:
            match row.outcome:
                case "archived" | "duplicate":
                    seen.add(row.run_id)
                case "trashed":
                    before, seen = seen, set()
                case "restored" if row.type == EventType.INGESTION.value:
                    seen |= before
                case "emptied":
                    pass
                case _:  # freed, reclaimed, moved; or given back to its source
                    freed = row.type == EventType.DELETION.value
        others = sorted(seen - {run} - set(undone))
        yield digest, (tuple(RunId(other) for other in others), freed)


def _rows(
    connection: Connection, digests: Collection[str]
) -> Iterator[Row[int, str, str, int, str, str, str, str]]:
    yield from connection.execute(
        select(
            *(originals.c.id, originals.c.digest, originals.c.path, originals.c.size),
            *(originals.c.sidecar_sha256, originals.c.asset),
            *(originals.c.superseded_by, originals.c.revises),
        ).where(originals.c.digest.in_(digests))
    ).all()


def _names(row: Row[int, str, str, int, str, str, str, str]) -> frozenset[Digest]:
    return frozenset(Digest(name) for name in (row.superseded_by, row.revises) if name)


def _assets_of(
    connection: Connection, rows: Mapping[int, Row[int, str, str, int, str, str, str, str]]
) -> dict[int, set[Digest]]:
    found = {row_id: {Digest(row.asset)} for row_id, row in rows.items()}
    for part in sliced(rows):
        guests = connection.execute(
            select(memberships.c.original_id, memberships.c.asset).where(
                memberships.c.original_id.in_(part)
            )
        )
        for row_id, asset in guests:
            found[row_id].add(Digest(asset))
    return found


def _reclaimed(connection: Connection, digests: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for part in sliced(digests):
        found.update(
            connection.execute(
                select(reclaimed.c.digest).where(reclaimed.c.digest.in_(part))
            ).scalars()
        )
    return found


def _occupied(connection: Connection, added: Iterable[Added]) -> frozenset[Digest]:
    """Give those of their assets that have other members too."""
    ours: defaultdict[str, set[str]] = defaultdict(set)
    for one in added:
        for asset in one.assets:
            ours[asset].add(one.digest)
    occupied: set[Digest] = set()
    for part in sliced(ours):
        home = select(originals.c.asset, originals.c.digest).where(originals.c.asset.in_(part))
        guest = (
            select(memberships.c.asset, originals.c.digest)
            .join(originals, originals.c.id == memberships.c.original_id)
            .where(memberships.c.asset.in_(part))
        )
        for asset, digest in connection.execute(home.union_all(guest)):
            if digest not in ours[asset]:
                occupied.add(Digest(asset))
    return frozenset(occupied)


def _named_by_others(connection: Connection, ours: Collection[str]) -> frozenset[Digest]:
    """Give those that originals of other runs name; few name any, so all who do are asked."""
    naming = select(originals.c.digest, originals.c.superseded_by, originals.c.revises).where(
        or_(originals.c.superseded_by.is_not(None), originals.c.revises.is_not(None))
    )
    return frozenset(
        Digest(name)
        for digest, *names in connection.execute(naming)
        if digest not in ours
        for name in names
        if name in ours
    )


def heads(connection: Connection) -> dict[str, int]:
    """Give for each writer the number of its last event; by the index, however many there are."""
    found: dict[str, int] = {}
    writer: str | None = ""
    while True:
        following = select(func.min(events.c.writer)).where(events.c.writer > writer)
        writer = connection.execute(following).scalar()
        if writer is None:
            return found
        last = select(func.max(events.c.seq)).where(events.c.writer == writer)
        found[writer] = connection.execute(last).scalar_one()


def news(connection: Connection, since: Mapping[str, int]) -> News:
    """Give what was booked since the writers' events ended there."""
    now = heads(connection)
    digests: set[str] = set()
    for writer, last in now.items():
        digests.update(
            connection.execute(
                select(events.c.digest)
                .where(events.c.writer == writer, events.c.seq > since.get(writer, 0))
                .where(events.c.digest.is_not(None), events.c.seq <= last)
            ).scalars()
        )
    rows = {row.id: row for part in sliced(digests) for row in _rows(connection, part)}
    in_assets = _assets_of(connection, rows)
    return News(
        heads=now,
        digests=frozenset(Digest(digest) for digest in digests),
        assets=frozenset(asset for found in in_assets.values() for asset in found),
        named=frozenset(name for row in rows.values() for name in _names(row)),
    )
