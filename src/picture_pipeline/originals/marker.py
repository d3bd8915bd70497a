"""The archive's marker: which archive lies here, and that it lies here at all.

An unmounted NAS leaves an empty folder behind. Only the marker
``.picture-pipeline/archive.json`` tells such a folder from the archive, so
nothing is written before it was read.
"""

import grp
import json
import os
import stat
import uuid
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from picture_pipeline.durable import files
from picture_pipeline.errors import ArchiveUnavailable, ConfigError, IntegrityError, UsageError
from picture_pipeline.originals.faults import archive_faults, unavailable
from picture_pipeline.originals.layout import CONTROL, INCOMING, LEDGER, ORIGINALS

if TYPE_CHECKING:
    from collections.abc import Iterator

LAYOUT_VERSION = 1
MARKER = "archive.json"
VIEWS = "views"
BACKUPS = "backups"
FOLDER_MODE = 0o3775
"""Group may write, new folders keep the group, only owners delete (sticky)."""
_MARKER_MODE = 0o444
_ABOUT = "This folder is an archive of picture-pipeline. Never delete or copy this file."
_TREE = (CONTROL, INCOMING, LEDGER, ORIGINALS, VIEWS, BACKUPS)


@dataclass(frozen=True, slots=True)
class ArchiveIdentity:
    """Which archive this is: a random id (32 hex digits) and the layout of its tree."""

    id: str
    layout_version: int


def create_marker(
    root: Path,
    *,
    random_bytes: Callable[[int], bytes],
    group: str | None = None,
    note: Callable[[str], None] = lambda _text: None,
) -> ArchiveIdentity:
    """Make the archive's folders and its marker; one that is there is kept.

    ``random_bytes`` is asked for 16 bytes (``os.urandom``). ``note`` is told
    what the file system would not do (permissions, group); the archive works
    without. Safe when two computers call it at once: both get the id of the
    one that was first. Raises ConfigError when the group does not exist,
    ArchiveUnavailable when the place cannot be written.
    """
    gid = group_id(group)
    with archive_faults(str(root)):
        made = _make_root(root)
        root_fd = files.open_folder(root)
    try:
        with archive_faults(str(root)):
            if made:
                _open_up(".", root_fd, gid, note)
            _make_tree(root_fd, gid, note)
            _publish_marker(root_fd, random_bytes)
        return read_marker(root_fd)
    finally:
        os.close(root_fd)


def has_marker(root: Path) -> bool:
    """Tell whether a marker, good or bad, lies below a folder that may be away."""
    return os.path.lexists(root / CONTROL / MARKER)


def read_marker(root_fd: int) -> ArchiveIdentity:
    """Read the marker below an open folder.

    Raises ArchiveUnavailable when there is none (naming the command that makes
    one) or the volume fails, IntegrityError when it cannot be understood,
    UsageError when a newer picture-pipeline made it.
    """
    place = _place(root_fd)
    try:
        data = _read(root_fd)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ArchiveUnavailable(
            f"{place}: no archive lies here ({CONTROL}/{MARKER} is missing); mount the NAS, "
            "or make an archive here with: picture-pipeline setup-storage"
        ) from error
    except OSError as error:
        raise unavailable(place, error) from error
    return parse_marker(data, place)


def group_id(group: str | None) -> int | None:
    """Give the number of a group (name or number); raises ConfigError for an unknown name."""
    if group is None:
        return None
    try:
        return int(group) if group.isdecimal() else grp.getgrnam(group).gr_gid
    except KeyError:
        fault = (
            f"storage.nas.group: this computer has no group {group!r}; make it "
            f"(groupadd {group}), or write a group that `getent group` lists"
        )
        raise ConfigError((fault,)) from None


def _make_root(root: Path) -> bool:
    if root.is_dir():
        return False
    root.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        root.mkdir()
    return True


