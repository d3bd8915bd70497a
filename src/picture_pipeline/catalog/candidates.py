"""The books of candidates that were looked at and are not archived."""

import base64
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.engine import reading, writing
from picture_pipeline.catalog.records import folder_key, stamp_columns
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.source_scans import last_source_scans
from picture_pipeline.catalog.tables import (
    candidates,
    folders,
    originals,
    reclaimed,
    refusals,
    sightings,
    sources,
)
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.model.candidate import FileStamp, FolderListing, SourceName, SourceSpec
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness, PictureHash
from picture_pipeline.model.looked import LOOKER_VERSION, Seen
from picture_pipeline.model.media import Family

_Places = Mapping[int, bytes]
"""Folders by their row's id."""
_STAMP = ("size", "mtime_ns", "ctime_ns", "inode")
_APART = frozenset({"hash", "gray", "family", "digest", "size"})


class SqlLookBooks:
    """Candidates in the catalog; see ``ports.looking.LookBooks``."""

    def __init__(self, catalog: SqlCatalog, recogniser: int) -> None:
        self._catalog = catalog
        self._engine = catalog.engine
        self._recogniser = recogniser

    def add_source(self, spec: SourceSpec) -> None:
        """Make a source known; raises UsageError when its name means another path."""
        self._catalog.add_source(spec)

    def digests_of_size(self, sizes: Iterable[int]) -> Mapping[int, frozenset[Digest]]:
        """Give the digests of all originals of exactly these sizes."""
        return self._catalog.digests_of_size(sizes)

    def seen_before(
        self, source: SourceName, listings: Sequence[FolderListing]
    ) -> dict[tuple[bytes, bytes], list[Seen]]:
        """Give what is known, by folder and name."""
        known: defaultdict[tuple[bytes, bytes], list[Seen]] = defaultdict(list)
        with reading(self._engine) as connection:
            for places in _places(connection, source, [each.folder for each in listings]):
                for read in (_reclaimed, _sighted, _looked, self._refused):
                    for seen in read(connection, places):
                        known[seen.folder, seen.name].append(seen)
        return known

    def _refused(self, connection: Connection, places: _Places) -> Iterator[Seen]:
        rows = connection.execute(
            select(refusals).where(
                refusals.c.folder_id.in_(places), refusals.c.recogniser >= self._recogniser
            )
        ).mappings()
        for row in rows:
            yield Seen(
                places[row["folder_id"]],
                bytes(row["name"]),
                _stamp(row),
                outcome=row["outcome"],
                reason=row["reason"],
            )

    def record(self, source: SourceName, seen: Sequence[Seen], time: str) -> None:
        """Remember candidates, in place of what was known of the same names."""
        with writing(self._engine) as connection:
            ids = _folder_ids(connection, source, {each.folder for each in seen}, time)
            rows = {(ids[each.folder], each.name): _row(ids[each.folder], each) for each in seen}
            connection.execute(
                delete(candidates).where(_by_key()),
                [{"b_folder_id": folder_id, "b_name": name} for folder_id, name in rows],
            )
            connection.execute(insert(candidates), list(rows.values()))

    def files_before(self, source: SourceName) -> int | None:
        """Count a source's entries at the last whole look; None when there was none.

        What whole looks noted; else all files of it that are known.
        """
        with reading(self._engine) as connection:
            its = _id_of(connection, source)
            scans = last_source_scans(connection, source, 1)
            return scans[0].files if scans else _known_files(connection, its) or None

    def forget_others(self, source: SourceName, seen: Sequence[Seen]) -> None:
        """Forget the candidates of a source that a whole look did not show."""
        there = {(each.folder, each.name) for each in seen}
        with writing(self._engine) as connection:
            rows = connection.execute(
                select(candidates.c.folder_id, candidates.c.name, folders.c.path)
                .join(folders, folders.c.id == candidates.c.folder_id)
                .where(folders.c.source_id == _id_of(connection, source))
            )
            gone = [
                {"b_folder_id": row.folder_id, "b_name": bytes(row.name)}
                for row in rows
                if (bytes(row.path), bytes(row.name)) not in there
            ]
            if gone:
                connection.execute(delete(candidates).where(_by_key()), gone)


def _id_of(connection: Connection, source: SourceName) -> int:
    found: int = connection.execute(
        select(sources.c.id).where(sources.c.name == source)
    ).scalar_one()
    return found


def _known_files(connection: Connection, source_id: int) -> int:
    """Count what lay there when it was last looked at: originals and candidates."""
    total = 0
    for table, lies_there in (
        (sightings, and_(sightings.c.current, sightings.c.last_seen.is_(None))),
        (candidates, candidates.c.outcome == "looked"),
    ):
        total += connection.execute(
            select(func.count())
            .select_from(table)
            .join(folders, folders.c.id == table.c.folder_id)
            .where(folders.c.source_id == source_id, lies_there)
        ).scalar_one()
    return total


