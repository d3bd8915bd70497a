"""The open candidate: its status, its bytes in pieces, and whether it changed meanwhile."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass

from picture_pipeline.durable.placeholder import is_hollow, is_mostly_away, named_content
from picture_pipeline.model.candidate import Candidate, FileStamp
from picture_pipeline.model.digest import parse_digest
from picture_pipeline.model.inspected import (
    Earlier,
    Failed,
    InspectJob,
    Known,
    OpenedFile,
    Rejected,
)

HEAD = 1 << 16
"""Bytes the recogniser gets to see."""
CHUNK = 1 << 20
_INLINE = 4096
"""File systems that keep small files in the inode report no blocks for up to this size."""


class SourceError(OSError):
    """The source could not be read to the end."""


CHANGED = Failed(
    "changed_while_reading", "the file changed while it was read; the next run takes it"
)


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """An open candidate and the stamp it had when it was opened."""

    fd: int
    status: os.stat_result
    stamp: FileStamp

    def __init__(self, opened: OpenedFile) -> None:
        status = os.fstat(opened.fd)
        object.__setattr__(self, "fd", opened.fd)
        object.__setattr__(self, "status", status)
        object.__setattr__(self, "stamp", opened.stamp or FileStamp.of(status))

    def refusal(self, earlier: Earlier | None = None) -> Rejected | None:
        """Tell what is wrong with the file before its content is read.

        ``earlier`` is what is booked at its place.
        """
        if not _is_regular(self.status):
            return Rejected("special_file", "not a regular file", self.stamp)
        if self.stamp.size == 0:
            return Rejected("empty", "the file holds no bytes", self.stamp)
        if self._is_placeholder():
            return Rejected(
                "placeholder", "the file has a size but no data on the disk", self.stamp
            )
        if self._is_spoiled_placeholder(earlier):
            return Rejected(
                "placeholder", "a placeholder of picture-pipeline that was written into", self.stamp
            )
        return None

    def _is_placeholder(self) -> bool:
        return self.stamp.size > _INLINE and is_hollow(self.fd)

    def _is_spoiled_placeholder(self, earlier: Earlier | None) -> bool:
        """Tell by our own marks first: other files may be sparse, or compressed, as they like."""
        if not self.can_be_shared:
            return False
        booked = earlier is not None and earlier.reclaimed == self.stamp.size
        return (booked or named_content(self.fd) is not None) and is_mostly_away(self.fd)

    def head(self) -> bytes:
        """Give the beginning, for the recogniser."""
        return os.pread(self.fd, HEAD, 0)

    def read_at(self, offset: int, length: int) -> bytes:
        """Give at most that many bytes; none beyond the end."""
        return os.pread(self.fd, length, offset) if offset < self.stamp.size else b""

    def known(self, job: InspectJob) -> Known | Failed | None:
        """Hash first when the archive holds originals of exactly this size."""
        if not job.known:
            return None
        whole = hashlib.sha256()
        for chunk in self.chunks(CHUNK):
            whole.update(chunk)
        digest = parse_digest(whole.hexdigest())
        if digest not in job.known:
            return None
        return CHANGED if self.changed() else Known(digest, self.stamp)

    def chunks(self, length: int, clone: int | None = None) -> Iterator[bytes]:
        """Give all bytes up to the size the file had when it was opened, and no more.

        Each piece has at most ``length`` bytes; a network file system may give
        fewer. They are read from the ``clone`` that shares them, where there is one.
        """
        offset, fd = 0, self.fd if clone is None else clone
        while offset < self.stamp.size:
            try:
                chunk = os.pread(fd, min(length, self.stamp.size - offset), offset)
            except OSError as error:
                raise SourceError(why(error)) from error
            if not chunk:
                return
            offset += len(chunk)
            yield chunk

    @property
    def can_be_shared(self) -> bool:
        """Whether the open file is the candidate, byte for byte, and not what it lies within."""
        return self.status.st_size == self.stamp.size

    def changed(self) -> bool:
        """Tell whether the file is no longer what it was when it was opened."""
        return FileStamp.of(os.fstat(self.fd)) != FileStamp.of(self.status)


def open_candidate(job: InspectJob) -> OpenedFile:
    """Open without ever waiting on a FIFO, or following a link that was none when listed."""
    candidate: Candidate = job.candidate
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
    if not candidate.is_link:
        flags |= os.O_NOFOLLOW
    return OpenedFile(os.open(job.root + b"/" + candidate.path, flags))


def not_opened(error: OSError) -> Failed:
    """Say what became of a candidate that could not be opened."""
    match error.errno:
        case errno.ENOENT:
            return Failed("vanished", "the file was gone before it could be read")
        case errno.ELOOP:  # listed as a file, it has become a link meanwhile
            return CHANGED
        case _:
            return Failed("unreadable", why(error))


def _is_regular(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode)


def why(error: OSError) -> str:
    """Give an error's own words."""
    return error.strerror or str(error)
