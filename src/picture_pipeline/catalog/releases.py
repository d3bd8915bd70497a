"""What the catalog knows of files in sources that may be let go, or were."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Table,
    and_,
    delete,
    func,
    select,
    update,
)

from picture_pipeline.catalog.books import SqlBooks
from picture_pipeline.catalog.engine import reading, writing
from picture_pipeline.catalog.records import folder_key, stamp_columns
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import (
    folders,
    originals,
    reclaimed,
    refusals,
    sightings,
    sources,
)
from picture_pipeline.catalog.upsert import insert_missing
from picture_pipeline.model.candidate import FileStamp, SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import LedgerLine
from picture_pipeline.model.release import (
    Booked,
    BookedFile,
    BookedFolder,
    Hollow,
    Place,
    RefusedFile,
)
from picture_pipeline.model.run import Batch

_ANNOUNCED = ""
"""``reclaimed_at`` of a placeholder that is about to be made."""
_STAMP = ("size", "mtime_ns", "ctime_ns", "inode")


class SqlReleases:
    """See ``ports.ReleaseCatalog``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def booked(
        self, source: SourceName, root: bytes, wanted: Sequence[bytes]
    ) -> Mapping[bytes, BookedFolder]:
        """Give what is booked of the files in some folders of a source."""
        found: defaultdict[bytes, dict[bytes, Booked]] = defaultdict(dict)
        with reading(self._engine) as connection:
            for part in sliced(wanted):
                chosen = _folders_of(source, part)
                for row in connection.execute(_refused().where(chosen)):
                    reason = RefusedFile(_stamp(row), row.reason, row.detail)
                    found[bytes(row.folder)][bytes(row.name)] = reason
                for row in connection.execute(_archived().where(chosen)):
                    found[bytes(row.folder)][bytes(row.name)] = _booked_file(row, root)
                for row in connection.execute(_hollow().where(chosen)):
                    found[bytes(row.folder)][bytes(row.name)] = _hollow_file(row, root)
        return found

    def hollows(self, source: SourceName | None = None) -> Iterator[Hollow]:
        """Give the placeholders, of one source or of all."""
        query = _hollow().order_by(folders.c.id, reclaimed.c.name)
        if source is not None:
            query = query.where(sources.c.name == source)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return (_hollow_file(row, bytes(row.root)) for row in rows)

    def names_with_policy(self, policy: str) -> list[str]:
        """Give the sources that the catalog knows by this policy."""
        query = select(sources.c.name).where(
            sources.c.policy == policy, sources.c.removed_at.is_(None)
        )
        with reading(self._engine) as connection:
            return list(connection.execute(query.order_by(sources.c.name)).scalars())

    @contextmanager
    def releasing(self) -> Iterator["SqlReleaseBooks"]:
        """Open a transaction that one publisher at a time gets; all or nothing."""
        with writing(self._engine) as connection:
            yield SqlReleaseBooks(connection)


