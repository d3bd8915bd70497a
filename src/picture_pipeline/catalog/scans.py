"""What the catalog knows of a source's files, by folder."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, and_, bindparam, literal, select, union_all, update

from picture_pipeline.catalog.records import folder_key
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import folders, originals, reclaimed, refusals, sightings
from picture_pipeline.model.candidate import FileStamp, FolderListing
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Earlier


def known_stamps(
    connection: Connection, source_id: int, listings: Sequence[FolderListing], recogniser: int
) -> dict[bytes, dict[bytes, FileStamp]]:
    """Give for each folder the stamps under which its names need no second look.

    These are archived files, and files refused by a recogniser at least as new
    as ``recogniser`` (0: every refusal counts; very high: none does).
    """
    columns = ("folder_id", "name", "size", "mtime_ns", "ctime_ns", "inode")
    known: dict[bytes, dict[bytes, FileStamp]] = {}
    for paths in _folder_paths(connection, source_id, (folder for folder, _ in listings)):
        known.update((path, {}) for path in paths.values())
        archived = select(*(sightings.c[name] for name in columns)).where(
            sightings.c.folder_id.in_(paths), sightings.c.current
        )
        refused = select(*(refusals.c[name] for name in columns)).where(
            refusals.c.folder_id.in_(paths), refusals.c.recogniser >= recogniser
        )
        stamps = {folder_id: known[path] for folder_id, path in paths.items()}
        for row in connection.execute(union_all(archived, refused)).all():
            stamps[row[0]][row[1]] = _stamp(FileStamp, row[2:])
        _let_hollows_change_owners(connection, paths, listings, known)
    return known


def _let_hollows_change_owners(
    connection: Connection,
    paths: Mapping[int, bytes],
    listings: Sequence[FolderListing],
    known: dict[bytes, dict[bytes, FileStamp]],
) -> None:
    """Take placeholders of ours for known although their ctime is another.

    A container that downloads (boredazfcuk's icloudpd) gives all its files their
    owner and mode anew at each start; nothing is to be read in them again.
    """
    rows = connection.execute(
        select(reclaimed.c.folder_id, reclaimed.c.name).where(
            reclaimed.c.folder_id.in_(paths), reclaimed.c.reclaimed_at != ""
        )
    ).all()
    hollow = {(paths[folder_id], bytes(name)) for folder_id, name in rows}
    if not hollow:
        return
    for folder, entries in listings:
        for entry in entries:
            stamp = known.get(folder, {}).get(entry.name)
            if stamp and (folder, entry.name) in hollow:
                now = entry.stamp._replace(ctime_ns=stamp.ctime_ns)
                known[folder][entry.name] = entry.stamp if now == stamp else stamp


_stamp = tuple.__new__
"""Makes a named tuple at half the cost of calling its class; a scan makes one for each file."""


def _folder_paths(
    connection: Connection, source_id: int, wanted: Iterable[bytes]
) -> Iterator[dict[int, bytes]]:
    for part in sliced(wanted):
        rows = connection.execute(
            select(folders.c.id, folders.c.path).where(
                folders.c.source_id == source_id,
                folders.c.key.in_([folder_key(path) for path in part]),
            )
        )
        yield {row.id: bytes(row.path) for row in rows}


def originals_at(
    connection: Connection, source_id: int, names: Sequence[tuple[bytes, bytes]]
) -> dict[tuple[bytes, bytes], Earlier]:
    """Give the originals that these places (folder, name) showed last, reclaimed or not."""
    found: dict[tuple[bytes, bytes], Earlier] = {}
    wanted = set(names)
    columns = (
        *(sightings.c.folder_id, sightings.c.name, originals.c.digest, originals.c.path),
        *(originals.c.media_type, originals.c.incomplete, originals.c.content_identifier),
        reclaimed.c.size,
    )
    hollow = and_(
        reclaimed.c.folder_id == sightings.c.folder_id, reclaimed.c.name == sightings.c.name
    )
    for paths in _folder_paths(connection, source_id, {folder for folder, _ in names}):
        rows = connection.execute(
            select(*columns)
            .join(originals, originals.c.id == sightings.c.original_id)
            .outerjoin(reclaimed, hollow)
            .where(
                sightings.c.folder_id.in_(paths),
                sightings.c.name.in_({name for _, name in names}),
                sightings.c.current,
            )
        )
        for folder_id, name, digest, *rest in rows:
            if (paths[folder_id], bytes(name)) in wanted:
                found[paths[folder_id], bytes(name)] = Earlier(Digest(digest), *rest)
    return found


def unchanged_folders(
    connection: Connection, source_id: int, fingerprints: Mapping[bytes, bytes]
) -> set[bytes]:
    """Give those folders of which every entry is booked just as it is now."""
    unchanged: set[bytes] = set()
    for part in sliced(fingerprints):
        rows = connection.execute(
            select(folders.c.path, folders.c.fingerprint).where(
                folders.c.source_id == source_id,
                folders.c.key.in_([folder_key(path) for path in part]),
            )
        ).all()
        unchanged.update(path for path, booked in rows if booked == fingerprints[path])
    return unchanged


def note_unchanged(
    connection: Connection, source_id: int, fingerprints: Mapping[bytes, bytes], time: str
) -> None:
    """Book what these folders look like when each of their entries is booked.

    Whoever removes a sighting or a refusal has to clear the folder's fingerprint.
    """
    if fingerprints:
        connection.execute(
            update(folders)
            .where(folders.c.source_id == source_id, folders.c.key == bindparam("b_key"))
            .values(scanned_at=literal(time), fingerprint=bindparam("b_fingerprint")),
            [
                {"b_key": folder_key(path), "b_fingerprint": fingerprint}
                for path, fingerprint in fingerprints.items()
            ],
        )


def note_scan(
    connection: Connection,
    source_id: int,
    listings: Sequence[FolderListing],
    known: Mapping[bytes, Mapping[bytes, FileStamp]],
    time: str,
) -> None:
    """Book that these folders were looked at, and which known names are gone.

    A name that is gone keeps its row; its ``last_seen`` becomes the folder's
    last scan that still showed it. One that is back loses it again.
    """
    _note_back(connection, source_id, listings)
    for listing in listings:
        gone = set(known.get(listing.folder, ())) - {entry.name for entry in listing.entries}
        if gone:
            _note_gone(connection, source_id, listing.folder, gone)
    if listings:
        connection.execute(
            update(folders)
            .where(folders.c.source_id == source_id, folders.c.key == bindparam("b_key"))
            .values(scanned_at=literal(time)),
            [{"b_key": folder_key(listing.folder)} for listing in listings],
        )


def _note_back(connection: Connection, source_id: int, listings: Sequence[FolderListing]) -> None:
    present = {listing.folder: {entry.name for entry in listing.entries} for listing in listings}
    for paths in _folder_paths(connection, source_id, present):
        rows = connection.execute(
            select(sightings.c.folder_id, sightings.c.name).where(
                sightings.c.folder_id.in_(paths),
                sightings.c.current,
                sightings.c.last_seen.is_not(None),
            )
        )
        back = [
            {"b_folder_id": folder_id, "b_name": bytes(name)}
            for folder_id, name in rows
            if bytes(name) in present[paths[folder_id]]
        ]
        if back:
            connection.execute(
                update(sightings)
                .where(
                    sightings.c.folder_id == bindparam("b_folder_id"),
                    sightings.c.name == bindparam("b_name"),
                    sightings.c.current,
                )
                .values(last_seen=None),
                back,
            )


def _note_gone(
    connection: Connection, source_id: int, folder: bytes, names: Iterable[bytes]
) -> None:
    found = connection.execute(
        select(folders.c.id, folders.c.scanned_at).where(
            folders.c.source_id == source_id, folders.c.key == folder_key(folder)
        )
    ).one()
    connection.execute(
        update(sightings)
        .where(
            sightings.c.folder_id == found.id,
            sightings.c.name == bindparam("b_name"),
            sightings.c.last_seen.is_(None),
        )
        .values(last_seen=literal(found.scanned_at)),
        [{"b_name": name} for name in names],
    )
