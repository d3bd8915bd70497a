"""A folder of files; what fills it makes rules and albums differ."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    EntryKind,
    FileStamp,
    FolderListing,
    SourceSpec,
    Unlistable,
    Unopenable,
    printable,
)
from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.sources.albums import no_albums
from picture_pipeline.sources.ignored import GENERAL, Rules

_REASONS = {
    EntryKind.LINK_TO_FOLDER: ("link_to_folder", "a symlink to a folder is not followed"),
    EntryKind.DANGLING_LINK: ("dangling_link", "the symlink leads nowhere"),
    EntryKind.SPECIAL: ("special_file", "a FIFO, device or socket is never opened"),
    EntryKind.UNREADABLE: ("unreadable", "its status, or where it leads, could not be read"),
}
_LEADS_NOWHERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)
_NO_STAMP = FileStamp(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class FolderSource:
    """All files below a folder, or only the named ones directly in it.

    ``forbidden`` are (device, inode) of folders that are never entered:
    picture-pipeline's own.
    """

    spec: SourceSpec
    only: frozenset[bytes] | None = None
    forbidden: frozenset[tuple[int, int]] = frozenset()
    rules: Rules = GENERAL
    albums: Callable[[bytes, bytes], tuple[str, ...]] = no_albums

    @property
    def shows_all(self) -> bool:
        """Whether a name that the listings lack is gone."""
        return self.only is None

    def check(self) -> None:
        """Raise UsageError when the source's root is not there."""
        if not os.path.isdir(self.spec.path):  # noqa: PTH112 - paths are bytes
            raise UsageError(
                f"{printable(self.spec.path)}: no such folder; "
                "check the path, and that the volume is mounted"
            )

    def listings(self) -> Iterator[FolderListing | Unlistable]:
        """Walk depth first, names in byte order; see ``ports.Source``."""
        self.check()
        pending = [b""]
        while pending:
            folder = pending.pop()
            listing, folders = self.list_one(folder)
            yield listing
            pending.extend(sorted(folders, reverse=True))

    def list_one(self, folder: bytes) -> tuple[FolderListing | Unlistable, list[bytes]]:
        """List one folder (relative to the root); gives its subfolders too, in any order."""
        entries: list[Entry] = []
        folders: list[bytes] = []
        try:
            with os.scandir(os.path.join(self.spec.path, folder)) as found:  # noqa: PTH118 - bytes
                for entry in found:
                    if entry.is_dir(follow_symlinks=False):
                        self._add_folder(folder, entry, folders)
                    elif self.only is None or entry.name in self.only:
                        seen = _entry(entry)
                        if seen is not None:
                            entries.append(seen)
        except OSError as error:
            return Unlistable(folder, error.strerror or str(error)), []
        entries.sort()
        return FolderListing(folder, tuple(entries)), folders

    def _add_folder(self, folder: bytes, entry: os.DirEntry[bytes], folders: list[bytes]) -> None:
        if self.only is not None or self._is_forbidden(entry):
            return
        folders.append(folder + b"/" + entry.name if folder else entry.name)

    def _is_forbidden(self, entry: os.DirEntry[bytes]) -> bool:
        if not self.forbidden:
            return False
        inode = entry.inode()
        if not any(inode == forbidden for _, forbidden in self.forbidden):
            return False
        with suppress(OSError):
            return (entry.stat(follow_symlinks=False).st_dev, inode) in self.forbidden
        return False

    def classify(self, folder: bytes, entry: Entry) -> Candidate | Unopenable:
        """Tell by kind and name alone whether an entry may be opened."""
        why_not = self.rules.why_not(self.spec.path, folder, entry.name)
        if why_not is not None:
            return Unopenable(folder, entry.name, entry.stamp, "ignored", why_not)
        if entry.kind in _REASONS:
            reason, detail = _REASONS[entry.kind]
            return Unopenable(folder, entry.name, entry.stamp, reason, detail)
        is_link = entry.kind is EntryKind.LINK_TO_FILE
        return Candidate(folder, entry.name, entry.stamp, is_link, told=self._told(folder))

    def _told(self, folder: bytes) -> Told:
        albums = self.albums(self.spec.path, folder)
        return Told(albums=albums) if albums else NOTHING


def _entry(entry: os.DirEntry[bytes]) -> Entry | None:
    """Tell what an entry is; None for one that vanished meanwhile.

    Regular files come first and by the shortest way: a second run spends its
    time here.
    """
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError:
        return Entry(entry.name, EntryKind.UNREADABLE, _NO_STAMP)
    stamp = FileStamp.of(status)
    if stat.S_ISREG(status.st_mode):
        return Entry(entry.name, EntryKind.FILE, stamp)
    if stat.S_ISLNK(status.st_mode):
        return _link_entry(entry, status)
    return Entry(entry.name, EntryKind.SPECIAL, stamp)


def _link_entry(entry: os.DirEntry[bytes], link: os.stat_result) -> Entry:
    try:
        target = entry.stat(follow_symlinks=True)
    except OSError as error:
        nowhere = error.errno in _LEADS_NOWHERE
        kind = EntryKind.DANGLING_LINK if nowhere else EntryKind.UNREADABLE
        return Entry(entry.name, kind, FileStamp.of(link))
    if stat.S_ISREG(target.st_mode):
        return Entry(entry.name, EntryKind.LINK_TO_FILE, FileStamp.of(target))
    if stat.S_ISDIR(target.st_mode):
        return Entry(entry.name, EntryKind.LINK_TO_FOLDER, FileStamp.of(link))
    return Entry(entry.name, EntryKind.SPECIAL, FileStamp.of(link))