def _make_tree(root_fd: int, gid: int | None, note: Callable[[str], None]) -> None:
    for path in _TREE:
        if files.make_folder(path, root_fd, FOLDER_MODE) or (gid is not None and path != BACKUPS):
            _open_up(path, root_fd, gid, note)
    for path in (CONTROL, "."):
        files.fsync_folder_at(path, root_fd)


def _open_up(path: str, root_fd: int, gid: int | None, note: Callable[[str], None]) -> None:
    with _opened(path, root_fd) as folder:
        if _is_open(os.fstat(folder), gid):
            return
        with suppress(OSError, NotImplementedError):
            if gid is not None:
                os.fchown(folder, -1, gid)
        with suppress(OSError, NotImplementedError):
            os.fchmod(folder, FOLDER_MODE)
        _note_what_was_refused(_place(folder), os.fstat(folder), gid, note)


def _is_open(now: os.stat_result, gid: int | None) -> bool:
    return stat.S_IMODE(now.st_mode) == FOLDER_MODE and gid in (None, now.st_gid)


def _note_what_was_refused(
    place: str, now: os.stat_result, gid: int | None, note: Callable[[str], None]
) -> None:
    if gid is not None and now.st_gid != gid:
        note(f"{place}: the group could not be set to {gid}; set it on the NAS (chgrp {gid})")
    mode = stat.S_IMODE(now.st_mode)
    if mode != FOLDER_MODE:
        note(
            f"{place}: the permissions stay {mode:04o}, not {FOLDER_MODE:04o}; other programs "
            "may be unable to write sidecars, or able to delete originals: set them on the NAS"
        )


def _publish_marker(root_fd: int, random_bytes: Callable[[int], bytes]) -> None:
    with _opened(CONTROL, root_fd) as folder:
        if not files.exists(MARKER, folder):
            _publish_new_marker(uuid.UUID(bytes=random_bytes(16), version=4).hex, folder)
        for name in os.listdir(folder):
            if name.startswith(f".{MARKER}.") and name.endswith(".tmp"):
                files.remove(name, folder)
        files.fsync_folder(folder)


def _publish_new_marker(identity: str, folder: int) -> None:
    document = {"about": _ABOUT, "id": identity, "layout_version": LAYOUT_VERSION}
    temp = f".{MARKER}.{identity}.tmp"
    files.write_new(temp, json.dumps(document, indent=1).encode() + b"\n", folder, _MARKER_MODE)
    # Another computer that was first may have cleared our temp file away.
    with suppress(FileNotFoundError):
        files.publish(temp, folder, MARKER, folder)


def _read(root_fd: int) -> bytes:
    with _opened(CONTROL, root_fd) as folder:
        return files.read(MARKER, folder)


def parse_marker(data: bytes, place: str) -> ArchiveIdentity:
    """Understand the marker's bytes; ``place`` is the archive's root, for messages.

    Raises IntegrityError when they are damaged, UsageError for a newer layout.
    """
    where = f"{place}/{CONTROL}/{MARKER}"
    try:
        document = json.loads(data)
        identity = ArchiveIdentity(
            id=uuid.UUID(hex=document["id"]).hex, layout_version=int(document["layout_version"])
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IntegrityError(
            f"{where}: the archive's marker cannot be understood; "
            "bring the file back from a backup or snapshot of the NAS"
        ) from error
    if identity.layout_version > LAYOUT_VERSION:
        raise UsageError(
            f"{where}: this archive has layout {identity.layout_version}, this picture-pipeline "
            f"knows layouts up to {LAYOUT_VERSION}; install a newer picture-pipeline"
        )
    return identity


@contextmanager
def _opened(path: str, root_fd: int) -> "Iterator[int]":
    folder = files.open_folder(path, root_fd)
    try:
        yield folder
    finally:
        os.close(folder)


def _place(fd: int) -> str:
    try:
        return str(Path(f"/proc/self/fd/{fd}").readlink())
    except OSError:
        return "the archive"
