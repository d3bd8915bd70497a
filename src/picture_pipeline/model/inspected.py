"""One candidate's way through a worker: the job, and what came of it."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from picture_pipeline.model.candidate import Candidate, FileStamp, SourceName
from picture_pipeline.model.digest import Checksums, Digest
from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Metadata
from picture_pipeline.model.rendition import RenditionEntry, Unrenderable


class Care(IntEnum):
    """How much native code a file's bytes may meet; more care after each crash."""

    NONE = 0
    NO_DECODING = 1
    NO_NATIVE_CODE = 2


@dataclass(frozen=True, slots=True)
class Earlier:
    """What lay at a candidate's path before it changed."""

    digest: Digest
    path: str
    """Relative to the archive's root."""
    media_type: str
    incomplete: bool
    content_identifier: str | None
    reclaimed: int | None = None
    """Size of the placeholder that took its place, if one did."""


class Tie(StrEnum):
    """What a candidate is to the original that lay at its path before."""

    SUPERSEDES = "supersedes"
    """The whole file, where the earlier one was cut short."""
    REVISES = "revises"
    """Other bytes with the same picture data, or the same content identifier."""


@dataclass(frozen=True, slots=True)
class Tied:
    """A tie to an earlier original."""

    tie: Tie
    earlier: Digest


@dataclass(frozen=True, slots=True)
class InspectJob:
    """A candidate on its way into a worker."""

    token: str
    """Names the temp files; unique within the run."""
    source: SourceName
    root: bytes
    candidate: Candidate
    time: str
    """Ingest time, UTC, ``YYYY-MM-DDTHH:MM:SSZ``."""
    known: frozenset[Digest] = frozenset()
    """Originals of exactly this size: when there are any, the file is hashed first."""
    care: Care = Care.NONE
    warning: Unrenderable | None = None
    """What an earlier try with less care came to."""
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """The bytes lie in ``incoming/``, durable, with their sidecar and renditions."""

    checksums: Checksums
    stamp: FileStamp
    media_type: MediaType
    metadata: Metadata
    renditions: tuple[RenditionEntry, ...]
    unrenderable: Unrenderable | None = None
    incomplete: str | None = None
    """In what way the container is cut short; None when it is whole."""
    tied: Tied | None = None
    picture_hash: PictureHash | None = None
    """Of the upright rendition; None where there is none."""


@dataclass(frozen=True, slots=True)
class Known:
    """The archive holds these bytes already; nothing was written."""

    digest: Digest
    stamp: FileStamp
    tied: Tied | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not taken in, and not looked at again until the recogniser learns."""

    reason: str
    detail: str
    stamp: FileStamp


@dataclass(frozen=True, slots=True)
class Failed:
    """Could not be read this time; ``stamp`` is given when it is to be remembered."""

    reason: str
    detail: str
    stamp: FileStamp | None = None


def other_bytes(candidate: Candidate, sha1: str) -> Failed:
    """Say that a source gave bytes that are not those that it speaks of."""
    detail = (
        f"their SHA-1 is {sha1}, but its source says {candidate.sha1}: the source's copy was "
        "damaged after it came there; look for a better one elsewhere"
    )
    return Failed("checksum_mismatch", detail)


@dataclass(frozen=True, slots=True)
class Postponed:
    """Left for a later run: it may still be growing."""

    detail: str


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A candidate that is open for reading."""

    fd: int
    """Seekable; whoever asked for it closes it."""
    stamp: FileStamp | None = None
    """What it is known by; None for a file of its own: its status says it."""


Inspected = Staged | Known | Rejected | Failed | Postponed
