"""Zips read in place: each export's members as folders of files; nothing is unpacked here."""

import os
import stat
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import NamedTuple

from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    EntryKind,
    FileStamp,
    FolderListing,
    NotYet,
    SourceSpec,
    Unlistable,
    Unopenable,
    Way,
    Within,
    printable,
)
from picture_pipeline.ports import Source
from picture_pipeline.sources.zip_directory import ZipMember, read_directory
from picture_pipeline.sources.zip_faults import ZipFault
from picture_pipeline.sources.zip_members import Packed, fault_of, read_small
from picture_pipeline.sources.zip_names import export_of, harmless

_ZIP = b".zip"
_ARCHIVES = (_ZIP, b".7z", b".rar", b".tar", b".tgz", b".tar.gz", b".tar.xz", b".tar.bz2")
_WITHIN = "an archive within an archive is not opened; unpack it"
_NO_ZIP = "only zips are read in place; unpack it, or export again as zip"
_NOTES = (b".json", b".csv")
_TABLES = (b".csv",)
_FILES = (EntryKind.FILE, EntryKind.LINK_TO_FILE)
_READ_ONLY = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


class _Place(NamedTuple):
    """Where a virtual file's bytes are."""

    container: bytes
    """The zip, relative to the source; empty: the source is the zip."""
    member: ZipMember


