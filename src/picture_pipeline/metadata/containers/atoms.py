"""Finding boxes by their path in a file that is not in memory: only headers are read."""

from picture_pipeline.metadata.containers.boxes import Box, walk_file
from picture_pipeline.metadata.containers.ifd import ReadAt


def first(read_at: ReadAt, inside: Box, *path: bytes) -> Box | None:
    """Give the first box at a path below another one."""
    box: Box | None = inside
    for kind in path:
        if box is None:
            return None
        found = (child for child in walk_file(read_at, box.start, box.end) if child.kind == kind)
        box = next(found, None)
    return box


def payload(read_at: ReadAt, box: Box | None, most: int) -> bytes:
    """Give the first ``most`` bytes of what a box holds; none for no box."""
    return read_at(box.start, min(box.end - box.start, most)) if box else b""
