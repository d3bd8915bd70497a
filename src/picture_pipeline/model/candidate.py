"""What a source offers, before anything is known of its content."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from os import stat_result
from struct import Struct
from typing import NamedTuple, NewType

from picture_pipeline.model.told import NOTHING, Told

SourceName = NewType("SourceName", str)


class FileStamp(NamedTuple):
    """What tells, without opening, that a file is still the one we know.

    A named tuple because a scan of 1,000,000 files makes and compares as many.
    """

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @classmethod
    def of(cls, status: stat_result) -> "FileStamp":
        """Take it from a file's status.

        Databases hold signed 64 bits; a few network file systems use the last
        bit of the inode number, which is dropped.
        """
        return tuple.__new__(  # half the cost of cls(...), and called for each file of a scan
            cls,
            (
                status.st_size,
                status.st_mtime_ns,
                status.st_ctime_ns,
                status.st_ino & 0x7FFF_FFFF_FFFF_FFFF,
            ),
        )


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A place where candidates turn up: read only.

    ``path`` is absolute, as bytes. A source without a name of its own is
    called by its absolute path.
    """

    name: SourceName
    path: bytes
    kind: str = "folder"
    owner: str | None = None
    policy: str = "keep"


class Way(StrEnum):
    """How a candidate's bytes are reached."""

    FILE = "file"
    ZIP = "zip"
    IMMICH = "immich"
    MOUNTED = "mounted"
    """Below a folder that is mounted for this run only."""


@dataclass(frozen=True, slots=True)
class Within:
    """Where the bytes of a candidate are that is no file of its own."""

    way: Way
    container: bytes
    """The zip relative to the source (empty: the source is the zip), a server's address, or a
    mounted folder."""
    key: str
    """What finds it there: where a member lies in the zip and how it is packed, an asset's id."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be opened: regular, a symlink to a regular file, or within another."""

    folder: bytes
    """Relative to the source; empty for the source's root."""
    name: bytes
    stamp: FileStamp
    is_link: bool = False
    within: Within | None = None
    """None: it is a file of its own."""
    told: Told = NOTHING
    whole_only: bool = False
    """Whether it is to wait while its container is cut short."""
    sha1: str | None = None
    """Of its bytes, where the source knows it: what is archived already need not be read."""
    told_in_inode: bool = False
    """Whether the stamp's inode stands for what is told, and all else in it for the bytes."""

    @property
    def path(self) -> bytes:
        """Relative to the source."""
        return self.folder + b"/" + self.name if self.folder else self.name


@dataclass(frozen=True, slots=True)
class Unopenable:
    """An entry that is never opened, with the reason code why."""

    folder: bytes
    name: bytes
    stamp: FileStamp
    reason: str
    detail: str = ""

    @property
    def path(self) -> bytes:
        """Relative to the source."""
        return self.folder + b"/" + self.name if self.folder else self.name


@dataclass(frozen=True, slots=True)
class NotYet:
    """An entry that may be taken later: it may still be growing."""

    folder: bytes
    name: bytes
    stamp: FileStamp
    detail: str

    @property
    def path(self) -> bytes:
        """Relative to the source."""
        return self.folder + b"/" + self.name if self.folder else self.name


@dataclass(frozen=True, slots=True)
class Unlistable:
    """A folder of a source that could not be listed; its files are not counted."""

    folder: bytes
    detail: str


class EntryKind(StrEnum):
    """What a folder's entry is, as far as it can be told without opening it."""

    FILE = "file"
    LINK_TO_FILE = "link_to_file"
    LINK_TO_FOLDER = "link_to_folder"
    DANGLING_LINK = "dangling_link"
    SPECIAL = "special"
    UNREADABLE = "unreadable"


class Entry(NamedTuple):
    """One entry of a folder that is no real folder; a tuple for the same reason."""

    name: bytes
    kind: EntryKind
    stamp: FileStamp


class FolderListing(NamedTuple):
    """All entries of one folder of a source that are no real folders."""

    folder: bytes
    entries: tuple[Entry, ...]


_PACKED_STAMP = Struct("<qqqq").pack


def fingerprint(listing: FolderListing, recogniser: int) -> bytes:
    """Give 32 bytes that change when anything in a folder does, or the recogniser's version.

    SHA-256 over names and stamps; a name holds no ``/``, so it cannot run into its stamp.
    """
    parts = [b"%d" % recogniser]
    for name, _, stamp in listing.entries:
        parts.append(name)
        parts.append(_PACKED_STAMP(*stamp))
    return sha256(b"/".join(parts)).digest()


def printable(name: bytes) -> str:
    r"""Give a printable form of a file name: UTF-8, other bytes as ``\xNN``."""
    return name.decode("utf-8", "backslashreplace")


def is_utf8(name: bytes) -> bool:
    """Tell whether the printable form says all."""
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