def _by_key() -> ColumnElement[bool]:
    return and_(
        candidates.c.folder_id == bindparam("b_folder_id"),
        candidates.c.name == bindparam("b_name"),
    )


def _places(
    connection: Connection, source: SourceName, wanted: Sequence[bytes]
) -> Iterator[dict[int, bytes]]:
    its = _id_of(connection, source)
    for part in sliced(wanted):
        rows = connection.execute(
            select(folders.c.id, folders.c.path).where(
                folders.c.source_id == its, folders.c.key.in_([folder_key(path) for path in part])
            )
        )
        yield {row.id: bytes(row.path) for row in rows}


def _folder_ids(
    connection: Connection, source: SourceName, wanted: set[bytes], time: str
) -> dict[bytes, int]:
    """Give the rows of folders, making those that are missing."""
    its = _id_of(connection, source)
    rows = [
        {"source_id": its, "key": folder_key(path), "path": path, "scanned_at": time}
        for path in sorted(wanted)
    ]
    insert_missing(connection, folders, rows, key=("source_id", "key"))
    found = _places(connection, source, sorted(wanted))
    return {path: folder_id for places in found for folder_id, path in places.items()}


def _stamp(row: RowMapping) -> FileStamp:
    return FileStamp(*(row[name] for name in _STAMP))


def _sighted(connection: Connection, places: _Places) -> Iterator[Seen]:
    rows = connection.execute(
        select(*(sightings.c[name] for name in ("folder_id", "name", *_STAMP)), originals.c.digest)
        .join(originals, originals.c.id == sightings.c.original_id)
        .where(sightings.c.folder_id.in_(places), sightings.c.current)
    ).mappings()
    for row in rows:
        yield Seen(places[row["folder_id"]], bytes(row["name"]), _stamp(row), Digest(row["digest"]))


def _reclaimed(connection: Connection, places: _Places) -> Iterator[Seen]:
    rows = connection.execute(
        # Without a time it was only announced: the file may still be there.
        select(reclaimed).where(reclaimed.c.folder_id.in_(places), reclaimed.c.reclaimed_at != "")
    ).mappings()
    for row in rows:
        stamp = FileStamp(row["size"], row["mtime_ns"], 0, 0)
        digest = Digest(row["digest"])
        yield Seen(places[row["folder_id"]], bytes(row["name"]), stamp, digest, reclaimed=True)


def _looked(connection: Connection, places: _Places) -> Iterator[Seen]:
    """Give the candidates that need no second look.

    One that was noted as archived, and is no longer, is looked at again.
    """
    rows = connection.execute(
        select(candidates, originals.c.id.label("original_id"))
        .outerjoin(originals, originals.c.digest == candidates.c.digest)
        .where(candidates.c.folder_id.in_(places), candidates.c.looker >= LOOKER_VERSION)
    ).mappings()
    for row in rows:
        likeness = _likeness(row)
        if likeness is None and row["outcome"] == "looked" and row["original_id"] is None:
            continue
        yield Seen(
            places[row["folder_id"]],
            bytes(row["name"]),
            _stamp(row),
            Digest(row["digest"]) if row["digest"] else None,
            likeness,
            row["outcome"],
            row["reason"],
        )


def _row(folder_id: int, seen: Seen) -> dict[str, object]:
    likeness = seen.likeness
    return {
        "folder_id": folder_id,
        "name": seen.name,
        **stamp_columns(seen.stamp),
        "looker": LOOKER_VERSION,
        "outcome": seen.outcome,
        "reason": seen.reason,
        "digest": seen.digest,
        "facts": _facts(likeness) if likeness else None,
        "pdq": likeness.hash.pdq if likeness and likeness.hash else None,
        "quality": likeness.hash.quality if likeness and likeness.hash else None,
    }


def _facts(likeness: Likeness) -> str:
    told = {
        name: value
        for name, value in asdict(likeness).items()
        if name not in _APART and value is not None
    }
    gray = base64.b64encode(likeness.gray).decode("ascii")
    return json.dumps({**told, "family": likeness.family.value, "gray": gray}, sort_keys=True)


def _likeness(row: RowMapping) -> Likeness | None:
    if row["facts"] is None:
        return None
    told = json.loads(row["facts"])
    family, gray = Family(told.pop("family")), base64.b64decode(told.pop("gray"))
    pdq, quality = row["pdq"], row["quality"]
    picture_hash = PictureHash(bytes(pdq), quality) if pdq is not None else None
    return Likeness(
        digest=Digest(row["digest"]),
        size=row["size"],
        family=family,
        gray=gray,
        hash=picture_hash,
        **told,
    )
