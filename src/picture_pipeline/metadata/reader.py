"""The readers of all families: port MetadataReader."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from picture_pipeline.metadata.companions.reading import as_companions
from picture_pipeline.metadata.companions.xmp import read_packet
from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.fields import WANTED
from picture_pipeline.metadata.films.demuxing import fill_streams
from picture_pipeline.metadata.merge import merge
from picture_pipeline.metadata.openers import open_contents
from picture_pipeline.metadata.parsing.names import date_in_name
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.metadata.recognition.motion import is_motion_photo
from picture_pipeline.metadata.stills.exif import read_embedded
from picture_pipeline.model.media import Family, MediaType
from picture_pipeline.model.metadata import Capture, Metadata, TakenFrom
from picture_pipeline.ports import Content

_MAX_PACKET = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Deep = Callable[[Content, MediaType], Evidence]


def utc_now() -> datetime:
    """Give the time of this computer's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads what one file of any type says of itself, then its name and mtime.

    ``now`` bounds the dates that a file name may tell. ``deep`` knows for
    itself of which types it says anything; what we read ourselves goes before it.
    """

    now: Callable[[], datetime] = utc_now
    deep: Deep | None = None

    def read(self, content: Content, media_type: MediaType, name: bytes, mtime_ns: int) -> Metadata:
        """Read metadata from one file (see ports.MetadataReader)."""
        contents = open_contents(content, media_type)
        if media_type.family is Family.VIDEO:
            contents = fill_streams(contents, content, media_type)
        embedded = read_embedded(contents.blocks, WANTED)
        said = joined(contents.evidence, _packets(contents.packets))
        deep = self.deep(content, media_type) if self.deep else {}
        evidence = {**deep, **joined(said, embedded.evidence)}
        now = self.now()
        outside = _outside(name, mtime_ns, now)
        found = merge(evidence, contents.size, outside, embedded.notes, now)
        return _completed(found, contents, content, media_type)


@dataclass(frozen=True, slots=True)
class CarefulReader:
    """Reads without native code what a file says that crashed a native parser."""

    now: Callable[[], datetime] = utc_now

    def read(self, content: Content, media_type: MediaType, name: bytes, mtime_ns: int) -> Metadata:
        """Read what needs no native parser (see ports.MetadataReader)."""
        contents = open_contents(content, media_type)
        note = ("metadata: not read, it crashed the parser",)
        now = self.now()
        outside = _outside(name, mtime_ns, now)
        evidence = joined(contents.evidence, _packets(contents.packets))
        found = merge(evidence, contents.size, outside, note, now)
        return _completed(found, contents, content, media_type)


def _packets(packets: tuple[bytes, ...]) -> Evidence:
    """Read the XMP that was cut out of a file; usually there is one packet."""
    found: Evidence = {}
    for packet in packets:
        found = joined(found, read_packet(packet))
    return found


def _is_motion(contents: Contents, content: Content, media_type: MediaType) -> bool:
    """Ask for the film behind a still, with what its XMP says; a blank for no XMP at all."""
    packet = contents.packets[0][:_MAX_PACKET] if contents.packets else b" "
    return is_motion_photo(content, media_type, packet.decode("utf-8", "replace"))


def joined(first: Evidence, second: Evidence) -> Evidence:
    """Put together what two readers found; of the same key the first one's values come first."""
    if not first or not second:
        return first or second
    return {key: first.get(key, ()) + second.get(key, ()) for key in (*first, *second)}


def _completed(
    found: Metadata, contents: Contents, content: Content, media_type: MediaType
) -> Metadata:
    """Add what no table of fields can tell."""
    if media_type.family is Family.STILL and not _is_motion(contents, content, media_type):
        return found
    companion = media_type.family is Family.COMPANION
    return replace(
        found,
        capture=as_companions(found.capture) if companion else found.capture,
        duration=contents.duration,
        recording=contents.recording,
        motion_photo=media_type.family is Family.STILL,
    )


def _outside(name: bytes, mtime_ns: int, now: datetime) -> Callable[[], Capture]:
    """Give the capture time from name and mtime, when it is asked for."""

    def tell() -> Capture:
        stamp = date_in_name(name, now.date())
        if stamp is not None:
            return Capture(stamp.taken_at, TakenFrom.NAME, stamp.subsecond)
        return Capture(_from_mtime(mtime_ns), TakenFrom.MTIME)

    return tell


def _from_mtime(mtime_ns: int) -> datetime:
    """Give a file system's time in UTC; the epoch for what no calendar holds."""
    try:
        return _EPOCH + timedelta(microseconds=mtime_ns // 1000)
    except OverflowError:
        return _EPOCH
