"""Reading assets page by page."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from sqlalchemy import Connection, Engine, select, tuple_, union_all

from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.queries import conditions_of, place_of
from picture_pipeline.catalog.records import original_of
from picture_pipeline.catalog.tables import assets, memberships, originals
from picture_pipeline.model.asset import Role
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.query import AssetListed, AssetMember, Filter

_PAGE = 1000
_PRIMARY = Role.PRIMARY.value


def page_assets(
    engine: Engine, wanted: Filter, after: Digest | None = None
) -> Iterator[AssetListed]:
    """Give all assets of which a member fits, oldest primary first; constant memory.

    ``after`` begins behind the asset with this primary.
    """
    primary = originals.alias("primary")
    last = place_of(engine, after) if after else ("", 0)
    key = tuple_(primary.c.taken_sort, primary.c.id)
    query = select(primary).where(primary.c.role == _PRIMARY)
    conditions = conditions_of(wanted)
    if conditions:
        query = query.where(primary.c.asset.in_(select(originals.c.asset).where(*conditions)))
    query = query.order_by(*key.clauses).limit(_PAGE)
    while True:
        with reading(engine) as connection:
            rows = connection.execute(query.where(key > last)).mappings().all()
            ids = [row["asset"] for row in rows]
            kinds, members = kinds_of(connection, ids), members_of(connection, ids)
        for row in rows:
            asset = row["asset"]
            yield AssetListed(original_of(row), kinds[asset], members[asset])
        if len(rows) < _PAGE:
            return
        last = (rows[-1]["taken_sort"], rows[-1]["id"])


def kinds_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """Give the kinds of assets."""
    rows = connection.execute(select(assets).where(assets.c.id.in_(ids)))
    return {row.id: row.kind for row in rows}


def members_of(connection: Connection, ids: Collection[str]) -> dict[str, tuple[AssetMember, ...]]:
    """Give the members of assets, the primary first, then in order of arrival."""
    home = select(originals.c.asset, originals.c.id, originals.c.digest, originals.c.role).where(
        originals.c.asset.in_(ids)
    )
    guests = (
        select(memberships.c.asset, originals.c.id, originals.c.digest, memberships.c.role)
        .join(originals, originals.c.id == memberships.c.original_id)
        .where(memberships.c.asset.in_(ids))
    )
    rows = connection.execute(union_all(home, guests)).all()
    found: defaultdict[str, list[AssetMember]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.role != _PRIMARY, row.id)):
        found[row.asset].append(AssetMember(Digest(row.digest), row.role))
    return {asset: tuple(members) for asset, members in found.items()}
