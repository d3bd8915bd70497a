"""Asking FFmpeg for what our own readers do not tell of a film's streams.

Native code: only in a worker. The container's type is forced, so that nothing
in the file chooses another demuxer, and only the file itself may be opened.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import av
import av.error
import av.logging

from picture_pipeline.metadata.containers.contents import Contents
from picture_pipeline.metadata.containers.jpeg_header import Size
from picture_pipeline.model.media import MediaType
from picture_pipeline.model.metadata import Recording
from picture_pipeline.ports import Content

_DEMUXERS: Mapping[str, str] = {
    "video/quicktime": "mov",
    "video/mp4": "mov",
    "video/x-m4v": "mov",
    "video/3gpp": "mov",
    "video/3gpp2": "mov",
    "video/x-msvideo": "avi",
    "video/mp2t": "mpegts",
    "video/x-matroska": "matroska",
    "video/webm": "matroska",
    "video/mpeg": "mpeg",
    "video/x-ms-wmv": "asf",
}
_OPTIONS = {"protocol_whitelist": "file", "probesize": "5000000"}
_MAX_FRAME_RATE = 10_000.0
_MICROSECONDS = 1e6

av.logging.set_level(None)  # it would chatter on stderr about every odd byte


@dataclass(frozen=True, slots=True)
class Streams:
    """What FFmpeg says of a film; None where it cannot tell."""

    size: Size | None = None
    duration: float | None = None
    recording: Recording = field(default_factory=Recording)


def fill_streams(contents: Contents, content: Content, media_type: MediaType) -> Contents:
    """Add what is missing, if anything is; what our own reader found stays."""
    known = contents.recording or Recording()
    if contents.size and contents.duration and known.codec and known.frame_rate:
        return contents
    found = read_streams(content.path, media_type)
    recording = Recording(
        codec=known.codec or found.recording.codec,
        frame_rate=known.frame_rate or found.recording.frame_rate,
        audio=known.audio or found.recording.audio,
    )
    return replace(
        contents,
        size=contents.size or found.size,
        duration=contents.duration or found.duration,
        recording=None if recording == Recording() else recording,
    )


def read_streams(path: str, media_type: MediaType) -> Streams:
    """Ask FFmpeg; nothing is known of a container that it refuses."""
    demuxer = _DEMUXERS.get(media_type.name)
    if demuxer is None:
        return Streams()
    try:
        with av.open(path, format=demuxer, options=_OPTIONS, metadata_errors="replace") as film:
            return _described(film)
    except (av.error.FFmpegError, OSError, ValueError, AttributeError):
        return Streams()


def _described(film: av.container.InputContainer) -> Streams:
    picture = next(iter(film.streams.video), None)
    sound = next(iter(film.streams.audio), None)
    width, height = (picture.width, picture.height) if picture else (0, 0)
    return Streams(
        size=(width, height) if width and height else None,
        duration=film.duration / _MICROSECONDS if film.duration and film.duration > 0 else None,
        recording=Recording(
            codec=_name(picture),
            frame_rate=_rate(picture),
            audio=_name(sound),
        ),
    )


def _name(stream: av.VideoStream | av.AudioStream | None) -> str | None:
    context = stream.codec_context if stream is not None else None
    return context.name if context is not None else None


def _rate(picture: av.VideoStream | None) -> float | None:
    rate = picture.average_rate if picture is not None else None
    return float(rate) if rate and 0 < rate <= _MAX_FRAME_RATE else None
