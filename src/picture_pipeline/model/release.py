"""Letting go of files in a source whose bytes the archive holds: plans, and what came of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from picture_pipeline.model.candidate import FileStamp, SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.run import RunId


class Place(NamedTuple):
    """Where a file lies: the source's root, the folder below it, the name."""

    root: bytes
    folder: bytes
    name: bytes

    @property
    def below(self) -> bytes:
        """The path relative to the source."""
        return self.folder + b"/" + self.name if self.folder else self.name

    @property
    def path(self) -> bytes:
        """The whole path."""
        return self.root + b"/" + self.below


@dataclass(frozen=True, slots=True)
class BookedFile:
    """A file of a source as the catalog has it: an original's bytes were read there."""

    source: SourceName
    place: Place
    stamp: FileStamp
    digest: Digest
    path: str
    """The original's, relative to the archive's root."""
    asset: Digest
    first_seen: str
    """UTC: when these bytes were first seen at this place."""


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not taken in, and why."""

    stamp: FileStamp
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Hollow:
    """A file that was replaced by a placeholder."""

    source: SourceName
    place: Place
    size: int
    mtime_ns: int
    mode: int
    digest: Digest
    path: str
    """The original's, relative to the archive's root."""
    finished: bool
    """False: a run announced it, and its end is not booked."""
    stamp: FileStamp | None
    """What is booked at this place now, if anything."""


Booked = BookedFile | RefusedFile | Hollow
BookedFolder = Mapping[bytes, Booked]
"""What is booked of a folder's files, by name."""


@dataclass(frozen=True, slots=True)
class Left:
    """A file that stays as it is, with the reason. ``path`` is absolute."""

    path: bytes
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Lot:
    """The files of one asset in one source: all of them go, or none."""

    files: tuple[BookedFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all of them."""
        return sum(file.stamp.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Released:
    """A file that is let go, or brought back. ``path`` is absolute."""

    path: bytes
    digest: Digest
    size: int


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """What would be let go, and what stays."""

    lots: tuple[Lot, ...] = ()
    left: tuple[Left, ...] = ()
    young: int = 0
    """Files that are not old enough yet."""
    small: int = 0
    """Files too small to be worth a placeholder."""
    hollow: int = 0
    """Files that are placeholders already."""

    @property
    def released(self) -> tuple[Released, ...]:
        """All files that would go, in the order of the lots."""
        return tuple(
            Released(file.place.path, file.digest, file.stamp.size)
            for lot in self.lots
            for file in lot.files
        )


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """How it ended."""

    run: RunId
    done: tuple[Released, ...]
    left: tuple[Left, ...]
    seconds: float = 0.0
    interrupted: bool = False

    @property
    def size(self) -> int:
        """Bytes of what was let go or brought back."""
        return sum(each.size for each in self.done)