class SqlReleaseBooks:
    """See ``ports.ReleaseBooks``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._books = SqlBooks(connection)

    def paths_of(self, digests: Sequence[Digest]) -> dict[Digest, str]:
        """Give the paths of those digests that the catalog knows."""
        return self._books.paths_of(digests)

    def check(self) -> None:
        """Make sure that the transaction still stands; raises CatalogUnavailable."""
        self._books.check()

    def note_removed(self, files: Sequence[BookedFile], time: str) -> None:
        """Book that these places are empty now: what was seen there stays on record."""
        for file in files:
            self._connection.execute(
                update(sightings)
                .where(self._at(sightings, file.source, file.place), sightings.c.current)
                .values(last_seen=time)
            )

    def announce_hollow(self, files: Sequence[tuple[BookedFile, int]]) -> None:
        """Book that these files (with their permissions) are about to become placeholders."""
        insert_missing(
            self._connection,
            reclaimed,
            [
                {
                    "folder_id": self._folder_id(file.source, file.place.folder),
                    "name": file.place.name,
                    "digest": file.digest,
                    "size": file.stamp.size,
                    "mtime_ns": file.stamp.mtime_ns,
                    "mode": mode,
                    "reclaimed_at": _ANNOUNCED,
                }
                for file, mode in files
            ],
            update=("digest", "size", "mtime_ns", "mode", "reclaimed_at"),
        )

    def note_hollow(
        self, place: BookedFile | Hollow, digest: Digest, stamp: FileStamp, time: str
    ) -> None:
        """Book that a placeholder lies here, known by this stamp, so that it is never taken in."""
        self._connection.execute(
            update(reclaimed)
            .where(self._at(reclaimed, place.source, place.place))
            .values(reclaimed_at=time)
        )
        self._show(place, digest, stamp)

    def forget_hollow(self, hollow: BookedFile | Hollow, stamp: FileStamp | None) -> None:
        """Book that no placeholder lies here; with a stamp: its original does again."""
        self._connection.execute(
            delete(reclaimed).where(self._at(reclaimed, hollow.source, hollow.place))
        )
        if stamp is not None:
            self._show(hollow, hollow.digest, stamp)
        else:
            # What lies there was known by less than its whole stamp: the next import looks again.
            self._look_again(hollow)

    def record(self, batch: Batch, lines: Sequence[LedgerLine]) -> None:
        """Book the events of a batch."""
        self._books.record(batch, lines)

    def _show(self, place: BookedFile | Hollow, digest: Digest, stamp: FileStamp) -> None:
        """Book that a place stands for an original, whatever an import made of it meanwhile."""
        here = self._at(sightings, place.source, place.place)
        original = select(originals.c.id).where(originals.c.digest == digest).scalar_subquery()
        connection = self._connection
        connection.execute(update(sightings).where(here).values(current=False))
        connection.execute(
            update(sightings)
            .where(here, sightings.c.original_id == original)
            .values(current=True, last_seen=None, **stamp_columns(stamp))
        )
        connection.execute(delete(refusals).where(self._at(refusals, place.source, place.place)))
        # Whoever removes a refusal clears the folder's fingerprint.
        self._look_again(place)

    def _look_again(self, place: BookedFile | Hollow) -> None:
        folder = self._folder_id(place.source, place.place.folder)
        self._connection.execute(
            update(folders).where(folders.c.id == folder).values(fingerprint=None)
        )

    def _at(self, table: Table, source: SourceName, place: Place) -> ColumnElement[bool]:
        folder = self._folder_id(source, place.folder)
        return and_(table.c.folder_id == folder, table.c.name == place.name)

    def _folder_id(self, source: SourceName, folder: bytes) -> int:
        query = select(folders.c.id).join(sources).where(_folders_of(source, [folder]))
        found: int = self._connection.execute(query).scalar_one()
        return found


def _folders_of(source: SourceName, paths: Iterable[bytes]) -> ColumnElement[bool]:
    keys = [folder_key(path) for path in paths]
    return and_(sources.c.name == source, folders.c.key.in_(keys))


def _archived() -> Select[*tuple[Any, ...]]:
    columns = (
        *(sources.c.name.label("source"), folders.c.path.label("folder"), sightings.c.name),
        *(sightings.c[name] for name in _STAMP),
        *(originals.c.digest, originals.c.path, originals.c.asset, sightings.c.first_seen),
    )
    return (
        select(*columns)
        .select_from(sightings)
        .join(folders, folders.c.id == sightings.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
        .join(originals, originals.c.id == sightings.c.original_id)
        .where(sightings.c.current)
    )


def _refused() -> Select[*tuple[Any, ...]]:
    columns = (
        *(folders.c.path.label("folder"), refusals.c.name, refusals.c.reason, refusals.c.detail),
        *(refusals.c[name] for name in _STAMP),
    )
    return (
        select(*columns)
        .select_from(refusals)
        .join(folders, folders.c.id == refusals.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
    )


def _hollow() -> Select[*tuple[Any, ...]]:
    here = and_(
        sightings.c.folder_id == reclaimed.c.folder_id,
        sightings.c.name == reclaimed.c.name,
        sightings.c.current,
    )
    return (
        select(
            sources.c.name.label("source"),
            sources.c.path.label("root"),
            folders.c.path.label("folder"),
            *reclaimed.c,
            func.coalesce(originals.c.path, "").label("path"),
            *(sightings.c[name].label(f"s_{name}") for name in _STAMP),
        )
        .select_from(reclaimed)
        .join(folders, folders.c.id == reclaimed.c.folder_id)
        .join(sources, sources.c.id == folders.c.source_id)
        .outerjoin(sightings, here)
        .outerjoin(originals, originals.c.digest == reclaimed.c.digest)
    )


def _stamp(row: Row[*tuple[Any, ...]]) -> FileStamp:
    return FileStamp(row.size, row.mtime_ns, row.ctime_ns, row.inode)


def _booked_file(row: Row[*tuple[Any, ...]], root: bytes) -> BookedFile:
    return BookedFile(
        source=SourceName(row.source),
        place=Place(root, bytes(row.folder), bytes(row.name)),
        stamp=_stamp(row),
        digest=Digest(row.digest),
        path=row.path,
        asset=Digest(row.asset),
        first_seen=row.first_seen,
    )


def _hollow_file(row: Row[*tuple[Any, ...]], root: bytes) -> Hollow:
    known = row.s_size is not None
    return Hollow(
        source=SourceName(row.source),
        place=Place(root, bytes(row.folder), bytes(row.name)),
        size=row.size,
        mtime_ns=row.mtime_ns,
        mode=row.mode,
        digest=Digest(row.digest),
        path=row.path,
        finished=row.reclaimed_at != _ANNOUNCED,
        stamp=FileStamp(row.s_size, row.s_mtime_ns, row.s_ctime_ns, row.s_inode) if known else None,
    )
