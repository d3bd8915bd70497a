"""Reading QuickTime, MP4 and 3GPP movies: header only, pure Python.

The header (``moov``) may stand at either end of the file; of the rest only the
boxes' sizes are read. ISO/IEC 14496-12; QuickTime File Format.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from picture_pipeline.metadata.containers.atoms import first, payload
from picture_pipeline.metadata.containers.boxes import Box, walk_file
from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.containers.ifd import ReadAt
from picture_pipeline.metadata.films.quicktime_items import read_words
from picture_pipeline.metadata.films.quicktime_tracks import (
    Track,
    created,
    read_tracks,
    scale_and_length,
)
from picture_pipeline.metadata.parsing.values import Evidence, Values
from picture_pipeline.model.metadata import Recording
from picture_pipeline.ports import Content

MOVIE_CREATED = "QuickTime.mvhd.CreateDate"
TRACK_CREATED = "QuickTime.tkhd.CreateDate"

_XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""XMP specification part 3, section 1.1.5."""
_MAX_XMP = 16 * 1024 * 1024
_MAX_TOP = 4096
_SINCE_1904 = (66 * 365 + 17) * 24 * 3600
"""Seconds from 1904 to 1970."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MAX_SECONDS = 100 * 365 * 24 * 3600.0


def open_movie(content: Content) -> Contents:
    """Read a movie's header. Hostile input gives less, never an exception."""
    top = list(islice(walk_file(content.read_at, 0, content.size), _MAX_TOP))
    moov = next((box for box in top if box.kind == b"moov"), None)
    packets = tuple(_packets(content.read_at, top))
    if moov is None:
        return Contents(packets=packets)
    tracks = read_tracks(content.read_at, moov)
    words = read_words(content.read_at, moov)
    header = payload(content.read_at, first(content.read_at, moov, b"mvhd"), 108)
    return Contents(
        size=next((track.size for track in tracks if track.size), None),
        packets=words.packets + packets,
        evidence=_gathered(words.texts, header, tracks),
        duration=_duration(content.read_at, moov, header),
        recording=_recording(tracks),
    )


def _packets(read_at: ReadAt, top: list[Box]) -> Iterator[bytes]:
    for box in top:
        if box.kind == b"uuid" and read_at(box.start, 16) == _XMP_UUID:
            yield payload(read_at, Box(b"uuid", box.start + 16, box.end), _MAX_XMP)


def _gathered(texts: tuple[tuple[str, str], ...], header: bytes, tracks: list[Track]) -> Evidence:
    evidence: dict[str, Values] = {}
    for name, text in texts:
        evidence[name] = (*evidence.get(name, ()), text)
    tracked = next((track.created for track in tracks if track.created), 0)
    for name, seconds in ((MOVIE_CREATED, created(header)), (TRACK_CREATED, tracked)):
        moment = _moment(seconds)
        if moment:
            evidence[name] = (moment,)
    return evidence


def _moment(seconds: int) -> str | None:
    """Write seconds since 1904 as a date; a number too small counts from 1970.

    Some encoders take the wrong epoch; exiftool mends it by the same rule.
    """
    since_1970 = seconds - _SINCE_1904 if seconds >= _SINCE_1904 else seconds
    try:
        return (_EPOCH + timedelta(seconds=since_1970)).isoformat() if seconds else None
    except OverflowError:
        return None


def _duration(read_at: ReadAt, moov: Box, header: bytes) -> float | None:
    """Give the movie's seconds; a fragmented one tells them in ``mvex/mehd``."""
    scale, length = scale_and_length(header)
    if not length:
        fragmented = payload(read_at, first(read_at, moov, b"mvex", b"mehd"), 12)
        length = int.from_bytes(fragmented[4:], "big")
    seconds = length / scale if scale else 0.0
    return seconds if 0 < seconds <= _MAX_SECONDS else None


def _recording(tracks: list[Track]) -> Recording | None:
    picture = next((track for track in tracks if track.kind == b"vide"), None)
    sound = next((track for track in tracks if track.kind == b"soun"), None)
    if picture is None and sound is None:
        return None
    return Recording(
        codec=picture.codec if picture else None,
        frame_rate=picture.frame_rate if picture else None,
        audio=sound.codec if sound else None,
    )
