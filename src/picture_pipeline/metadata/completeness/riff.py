"""RIFF files: WebP, AVI (several chunks behind each other: OpenDML), WAV (RF64 when large).

Microsoft's Multimedia Programming Interface 1.0; OpenDML AVI 1.02; EBU Tech 3306.
"""

from picture_pipeline.metadata.completeness.verdict import beyond
from picture_pipeline.ports import Content

_KINDS = (b"RIFF", b"RF64", b"BW64")
_UNWRITTEN = (0, 0xFFFFFFFF)
"""Stands where the length was never written: the recording went down a pipe."""
_MAX_CHUNKS = 4096
"""OpenDML begins a new one after each gigabyte."""


def check(content: Content) -> str | None:
    """Check that each chunk of the first level lies inside the file."""
    at, end = 0, 0
    for _ in range(_MAX_CHUNKS):
        head = content.read_at(at, 28)
        if head[:4] not in _KINDS:
            break
        size = _size(head)
        if size in _UNWRITTEN:
            break
        end = at + 8 + size
        at = end + size % 2
    return beyond(end, content.size)


def _size(head: bytes) -> int:
    size = int.from_bytes(head[4:8], "little")
    if size == _UNWRITTEN[1] and head[12:16] == b"ds64":
        return int.from_bytes(head[20:28], "little")
    return size
