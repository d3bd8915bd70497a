"""What a source offers, before anything is known of its content."""

from dataclasses import dataclass
from typing import NewType

SourceName = NewType("SourceName", str)


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells, without opening, that a file is still the one we know."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be opened: regular, or a symlink to a regular file."""

    folder: bytes
    """Relative to the source; empty for the source's root."""
    name: bytes
    stamp: FileStamp
    is_link: bool = False

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
class Unlistable:
    """A folder of a source that could not be listed; its files are not counted."""

    folder: bytes
    detail: str


@dataclass(frozen=True, slots=True)
class FolderListing:
    """All entries of one folder of a source that are no real folders."""

    folder: bytes
    entries: tuple[Candidate | Unopenable, ...]


def printable(name: bytes) -> str:
    """Give a printable form of a file name: UTF-8, other bytes as ``\\xNN``."""
    return name.decode("utf-8", "backslashreplace")


def is_utf8(name: bytes) -> bool:
    """Tell whether the printable form says all."""
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