@dataclass(slots=True)
class ZipsSource:
    """A folder whose zips are folders; or one zip. See ``ports.Source``.

    ``inner`` walks the folder, and is asked whether a name may be opened. The
    members of all parts of one export stand in one virtual folder
    (``takeout-20240101T000000Z.zip/Takeout/...``), so that a JSON in one part
    and its picture in another are side by side. A member is known by its own
    size, time and checksum: a zip that is moved or fetched again holds nothing
    new. The stamp's inode stands for the notes (JSONs of its folder, all CSVs):
    when a later part brings some, what they tell is booked without reading the
    pictures again.
    """

    inner: Source
    _shelf: defaultdict[bytes, dict[bytes, _Place]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    """All virtual files, by folder and name; as good as the latest walk."""
    _faults: dict[tuple[bytes, bytes], ZipFault] = field(default_factory=dict)
    """Zips that cannot be read, by folder and name."""

    @property
    def spec(self) -> SourceSpec:
        """Who this source is."""
        return self.inner.spec

    @property
    def shows_all(self) -> bool:
        """Whether a name that the listings lack is gone: not while a zip cannot be read."""
        return self.inner.shows_all and not self._faults

    def check(self) -> None:
        """Raise UsageError when the source's root is not there."""
        if not os.path.exists(self.spec.path):  # noqa: PTH110 - paths are bytes
            raise UsageError(
                f"{printable(self.spec.path)}: no such folder or zip; "
                "check the path, and that the volume is mounted"
            )

    def listings(self) -> Iterator[FolderListing | Unlistable]:
        """Walk the real folders, then those in zips; see ``ports.Source``."""
        self.check()
        self._shelf.clear()
        self._faults.clear()
        if os.path.isdir(self.spec.path):  # noqa: PTH112 - paths are bytes
            for listing in self.inner.listings():
                yield self._shelved(listing) if isinstance(listing, FolderListing) else listing
        else:
            fault = self._shelve(b"", b"")
            if fault is not None:
                yield Unlistable(b"", fault.detail)
        tables = list(self._notes(_TABLES, self._shelf))
        for folder in sorted(self._shelf):
            mark = _mark([*self._notes(_NOTES, (folder,)), *tables])
            yield FolderListing(folder, tuple(sorted(self._entries(folder, mark))))

    def _entries(self, folder: bytes, mark: int) -> Iterator[Entry]:
        for name, (_, member) in self._shelf[folder].items():
            size = min(member.size, _MOST)
            yield Entry(name, EntryKind.FILE, FileStamp(size, member.mtime_ns, member.crc, mark))

    def _notes(
        self, endings: tuple[bytes, ...], folders: Iterable[bytes]
    ) -> Iterator[tuple[bytes, int]]:
        for folder in folders:
            for name, place in self._shelf[folder].items():
                if name.lower().endswith(endings):
                    yield _join(folder, name), place.member.crc

    def _shelved(self, listing: FolderListing) -> FolderListing:
        """Read the zips of a folder; give what is left: other files, and zips with a fault."""
        left = []
        for entry in listing.entries:
            if not self._is_zip(listing.folder, entry):
                left.append(entry)
                continue
            container = _join(listing.folder, entry.name)
            fault = self._shelve(container, self._virtual(listing.folder, entry.name))
            if fault is not None:
                self._faults[listing.folder, entry.name] = fault
                left.append(entry)
        return FolderListing(listing.folder, tuple(left))

    def _is_zip(self, folder: bytes, entry: Entry) -> bool:
        if entry.kind not in _FILES or not entry.name.lower().endswith(_ZIP):
            return False
        return isinstance(self.inner.classify(folder, entry), Candidate)

    def _virtual(self, folder: bytes, zip_name: bytes) -> bytes:
        """Give the folder that a zip's members stand in, which is no real one."""
        virtual = _join(folder, export_of(zip_name))
        while os.path.isdir(_join(self.spec.path, virtual)):  # noqa: PTH112 - paths are bytes
            virtual += b"~"
        return virtual

    def _shelve(self, container: bytes, virtual: bytes) -> ZipFault | None:
        """Book a zip's members as virtual files; says why it cannot be read."""
        try:
            fd = os.open(self._path(container), _READ_ONLY)
            try:
                members = read_directory(fd)
            finally:
                os.close(fd)
        except ZipFault as fault:
            return fault
        except OSError as error:
            return ZipFault("unreadable", error.strerror or str(error))
        again: dict[tuple[bytes, bytes], int] = {}
        for member in members:
            folder, name = harmless(member.name)
            self._put(_join(virtual, folder), name, _Place(container, member), again)
        return None

    def _put(
        self, folder: bytes, name: bytes, place: _Place, again: dict[tuple[bytes, bytes], int]
    ) -> None:
        """Put a member on the shelf; of several of one name the later ones in ``(2)``, ``(3)``."""
        key, target = (folder, name), folder
        while name in self._shelf.get(target, ()):
            again[key] = again.get(key, 1) + 1
            target = _join(folder, b"(%d)" % again[key])
        self._shelf[target][name] = place

    def classify(self, folder: bytes, entry: Entry) -> Candidate | Unopenable | NotYet:
        """Tell whether an entry may be opened: by kind, name, and the zip's directory."""
        fault = self._faults.get((folder, entry.name))
        place = self._shelf.get(folder, {}).get(entry.name)
        found = self.inner.classify(folder, entry)
        if fault is None and isinstance(found, Candidate):
            fault = _fault(entry.name, place)
        if fault is not None:
            return Unopenable(folder, entry.name, entry.stamp, fault.reason, fault.detail)
        if place is None or not isinstance(found, Candidate):
            return found
        key = Packed.of(place.member).encoded()
        within = Within(Way.ZIP, place.container, key)
        return replace(found, within=within, told_in_inode=True)

    def folders(self, folder: bytes) -> list[bytes]:
        """Give the names of the folders in a folder, real or in a zip; none on trouble."""
        start = folder + b"/" if folder else b""
        below = (f[len(start) :] for f in self._shelf if f.startswith(start) and f != folder)
        virtual = {rest.partition(b"/")[0] for rest in below}
        return sorted(virtual | {e.name for e in self._scan(folder) if _is_folder(e)})

    def names(self, folder: bytes) -> list[bytes]:
        """Give the names of the files in a folder, real or in a zip; none on trouble."""
        if folder in self._shelf:
            return sorted(self._shelf[folder])
        return sorted(entry.name for entry in self._scan(folder) if not _is_folder(entry))

    def _scan(self, folder: bytes) -> list[os.DirEntry[bytes]]:
        try:
            with os.scandir(_join(self.spec.path, folder)) as found:
                return list(found)
        except OSError:
            return []

    def read(self, folder: bytes, name: bytes, most: int) -> bytes | None:
        """Give a small file's bytes; None for one that is larger, gone or damaged."""
        place = self._shelf.get(folder, {}).get(name)
        path = self._path(place.container) if place else self._path(_join(folder, name))
        try:
            fd = os.open(path, _READ_ONLY)
            try:
                if place is not None:
                    return read_small(fd, Packed.of(place.member), most)
                return _whole(fd, most)
            finally:
                os.close(fd)
        except (OSError, ZipFault):
            return None

    def _path(self, relative: bytes) -> bytes:
        return _join(self.spec.path, relative) if relative else self.spec.path


def _mark(notes: Iterable[tuple[bytes, int]]) -> int:
    """Give 63 bits that change when what notes tell may have changed."""
    whole = sha256(repr(sorted(notes)).encode()).digest()
    return int.from_bytes(whole[:8]) >> 1


_MOST = (1 << 63) - 1
"""Catalogs hold signed 64 bits."""


def _fault(name: bytes, place: _Place | None) -> ZipFault | None:
    if name.lower().endswith(_ARCHIVES):
        return ZipFault("closed_archive", _WITHIN if place else _NO_ZIP)
    return fault_of(place.member) if place else None


def _whole(fd: int, most: int) -> bytes | None:
    status = os.fstat(fd)
    is_small = stat.S_ISREG(status.st_mode) and status.st_size <= most
    return os.pread(fd, most, 0) if is_small else None


def _is_folder(entry: os.DirEntry[bytes]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _join(folder: bytes, name: bytes) -> bytes:
    return b"/".join(filter(None, (folder, name)))
