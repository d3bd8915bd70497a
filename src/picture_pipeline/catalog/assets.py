"""Booking assets: their kinds and members, and what changes of originals for it."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from picture_pipeline.catalog.records import (
    Words,
    keyword_rows,
    original_of,
    original_row,
    words_of,
)
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import assets, keywords, memberships, originals
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.model.asset import Group
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.original import Original


def add_assets(connection: Connection, groups: Sequence[Group]) -> None:
    """Book assets and their kinds, before the originals that name them."""
    rows = [{"id": group.id, "kind": group.kind.value} for group in groups]
    insert_missing(connection, assets, rows, update=("kind",))


def change_originals(connection: Connection, changed: Sequence[Original]) -> None:
    """Book originals anew, keywords too; drop the assets that nothing names any more."""
    if not changed:
        return
    digests = [original.digest for original in changed]
    ids = ids_of(connection, digests)
    left = _assets_of(connection, digests)
    rows = [{f"b_{k}": v for k, v in original_row(original).items()} for original in changed]
    columns = [key.removeprefix("b_") for key in rows[0]]
    connection.execute(
        update(originals)
        .where(originals.c.digest == bindparam("b_digest"))
        .values({name: bindparam(f"b_{name}") for name in columns if name != "digest"}),
        rows,
    )
    connection.execute(delete(keywords).where(keywords.c.original_id.in_(ids.values())))
    words = [row for original in changed for row in keyword_rows(ids[original.digest], original)]
    if words:
        connection.execute(insert(keywords), words)
    _drop_empty(connection, left)


def add_memberships(connection: Connection, groups: Sequence[Group]) -> None:
    """Book which further assets companions serve, in place of what was booked before."""
    guests = [m for group in groups for m in group.members if not m.home]
    for part in sliced(group.id for group in groups):
        connection.execute(delete(memberships).where(memberships.c.asset.in_(part)))
    if guests:
        ids = ids_of(connection, [m.digest for m in guests])
        rows = [
            {"asset": m.asset, "original_id": ids[m.digest], "role": m.role.value} for m in guests
        ]
        connection.execute(insert(memberships), rows)


def originals_of(connection: Connection, digests: Collection[Digest]) -> dict[Digest, Original]:
    """Give all that is booked of some originals, keywords too."""
    found: dict[Digest, Original] = {}
    for part in sliced(digests):
        rows = connection.execute(select(originals).where(originals.c.digest.in_(part))).mappings()
        by_id = {row["id"]: row for row in rows}
        words = words_by_id(connection, by_id)
        found.update(
            (Digest(row["digest"]), original_of(row, words[i])) for i, row in by_id.items()
        )
    return found


def words_by_id(connection: Connection, ids: Collection[int]) -> dict[int, Words]:
    """Give the keywords of originals, tags, albums and people among them, by their row ids."""
    pairs: dict[int, list[tuple[str, str]]] = {original_id: [] for original_id in ids}
    for row in connection.execute(
        select(keywords.c.original_id, keywords.c.kind, keywords.c.word)
        .where(keywords.c.original_id.in_(ids))
        .order_by(keywords.c.original_id, keywords.c.position)
    ):
        pairs[row.original_id].append((row.kind, row.word))
    return {original_id: words_of(given) for original_id, given in pairs.items()}


def ids_of(connection: Connection, digests: Sequence[Digest]) -> dict[Digest, int]:
    """Give the row ids of originals."""
    found: dict[Digest, int] = {}
    for part in sliced(digests):
        rows = connection.execute(
            select(originals.c.id, originals.c.digest).where(originals.c.digest.in_(part))
        )
        found.update((Digest(row.digest), row.id) for row in rows)
    return found


def _assets_of(connection: Connection, digests: Sequence[Digest]) -> set[str]:
    found: set[str] = set()
    for part in sliced(digests):
        found.update(
            connection.execute(
                select(originals.c.asset).where(originals.c.digest.in_(part))
            ).scalars()
        )
    return found


def _drop_empty(connection: Connection, left: Collection[str]) -> None:
    for part in sliced(left):
        empty = connection.execute(
            select(assets.c.id).where(
                assets.c.id.in_(part), ~exists().where(originals.c.asset == assets.c.id)
            )
        ).scalars()
        ids = list(empty)
        connection.execute(delete(memberships).where(memberships.c.asset.in_(ids)))
        connection.execute(delete(assets).where(assets.c.id.in_(ids)))
