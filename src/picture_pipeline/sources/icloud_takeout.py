"""What an iCloud export (privacy.apple.com) tells of its pictures: CSVs by part.

Each part is a folder, or a zip, called ``iCloud Photos Part 1 of 3``. In it
lie ``Photos/`` with pictures and ``Photo Details.csv``, ``Photo Details-1.csv``...
(imgName, fileChecksum, favorite, hidden, deleted, originalCreationDate,
viewCount, importDate; times in GMT), and ``Albums/<name>.csv``, ``Memories/``
(one column of names). Counters wrap, so names repeat between parts and within
one: what is said holds for the names of its own part, and of several rows of
one name only what all of them say (simulot/immich-go #1281, #853, #924).
``fileChecksum`` is Apple's own and cannot be computed.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from picture_pipeline.model.stems import fold
from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.sources.telling import Tell, Tree

_LARGEST_CSV = 16 << 20
_MOST_ROWS = 200_000
_MOST_CSVS = 5_000
_MOST_FOLDERS = 2_000
_LEVELS = 4
"""``iCloud Photos Part 1 of 3.zip/iCloud Photos Part 1 of 3/Photos`` is three below the root."""
_CSV = b".csv"
_ALBUMS = (b"Albums", b"Shared Albums")
_NO_PICTURES = frozenset((*_ALBUMS, b"Memories"))
"""What lies beside the folders of pictures. Memories are Apple's own picks, nobody's albums."""
_LONGEST_TEXT = 1000
_NUMBER = re.compile(rb"[ ]?\(\d+\)(?=\.[^.]*\Z|\Z)")
_WHEN = re.compile(
    r"(?:[^\W\d]+,? )?(?P<month>[A-Z][a-z]{2})[a-z]* (?P<day>\d{1,2}), ?(?P<year>\d{4}) "
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d) (?P<half>[AP]M) GMT\Z"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FLAGS: Mapping[str, bool] = {"yes": True, "no": False, "true": True, "false": False}

_T = TypeVar("_T")


def icloud_notes(tree: Tree) -> Tell:
    """Give what tells of candidates by the CSVs of the export; they are read now."""
    parts = list(_parts(tree))
    albums = _albums(tree, parts)
    details = {folder: _details(tree, folder) for folder in _picture_folders(tree, parts)}
    return _Books(details, albums).tell


@dataclass(frozen=True, slots=True)
class _Detail:
    """One row of ``Photo Details.csv``."""

    favourite: bool | None
    hidden: bool | None
    deleted: bool | None
    taken_at: str | None


@dataclass(frozen=True, slots=True)
class _Books:
    """Rows and albums, by folder and folded name."""

    details: Mapping[bytes, Mapping[bytes, Sequence[_Detail]]]
    albums: Mapping[bytes, Mapping[bytes, Sequence[str]]] = field(default_factory=dict)

    def tell(self, folder: bytes, name: bytes) -> Told:
        """Tell of one candidate; nothing where no CSV of its part names it."""
        rows = _of_name(self.details.get(folder, {}), name)
        albums = _of_name(self.albums.get(folder, {}), name)
        if not rows and not albums:
            return NOTHING
        return Told(
            albums=tuple(dict.fromkeys(albums)),
            favourite=_agreed(row.favourite for row in rows),
            hidden=_agreed(row.hidden for row in rows),
            deleted=_agreed(row.deleted for row in rows),
            taken_at=_agreed(row.taken_at for row in rows),
        )


def _of_name(by_name: Mapping[bytes, Sequence[_T]], name: bytes) -> Sequence[_T]:
    """Find what is said of a name; of the second file of one name as of the first.

    ``IMG_1(1).JPG`` has the row of ``IMG_1.JPG``, which then stands there twice.
    """
    folded = fold(name)
    return by_name.get(folded) or by_name.get(_NUMBER.sub(b"", folded), ())


def _agreed(values: Iterable[_T | None]) -> _T | None:
    """Give what all say; None when they differ."""
    said = set(values)
    return said.pop() if len(said) == 1 else None


def _parts(tree: Tree) -> Iterator[bytes]:
    """Find the folders that hold ``Photos`` or ``Albums``: those of the parts."""
    pending = [(b"", 0)]
    for _ in range(_MOST_FOLDERS):
        if not pending:
            return
        folder, depth = pending.pop()
        below = tree.folders(folder)
        if _NO_PICTURES.union((b"Photos",)) & set(below):
            yield folder
        if depth < _LEVELS:
            pending.extend((_join(folder, name), depth + 1) for name in below)


def _picture_folders(tree: Tree, parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        folders = (_join(part, name) for name in tree.folders(part) if name not in _NO_PICTURES)
        yield from folders
    yield b""


def _details(tree: Tree, folder: bytes) -> Mapping[bytes, Sequence[_Detail]]:
    found: defaultdict[bytes, list[_Detail]] = defaultdict(list)
    for name in _csvs(tree, folder):
        for row in _rows(tree, folder, name):
            file = row.get("imgname")
            if file:
                found[fold(file.encode())].append(_detail(row))
    return found


def _detail(row: Mapping[str, str]) -> _Detail:
    return _Detail(
        favourite=_FLAGS.get(row.get("favorite", "").lower()),
        hidden=_FLAGS.get(row.get("hidden", "").lower()),
        deleted=_FLAGS.get(row.get("deleted", "").lower()),
        taken_at=utc_time(row.get("originalcreationdate", "")),
    )


def utc_time(text: str) -> str | None:
    """Read a time like ``Saturday June 4,2022 12:11 PM GMT``; None for any other.

    >>> utc_time("Saturday June 4,2022 12:11 PM GMT")
    '2022-06-04T12:11:00+00:00'
    """
    when = _WHEN.match(text.strip())
    if when is None or when["month"] not in _MONTHS:
        return None
    hour = int(when["hour"]) % 12 + 12 * (when["half"] == "PM")
    month = _MONTHS.index(when["month"]) + 1
    try:
        time = datetime(
            int(when["year"]), month, int(when["day"]), hour, int(when["minute"]), tzinfo=UTC
        )
    except ValueError:
        return None
    return time.isoformat()


def _albums(tree: Tree, parts: Sequence[bytes]) -> Mapping[bytes, Mapping[bytes, Sequence[str]]]:
    """Give albums by folder of pictures and name.

    A name in an album's CSV means the picture of its own part; where that has
    none, the one part of the export that has it; nothing when several do.
    """
    where = _pictures(tree, parts)
    found: defaultdict[bytes, defaultdict[bytes, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for part, album, files in _collections(tree, parts):
        for file in files:
            name = fold(file.encode())
            folders = where.get(name, ())
            own = [folder for folder in folders if _is_below(folder, part)]
            meant = own or (folders if len(folders) == 1 else ())
            for folder in meant:
                found[folder][name].append(album)
    return found


def _pictures(tree: Tree, parts: Sequence[bytes]) -> Mapping[bytes, Sequence[bytes]]:
    where: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for folder in dict.fromkeys(_picture_folders(tree, parts)):
        for name in tree.names(folder):
            where[fold(name)].append(folder)
    return where


def _collections(tree: Tree, parts: Sequence[bytes]) -> Iterator[tuple[bytes, str, Iterable[str]]]:
    """Give part, name and files of each album."""
    for part in parts:
        for collection in _ALBUMS:
            folder = _join(part, collection)
            for name in _csvs(tree, folder):
                album = name[: -len(_CSV)].decode("utf-8", "replace").strip()[:_LONGEST_TEXT]
                files = (next(iter(row.values()), "") for row in _rows(tree, folder, name))
                if album:
                    yield part, album, (file for file in files if file)


def _csvs(tree: Tree, folder: bytes) -> Sequence[bytes]:
    return [name for name in tree.names(folder) if name.lower().endswith(_CSV)][:_MOST_CSVS]


def _rows(tree: Tree, folder: bytes, name: bytes) -> Iterator[Mapping[str, str]]:
    """Give the rows of a CSV by their columns' names, in lower case; a broken one ends early."""
    data = tree.read(folder, name, _LARGEST_CSV) or b""
    lines = csv.reader(data.decode("utf-8-sig", "replace").splitlines())
    columns: list[str] = []
    for line in _bounded(lines):
        if columns:
            yield dict(zip(columns, (cell.strip() for cell in line), strict=False))
        else:
            columns = [cell.strip().lower() for cell in line]


def _bounded(lines: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        for _, line in zip(range(_MOST_ROWS), lines, strict=False):
            yield line
    except csv.Error:
        return


def _is_below(folder: bytes, part: bytes) -> bool:
    return not part or folder.startswith(part + b"/")


def _join(folder: bytes, name: bytes) -> bytes:
    return b"/".join(filter(None, (folder, name)))
