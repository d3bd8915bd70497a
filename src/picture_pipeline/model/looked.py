"""What a look at a source's files came to; nothing of them is archived by it."""

from dataclasses import dataclass

from picture_pipeline.model.candidate import FileStamp, SourceSpec
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness

LOOKER_VERSION = 1
"""Rises when a look learns to see more, so that all candidates are looked at again."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A candidate was read: what a comparison needs of it."""

    likeness: Likeness
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class Seen:
    """One file of a source, and what is known of it now."""

    folder: bytes
    """Relative to the source."""
    name: bytes
    stamp: FileStamp
    digest: Digest | None = None
    """None: it was refused."""
    likeness: Likeness | None = None
    """None for what was refused, and for bytes that the archive holds."""
    outcome: str = "looked"
    """``looked``, ``rejected`` or ``failed``."""
    reason: str | None = None
    """Code of the documented table, of what was refused."""
    reclaimed: bool = False
    """Whether a placeholder lies there by now, in place of these bytes."""
    is_link: bool = False
    """Whether it is a symlink to a file; stamp and digest are that file's."""

    @property
    def path(self) -> bytes:
        """Relative to the source."""
        return self.folder + b"/" + self.name if self.folder else self.name


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A source that was looked at."""

    spec: SourceSpec
    seen: tuple[Seen, ...]
    unlistable: tuple[bytes, ...] = ()
    """Folders that could not be listed."""
    entries: int = 0
    """All entries that are no folders."""
    before: int | None = None
    """Entries at the last whole look before this one; None when there was none."""
    whole: bool = True
    """Whether the look came to its end, and was meant to see all there is."""
    absent: str = ""
    """Why it could not be looked at at all."""
