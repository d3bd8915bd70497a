"""Streams: MPEG transport packets, and Windows Media's objects (ASF 1.20 sections 2 and 3)."""

from picture_pipeline.metadata.completeness.verdict import absent, beyond
from picture_pipeline.metadata.recognition.streams import PACKETS, SYNC, packets_of
from picture_pipeline.ports import Content

_HEAD = 16384
_DATA = bytes.fromhex("3626b2758e66cf11a6d900aa0062ce6c")
_OBJECT_HEADER = 24
_MAX_OBJECTS = 64


def check_transport(content: Content) -> str | None:
    """Check that a stream ends with a whole packet."""
    found = packets_of(content.read_at(0, _HEAD))
    if found is None:
        return None
    step, sync = found
    before = dict(PACKETS)[step]
    left = (content.size - (sync - before)) % step
    if left:
        return f"the file ends inside a packet, {step - left} bytes are missing"
    last = content.read_at(content.size - step + before, 1)
    return None if last == bytes((SYNC,)) else "the last packet is none"


def check_windows_media(content: Content) -> str | None:
    """Check that the objects of the first level lie inside the file."""
    at, seen = 0, False
    for _ in range(_MAX_OBJECTS):
        head = content.read_at(at, _OBJECT_HEADER)
        if len(head) < _OBJECT_HEADER:
            break
        size = int.from_bytes(head[16:24], "little")
        if size < _OBJECT_HEADER:
            return None  # a broadcast: its length was never written
        at += size
        seen = seen or head.startswith(_DATA)
    return beyond(at, content.size) or (None if seen else absent("the content"))
