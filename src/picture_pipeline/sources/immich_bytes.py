"""A worker's way to the bytes of an Immich asset: from a path we see too, else by download."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from picture_pipeline.durable.files import write_all
from picture_pipeline.durable.scratch import nameless_file
from picture_pipeline.errors import Unavailable
from picture_pipeline.model.candidate import Candidate
from picture_pipeline.model.inspected import Failed, InspectJob, OpenedFile, other_bytes
from picture_pipeline.ports import AssetServer

_TRIES = 3
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
VANISHED = Failed("vanished", "Immich does not give the file: it is gone there, or damaged")


@dataclass(frozen=True, slots=True)
class PathPair:
    """One of the server's folders, and where it lies on this computer."""

    server: str
    local: str

    def __call__(self, path: str) -> str | None:
        """Give where a server's path lies here; None when it is none of this folder's.

        What the server says is not trusted: it does not lead out of the folder.
        """
        below = path.removeprefix(self.server.rstrip("/") + "/")
        if below == path or "\0" in below or ".." in below.split("/"):
            return None
        return os.path.join(self.local, below.lstrip("/"))  # noqa: PTH118 - plain text is enough


@dataclass(frozen=True, slots=True)
class ImmichBytes:
    """Opens candidates of an Immich server; runs in a worker."""

    server: Callable[[bytes], AssetServer]
    """Given its address."""
    paths: Sequence[PathPair]
    scratch: Path
    """A folder on the local disk, for what is too large for the memory."""

    def __call__(self, job: InspectJob) -> OpenedFile | Failed:
        """Open one; raises OSError, and Unavailable when the server is away."""
        within = job.candidate.within
        if within is None:
            raise FileNotFoundError(job.candidate.path)
        asset, _, path = within.key.partition(" ")
        return self._seen_here(job, path) or self._downloaded(
            job, self.server(within.container), asset
        )

    def _seen_here(self, job: InspectJob, path: str) -> OpenedFile | None:
        """Open the server's own file, where this computer sees one of the very size."""
        stamp = job.candidate.stamp
        for pair in sorted(self.paths, key=lambda pair: len(pair.server), reverse=True):
            local = pair(path)
            fd = _open_of_size(local, stamp.size) if local is not None else None
            if fd is not None:
                return OpenedFile(fd, stamp)
        return None

    def _downloaded(self, job: InspectJob, server: AssetServer, asset: str) -> OpenedFile | Failed:
        fd = nameless_file(job.candidate.stamp.size, self.scratch)
        try:
            fault = self._filled(fd, job.candidate, server, asset)
        except BaseException:
            os.close(fd)
            raise
        if fault is not None:
            os.close(fd)
            return fault
        return OpenedFile(fd, job.candidate.stamp)

    def _filled(
        self, fd: int, candidate: Candidate, server: AssetServer, asset: str
    ) -> Failed | None:
        """Download, and once more where it breaks off or brings wrong bytes."""
        fault: Failed | None = VANISHED
        for _ in range(_TRIES):
            try:
                with server.original(asset) as pieces:
                    if pieces is None:
                        return VANISHED
                    fault = _judged(candidate, *_write(fd, pieces, candidate.stamp.size))
            except ConnectionError as error:
                fault = Failed("unreadable", f"the download broke off ({error})")
            except Unavailable as error:  # a proxy may give up on this one file
                fault = Failed("unreadable", str(error))
                break
            if fault is None:
                return None
        server.check()  # when the whole server is away, this is not one file's fault
        return fault


def _judged(candidate: Candidate, size: int, sha1: str) -> Failed | None:
    expected = candidate.stamp.size
    if size != expected:
        detail = (
            f"Immich sends {'more' if size > expected else size} bytes, but says that there are "
            f"{expected}; let it refresh this asset's metadata"
        )
        return Failed("unreadable", detail)
    return None if candidate.sha1 in {None, sha1} else other_bytes(candidate, sha1)


def _write(fd: int, pieces: Iterator[bytes], most: int) -> tuple[int, str]:
    """Write all pieces, up to the one that goes beyond ``most``; give their length and SHA-1."""
    os.ftruncate(fd, 0)
    os.lseek(fd, 0, os.SEEK_SET)
    sha1, size = hashlib.sha1(usedforsecurity=False), 0
    for piece in pieces:
        sha1.update(piece)
        size += len(piece)
        if size > most:
            break
        write_all(fd, piece)
    return size, sha1.hexdigest()


def _open_of_size(path: str, size: int) -> int | None:
    """Open a regular file of exactly this size; None when there is none, or it is not ours."""
    try:
        fd = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return None
    status = os.fstat(fd)
    if stat.S_ISREG(status.st_mode) and status.st_size == size:
        return fd
    os.close(fd)
    return None
