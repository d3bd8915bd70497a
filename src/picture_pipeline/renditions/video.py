"""The poster of a video: one frame that is worth looking at.

FFmpeg is given the one container that the recogniser found, by name, and the
file protocol only: left to guess it would take a playlist called .mp4 for a
playlist, and open whatever that names. Key frames are decoded one at a time,
the decoder drained after each, so a poster costs one frame even where B-frames
make a player wait for several.
"""

from collections.abc import Callable, Iterator
from contextlib import closing

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from picture_pipeline.model.rendition import Unrenderable
from picture_pipeline.ports import Content
from picture_pipeline.renditions.canvas import Canvas, Demand
from picture_pipeline.renditions.specs import Size
from picture_pipeline.renditions.video_frame import liveliness, picture_of

_LOOKED_AT = (None, 0.1, 0.25, 0.5, 0.75, 0.9)
"""Where posters are sought: at the very first key frame, then at these parts of the duration."""
_LIVELY = 8.0
"""Levels of 255: a black, white or blue frame has less than 3 (noise), a night scene 10."""
_MOST_PACKETS = 2_000
"""Of all streams, read from one place on; a second of film has about 100."""
_MOST_FED = 32
"""Packets fed to the decoder before it must have given a picture."""
_NO_PICTURES = Disposition.attached_pic | Disposition.timed_thumbnails


def _mpeg(content: Content) -> str:
    return "mpegvideo" if content.read_at(0, 4).endswith(b"\xb3") else "mpeg"


def _always(name: str) -> Callable[[Content], str]:
    return lambda _: name


_CONTAINERS: dict[str, Callable[[Content], str]] = {
    "video/quicktime": _always("mov"),
    "video/mp4": _always("mov"),
    "video/x-m4v": _always("mov"),
    "video/3gpp": _always("mov"),
    "video/3gpp2": _always("mov"),
    "video/x-msvideo": _always("avi"),
    "video/mp2t": _always("mpegts"),
    "video/x-matroska": _always("matroska"),
    "video/webm": _always("matroska"),
    "video/mpeg": _mpeg,
    "video/x-ms-wmv": _always("asf"),
}
"""FFmpeg's name of the demuxer for each media type."""
MEDIA_TYPES = frozenset(_CONTAINERS)

CODECS = frozenset(
    {
        *("h264", "hevc", "av1", "libdav1d", "vp8", "vp9", "mpeg4", "h263", "h263p", "h263i"),
        *("mjpeg", "mjpegb", "mpeg1video", "mpeg2video", "wmv1", "wmv2", "wmv3", "vc1"),
        *("msmpeg4v1", "msmpeg4", "msmpeg4v2", "svq1", "svq3", "cinepak", "dvvideo", "prores"),
        *("rawvideo", "flv", "png", "rpza", "qtrle", "indeo3", "indeo5", "dnxhd", "jpeg2000"),
    }
)
"""FFmpeg's decoders of what cameras, phones and family film programs write; its hundreds of
others are left alone, for their bugs."""


def decoder(media_type: str) -> Callable[[Content, Demand], Canvas | Unrenderable]:
    """Give the decoder for a media type of ``MEDIA_TYPES``."""
    container = _CONTAINERS[media_type]
    return lambda content, demand: decode(content, demand, container(content))


def decode(content: Content, demand: Demand, container: str) -> Canvas | Unrenderable:
    """Decode the poster; the EXIF orientation is ignored, the display matrix counts.

    ``container`` is FFmpeg's name of the demuxer.
    """
    try:
        with closing(_opened(content.path, container, demand)) as film:
            return _poster(film, demand)
    except av.FFmpegError as error:
        reason = "too_large" if isinstance(error, MemoryError) else "undecodable"
        return Unrenderable(reason, f"{type(error).__name__}: {error.strerror}")


def _opened(path: str, container: str, demand: Demand) -> InputContainer:
    options = {
        "protocol_whitelist": "file",
        "max_pixels": str(demand.max_pixels),
        "threads": "1",
    }
    return av.open(f"file:{path}", format=container, options=options, metadata_errors="replace")


def _poster(film: InputContainer, demand: Demand) -> Canvas | Unrenderable:
    stream = _main_stream(film)
    if stream is None:
        return Unrenderable("unsupported_picture", "no moving pictures inside")
    codec = _codec_of(stream)
    if codec is None or codec.name not in CODECS:
        return Unrenderable("unsupported_picture", "no decoder for its moving pictures")
    if (refusal := demand.refuse(Size(codec.width, codec.height))) is not None:
        return refusal
    codec.thread_count = 1
    codec.thread_type = "NONE"
    frame = _liveliest(_candidates(film, stream))
    if frame is None:
        return Unrenderable("undecodable", "no frame could be decoded")
    if (refusal := demand.refuse(Size(frame.width, frame.height))) is not None:
        return refusal
    return picture_of(frame, stream.sample_aspect_ratio, demand)


def _main_stream(film: InputContainer) -> VideoStream | None:
    """Give the stream that a player would show; covers and thumbnails are none."""
    moving = [each for each in film.streams.video if not each.disposition & _NO_PICTURES]
    preferred = [each for each in moving if each.disposition & Disposition.default]
    return next(iter(preferred or moving), None)


def _codec_of(stream: VideoStream) -> VideoCodecContext | None:
    """Give what decodes a stream; None, which PyAV's stubs deny, where FFmpeg knows none."""
    return stream.codec_context


def _liveliest(frames: Iterator[VideoFrame]) -> VideoFrame | None:
    """Give the first frame that shows something, else the one that shows most."""
    best, most = None, -1.0
    for frame in frames:
        shown = liveliness(frame)
        if shown >= _LIVELY and not frame.is_corrupt:
            return frame
        if shown > most:
            best, most = frame, shown
    return best


def _candidates(film: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    for part in _LOOKED_AT:
        try:
            if part is not None and not _moved(film, stream, part):
                return
            frame = _key_frame(film, stream)
        except MemoryError:
            raise
        except av.FFmpegError:
            continue  # damaged there, perhaps not elsewhere
        if frame is not None:
            yield frame


def _moved(film: InputContainer, stream: VideoStream, part: float) -> bool:
    """Go to the key frame before a part of the duration; False where none is known."""
    if not film.duration or film.duration < 0:
        return False
    film.seek((film.start_time or 0) + int(film.duration * part))
    stream.codec_context.flush_buffers()
    return True


def _key_frame(film: InputContainer, stream: VideoStream) -> VideoFrame | None:
    """Decode the next key frame and nothing else; None at the end."""
    fed = 0
    for packet in _packets(film, stream):
        if not (packet.is_keyframe or fed):
            continue
        fed += 1
        frames = stream.codec_context.decode(packet)
        if not frames and packet.is_keyframe:
            frames = stream.codec_context.decode(None)
            stream.codec_context.flush_buffers()
        if frames:
            return frames[0]
        if fed >= _MOST_FED:
            return None
    return None


def _packets(film: InputContainer, stream: VideoStream) -> Iterator["Packet[Stream]"]:
    for number, packet in enumerate(film.demux()):
        if number >= _MOST_PACKETS:
            return
        if packet.stream is stream and packet.size:
            yield packet
