"""What lies in the place of a placeholder: still the placeholder, or what else."""

from enum import Enum, auto

from picture_pipeline.durable.held import HeldFile
from picture_pipeline.durable.placeholder import (
    begins_empty,
    has_gap,
    holds_nothing,
    named_content,
)
from picture_pipeline.model.release import Hollow


class Lies(Enum):
    """What somebody made of a placeholder."""

    PLACEHOLDER = auto()
    """Nothing but its stamp: it holds no byte that could be lost."""
    WHOLE = auto()
    """The original's own bytes lie there again."""
    SPOILED = auto()
    """Somebody wrote into it; the rest is empty still."""
    OTHER = auto()
    """Another file has its name."""


def judge(held: HeldFile, hollow: Hollow) -> Lies:
    """Say what lies there, whatever times it has; raises OSError when it cannot be read.

    The size and what the disk holds decide: anything may touch a file.
    """
    if not held.is_regular or held.status.st_size != hollow.size:
        return Lies.OTHER
    if _is_untouched(held, hollow) or holds_nothing(held.fd):
        return Lies.PLACEHOLDER
    if held.sha256() == hollow.digest:
        return Lies.WHOLE
    return Lies.SPOILED if _was_made_by_us(held, hollow) and has_gap(held.fd) else Lies.OTHER


def _is_untouched(held: HeldFile, hollow: Hollow) -> bool:
    """Tell without reading, also where holes are told of as zeros: the ctime tells of writes."""
    return hollow.finished and hollow.stamp == held.stamp and begins_empty(held.fd)


def _was_made_by_us(held: HeldFile, hollow: Hollow) -> bool:
    """Tell by the attribute, or by the inode where there is none: writing keeps both."""
    if named_content(held.fd) == hollow.digest:
        return True
    return hollow.finished and hollow.stamp is not None and hollow.stamp.inode == held.stamp.inode
