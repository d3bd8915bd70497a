"""The reader of still pictures: port MetadataReader."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from picture_pipeline.metadata.contents import open_contents
from picture_pipeline.metadata.exif import read_embedded
from picture_pipeline.metadata.fields import WANTED
from picture_pipeline.metadata.merge import merge
from picture_pipeline.metadata.names import date_in_name
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Capture, Metadata, TakenFrom
from picture_pipeline.ports import Content

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def utc_now() -> datetime:
    """Give the time of this computer's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class StillReader:
    """Reads EXIF, IPTC, XMP, name and mtime of one still picture.

    ``now`` bounds the dates that a file name may tell.
    """

    now: Callable[[], datetime] = utc_now

    def read(self, content: Content, media_type: MediaType, name: bytes, mtime_ns: int) -> Metadata:
        """Read metadata from one file (see ports.MetadataReader)."""
        contents = open_contents(_in_memory(content), media_type)
        embedded = read_embedded(contents.blocks, WANTED)
        return merge(
            embedded.evidence,
            contents.size,
            lambda: _outside(name, mtime_ns, self.now()),
            embedded.notes,
        )


@dataclass(frozen=True, slots=True)
class CarefulReader:
    """Reads without native code what a file says that crashed exiv2: size, name, mtime."""

    now: Callable[[], datetime] = utc_now

    def read(self, content: Content, media_type: MediaType, name: bytes, mtime_ns: int) -> Metadata:
        """Read what needs no native parser (see ports.MetadataReader)."""
        size = open_contents(_in_memory(content), media_type).size
        note = ("metadata: not read, it crashed the parser",)
        return merge({}, size, lambda: _outside(name, mtime_ns, self.now()), note)


def _in_memory(content: Content) -> bytes:
    return content.whole() if content.fits else b""


def _outside(name: bytes, mtime_ns: int, now: datetime) -> Capture:
    stamp = date_in_name(name, now.date())
    if stamp is not None:
        return Capture(stamp.taken_at, TakenFrom.NAME, stamp.subsecond)
    return Capture(_from_mtime(mtime_ns), TakenFrom.MTIME)


def _from_mtime(mtime_ns: int) -> datetime:
    """Give a file system's time in UTC; the epoch for what no calendar holds."""
    try:
        return _EPOCH + timedelta(microseconds=mtime_ns // 1000)
    except OverflowError:
        return _EPOCH
