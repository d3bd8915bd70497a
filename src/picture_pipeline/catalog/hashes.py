"""Perceptual hashes of the archive's pictures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, Engine, and_, exists, func, or_, select

from picture_pipeline.catalog.assets import ids_of
from picture_pipeline.catalog.engine import reading, writing
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import originals, picture_hashes
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import HASHER_VERSION, PictureHash
from picture_pipeline.model.media import Family
from picture_pipeline.model.run import Publication

_PAGE = 5000


def add_picture_hashes(connection: Connection, publications: Sequence[Publication]) -> None:
    """Book the hashes of originals that were booked in the same transaction."""
    made = {p.original.digest: p.picture_hash for p in publications if p.picture_hash}
    _add(connection, made)


def _add(connection: Connection, hashes: Mapping[Digest, PictureHash]) -> None:
    if not hashes:
        return
    ids = ids_of(connection, list(hashes))
    rows = [
        {
            "original_id": ids[digest],
            "pdq": its.pdq,
            "quality": its.quality,
            "hasher": HASHER_VERSION,
        }
        for digest, its in hashes.items()
        if digest in ids
    ]
    insert_missing(connection, picture_hashes, rows, update=("pdq", "quality", "hasher"))


def note_hashes(engine: Engine, hashes: Mapping[Digest, PictureHash]) -> None:
    """Book hashes of originals archived earlier; those the catalog does not know are left out."""
    with writing(engine) as connection:
        _add(connection, hashes)


_CURRENT = and_(
    picture_hashes.c.original_id == originals.c.id, picture_hashes.c.hasher >= HASHER_VERSION
)
_LACKING = and_(originals.c.family != Family.COMPANION.value, ~exists().where(_CURRENT))


def count_unhashed(engine: Engine) -> int:
    """Count the originals that have a picture, but no hash of this version."""
    with reading(engine) as connection:
        query = select(func.count()).select_from(originals).where(_LACKING)
        return connection.execute(query).scalar_one()


def unhashed(engine: Engine) -> Iterator[list[Digest]]:
    """Give them page by page; each comes once, also when it gets no hash meanwhile."""
    last = 0
    query = select(originals.c.id, originals.c.digest).order_by(originals.c.id).limit(_PAGE)
    while True:
        with reading(engine) as connection:
            rows = connection.execute(query.where(_LACKING, originals.c.id > last)).all()
        if not rows:
            return
        last = rows[-1].id
        yield [Digest(row.digest) for row in rows]


def page_hashes(engine: Engine) -> Iterator[tuple[Digest, PictureHash, bool]]:
    """Give each hash of the archive, and whether it is a video's poster."""
    last = 0
    query = (
        select(originals.c.id, originals.c.digest, originals.c.family, picture_hashes)
        .join(picture_hashes, picture_hashes.c.original_id == originals.c.id)
        .order_by(originals.c.id)
        .limit(_PAGE)
    )
    while True:
        with reading(engine) as connection:
            rows = connection.execute(query.where(originals.c.id > last)).all()
        for row in rows:
            video = row.family == Family.VIDEO.value
            yield Digest(row.digest), PictureHash(bytes(row.pdq), row.quality), video
        if len(rows) < _PAGE:
            return
        last = rows[-1].id


def hashes_of(engine: Engine, digests: Iterable[Digest]) -> dict[Digest, PictureHash]:
    """Give the hashes of those originals that have one."""
    found: dict[Digest, PictureHash] = {}
    with reading(engine) as connection:
        for part in sliced(digests):
            rows = connection.execute(
                select(originals.c.digest, picture_hashes.c.pdq, picture_hashes.c.quality)
                .join(picture_hashes, picture_hashes.c.original_id == originals.c.id)
                .where(originals.c.digest.in_(part))
            )
            for row in rows:
                found[Digest(row.digest)] = PictureHash(bytes(row.pdq), row.quality)
    return found


def at_seconds(engine: Engine, seconds: Iterable[str]) -> dict[str, list[Digest]]:
    """Give by capture second (``YYYY-MM-DDTHH:MM:SS``, wall time) the originals taken then."""
    found: dict[str, list[Digest]] = {}
    with reading(engine) as connection:
        for part in sliced(set(seconds), 200):
            spans = [
                and_(originals.c.taken_sort >= s, originals.c.taken_sort < s + "/") for s in part
            ]
            query = select(originals.c.digest, originals.c.taken_sort).where(or_(*spans))
            for row in connection.execute(query):
                found.setdefault(row.taken_sort[:19], []).append(Digest(row.digest))
    return found
