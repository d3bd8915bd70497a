"""Telling films that have no plain signature: MPEG streams, Matroska, Windows Media.

ISO/IEC 13818-1 sections 2.4.3 and 2.5.3, ISO/IEC 13818-2 section 6.2.2.1, RFC 9559
(Matroska), ASF specification 1.20 sections 2 and 10.1.
"""

from picture_pipeline.metadata.containers.ifd import ReadAt

SYNC = 0x47
PACKETS: tuple[tuple[int, int], ...] = ((188, 0), (192, 4), (204, 0))
"""Bytes of one transport packet, and where in it the sync byte stands.

Broadcast, Blu-ray and AVCHD (a time stamp before each), with error correction.
"""
_FEW, _MANY = 3, 8
_FILLED = 0x30
"""Bits that say what a packet holds; reserved when both are clear."""

_PACK_CODES = ((0xC4, 0x44), (0xF1, 0x21))
"""Mask and value of the byte after a pack's start code: MPEG-2, MPEG-1."""
_FRAME_RATES = range(1, 9)

_TRACKS = b"\x16\x54\xae\x6b"
_VIDEO_TRACK, _AUDIO_TRACK = b"\x83\x81\x01", b"\x83\x81\x02"
ASF_VIDEO = bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
"""ASF_Video_Media, the stream type's GUID as it stands in a file."""
_ASF_HEADER_MOST = 4 << 20


def packets_of(head: bytes) -> tuple[int, int] | None:
    """Give the length of a transport stream's packets and the offset of the first sync byte.

    A stream cut out of another may begin in the middle of a packet; then more
    packets must agree.
    """
    for step, first in PACKETS:
        if _agrees(head, step, first, _FEW) and head[first : first + step].count(SYNC) < step:
            return step, first
    for step, _ in PACKETS:
        late = [at for at in range(step) if _late(head, step, at)]
        if len(late) == 1:  # a short pattern, repeated, agrees at several places
            return step, late[0]
    return None


def _agrees(head: bytes, step: int, first: int, count: int) -> bool:
    return len(head) > first + step * (count - 1) and all(
        head[first + step * i] == SYNC for i in range(count)
    )


def _late(head: bytes, step: int, at: int) -> bool:
    return _agrees(head, step, at, _MANY) and all(
        head[at + step * i + 3] & _FILLED for i in range(_MANY - 1)
    )


def is_program_stream(head: bytes) -> bool:
    """Whether an MPEG program stream (MPG, VOB, MOD) begins here."""
    return head.startswith(b"\0\0\1\xba") and any(
        len(head) > len(b"\0\0\1\xba") and head[4] & mask == value for mask, value in _PACK_CODES
    )


def is_video_sequence(head: bytes) -> bool:
    """Whether a bare MPEG video stream begins here: a sequence header with a known frame rate."""
    return (
        head.startswith(b"\0\0\1\xb3")
        and len(head) > 7  # noqa: PLR2004 - the byte with aspect and frame rate
        and head[7] & 0x0F in _FRAME_RATES
        and head[4:7] != bytes(3)
    )


def is_matroska(head: bytes) -> bool:
    """Whether this is EBML with pictures: not when its list of tracks names sound only."""
    if not head.startswith(b"\x1a\x45\xdf\xa3"):
        return False
    _, _, tracks = head.partition(_TRACKS)
    return _VIDEO_TRACK in tracks or _AUDIO_TRACK not in tracks


def is_windows_media(head: bytes, read_at: ReadAt) -> bool:
    """Whether this is ASF with pictures; the same container carries music (WMA)."""
    if not head.startswith(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"):
        return False
    if ASF_VIDEO in head:
        return True
    length = int.from_bytes(head[16:24], "little")
    return length > len(head) and ASF_VIDEO in read_at(0, min(length, _ASF_HEADER_MOST))
