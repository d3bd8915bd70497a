"""Films made of boxes: MOV, MP4 and their kin, and Canon's CR3.

ISO/IEC 14496-12 sections 8.2 (moov), 8.7 (sample tables); QuickTime File Format.
Three things must hold: the boxes reach the end of the file, there are both index
and pixels, and the last chunk of each track lies inside the file.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from picture_pipeline.metadata.completeness.boxed import check_lengths, top_boxes
from picture_pipeline.metadata.completeness.verdict import ZEROS, absent, beyond
from picture_pipeline.metadata.containers.boxes import Box, walk_file
from picture_pipeline.ports import Content

_MAX_CHILDREN = 256
_MAX_SAMPLES = 1 << 16
"""Samples whose sizes are added up in one chunk."""
_PATHS: tuple[tuple[bytes, ...], ...] = ((b"mdia", b"hdlr"), (b"mdia", b"minf", b"stbl"))
_PROBE = 16
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
_MAX_DEPTH = 8


def check(content: Content) -> str | None:
    """Check boxes, index and the last chunk of each track."""
    boxes = top_boxes(content)
    cut = check_lengths(content, boxes)
    kinds = {box.kind for box in boxes}
    if cut is not None:
        return cut
    if b"moov" not in kinds:
        return absent("the index (moov)")
    if kinds.isdisjoint((b"mdat", b"imda")):
        return absent("the content (mdat)")
    moov = next(box for box in boxes if box.kind == b"moov")
    if _ends_in_zeros(content, moov):
        return ZEROS
    return next((cut for track in _tracks(content, moov) if (cut := track.check())), None)


def _ends_in_zeros(content: Content, box: Box) -> bool:
    """Whether the last boxes of the index are blank, as in a file that was only allotted."""
    for _ in range(_MAX_DEPTH):
        last = next(iter(deque(_children(content, box), maxlen=1)), None)
        if last is None or last.kind not in _CONTAINERS:
            return last is not None and last.kind == bytes(4) and box.kind in _CONTAINERS
        box = last
    return False


@dataclass(frozen=True, slots=True)
class _Track:
    content: Content
    is_video: bool
    tables: dict[bytes, Box]

    def check(self) -> str | None:
        """Check that the last chunk lies inside the file, and holds something."""
        last = self._last_chunk()
        if last is None:
            return None
        offset, length = last
        cut = beyond(offset + length, self.content.size)
        if cut is not None or not self.is_video or length < _PROBE:
            return cut
        return None if self.content.read_at(offset, _PROBE).strip(b"\0") else ZEROS

    def _last_chunk(self) -> tuple[int, int] | None:
        """Give offset and length of the last chunk; None when there is none to find."""
        kind, width = (b"co64", 8) if b"co64" in self.tables else (b"stco", 4)
        chunks = self._number(kind, 4)
        if not chunks:
            return None
        offset = self._number(kind, 8 + width * (chunks - 1), width)
        return offset, self._length(chunks)

    def _length(self, chunks: int) -> int:
        """Add up the sizes of the last chunk's samples."""
        runs = self._number(b"stsc", 4)
        if not runs or self._number(b"stsc", 8 + 12 * (runs - 1)) > chunks:
            return 0
        count = self._number(b"stsc", 8 + 12 * (runs - 1) + 4)
        each, samples = self._number(b"stsz", 4), self._number(b"stsz", 8)
        if each:
            # Sound is often counted in samples of one byte whose true size stands elsewhere.
            return each * count if each > 1 else 0
        taken = min(count, samples, _MAX_SAMPLES)
        sizes = self._bytes(b"stsz", 12 + 4 * (samples - taken), 4 * taken)
        return sum(int.from_bytes(sizes[at : at + 4], "big") for at in range(0, len(sizes), 4))

    def _number(self, kind: bytes, at: int, width: int = 4) -> int:
        return int.from_bytes(self._bytes(kind, at, width), "big")

    def _bytes(self, kind: bytes, at: int, length: int) -> bytes:
        box = self.tables.get(kind)
        if box is None or box.start + at + length > box.end:
            return b""
        return self.content.read_at(box.start + at, length)


def _tracks(content: Content, moov: Box) -> Iterator[_Track]:
    for track in _children(content, moov):
        if track.kind == b"trak":
            handler, tables = (_descend(content, track, path) for path in _PATHS)
            kind = content.read_at(handler.start + 8, 4) if handler else b""
            found = {box.kind: box for box in _children(content, tables)} if tables else {}
            yield _Track(content, kind == b"vide", found)


def _descend(content: Content, box: Box, path: tuple[bytes, ...]) -> Box | None:
    found: Box | None = box
    for kind in path:
        inside = _children(content, found) if found else iter(())
        found = next((child for child in inside if child.kind == kind), None)
    return found


def _children(content: Content, box: Box) -> Iterator[Box]:
    return walk_file(content.read_at, box.start, box.end, _MAX_CHILDREN)
