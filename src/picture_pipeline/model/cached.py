"""What the cache knows of the full-size originals that it keeps."""

from dataclasses import dataclass
from typing import NamedTuple

from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.digest import Digest


@dataclass(frozen=True, slots=True)
class Wanted:
    """An original that somebody asks for, and where the archive keeps it."""

    digest: Digest
    path: str
    """Relative to the archive's root."""
    size: int
    """Bytes."""

    @property
    def extension(self) -> str:
        """The extension that the archive gave it, without the dot."""
        return self.path.rpartition(".")[2]


class CachedFile(NamedTuple):
    """One file of the cache, as it is booked."""

    digest: Digest
    extension: str
    size: int
    """Bytes, which count against the limit."""
    used_at: int
    """Nanoseconds since 1970 of its last use."""
    pinned: bool = False
    stamp: FileStamp | None = None
    """What the file looked like when it was checked against the digest and made durable.

    None: it has to be hashed before it is given out.
    """


@dataclass(frozen=True, slots=True)
class CacheTotals:
    """What the cache adds up to."""

    count: int = 0
    size: int = 0
    """Bytes."""
    pinned: int = 0
    """Originals."""
    pinned_size: int = 0
    """Bytes of those."""
    hits: int = 0
    """Originals given out from the local disk, since the books began."""
    misses: int = 0
    """Originals that had to be asked of the archive."""


@dataclass(frozen=True, slots=True)
class CacheLimits:
    """What the cache may take."""

    size: int
    """Bytes."""
    age_ns: int
    """An original that nobody used for so long leaves it."""
    min_free: int
    """Bytes of its disk that it leaves free."""
