"""Snapshots: everything lstat and the bytes say of a tree, as JSON lines."""

import base64
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .facts import READERS, Facts, Unreadable

CHUNK = 1 << 20
KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "dir",
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "fifo",
    stat.S_IFSOCK: "socket",
    stat.S_IFBLK: "device",
    stat.S_IFCHR: "device",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in a tree. ``facts`` is filled for sidecars and quick metadata."""

    root: str
    """The tree's absolute path."""
    path: bytes
    """Relative to the root; empty for the root itself."""
    kind: str
    size: int
    mode: int
    mtime_ns: int
    dev: int
    inode: int
    links: int
    sha256: str | None = None
    facts: Facts | None = None
    fault: str | None = None
    """Why a sidecar or quick metadata cannot be read."""

    @property
    def name(self) -> bytes:
        """Without folder."""
        return self.path.rpartition(b"/")[2]

    @property
    def absolute(self) -> bytes:
        """Root and path."""
        return os.fsencode(self.root) + (b"/" + self.path if self.path else b"")

    @property
    def shown(self) -> str:
        """A form that can be printed."""
        return self.path.decode("utf-8", "backslashreplace") or "."


def take(root: Path) -> list[Entry]:
    """Snapshot a tree, the root first, folders in the order of their names.

    A tree that is not there has no entries.
    """
    if not os.path.lexists(root):
        return []
    return list(_walk(str(root), b""))


def _walk(root: str, path: bytes) -> Iterator[Entry]:
    entry = _entry(root, path)
    yield entry
    if entry.kind == "dir":
        for name in sorted(os.listdir(entry.absolute)):
            yield from _walk(root, path + b"/" + name if path else name)


def _entry(root: str, path: bytes) -> Entry:
    full = os.fsencode(root) + (b"/" + path if path else b"")
    status = os.lstat(full)
    kind = KINDS[stat.S_IFMT(status.st_mode)]
    sha256, facts, fault = _content(full, kind)
    return Entry(
        root,
        path,
        kind,
        0 if kind == "dir" else status.st_size,
        stat.S_IMODE(status.st_mode),
        status.st_mtime_ns,
        status.st_dev,
        status.st_ino,
        1 if kind == "dir" else status.st_nlink,
        sha256,
        facts,
        fault,
    )


def _content(full: bytes, kind: str) -> tuple[str | None, Facts | None, str | None]:
    if kind == "link":
        return _link(full), None, None
    if kind != "file":
        return None, None, None
    reader = next((reader for end, reader in READERS.items() if full.endswith(end)), None)
    if reader is None:
        return _sha256(full), None, None
    data = Path(os.fsdecode(full)).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    try:
        return digest, reader(data), None
    except Unreadable as error:
        return digest, None, str(error)


def _link(full: bytes) -> str:
    return hashlib.sha256(os.readlink(full)).hexdigest()  # noqa: PTH115 - the name is bytes


def _sha256(full: bytes) -> str:
    digest = hashlib.sha256()
    with open(full, "rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write(entries: Iterable[Entry], file: Path) -> None:
    """Write a snapshot as JSON lines; a path that is not UTF-8 is ``path_b64``."""
    with file.open("w", encoding="utf-8") as out:
        for entry in entries:
            out.write(json.dumps(_to_json(entry), sort_keys=True) + "\n")


def _to_json(entry: Entry) -> dict[str, object]:
    row = {key: value for key, value in asdict(entry).items() if value is not None}
    try:
        row["path"] = entry.path.decode()
    except UnicodeDecodeError:
        del row["path"]
        row["path_b64"] = base64.b64encode(entry.path).decode()
    return row


def read(file: Path) -> list[Entry]:
    """Read what ``write`` wrote."""
    with file.open(encoding="utf-8") as lines:
        return [_from_json(json.loads(line)) for line in lines]


def _from_json(row: dict[str, object]) -> Entry:
    raw = row.pop("path_b64", None)
    row["path"] = base64.b64decode(str(raw)) if raw is not None else str(row["path"]).encode()
    return Entry(**row)  # type: ignore[arg-type]  # our own file, written just above
