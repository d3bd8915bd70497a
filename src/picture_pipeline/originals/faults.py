"""What an operating system's error on the archive means, and what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from picture_pipeline.errors import ArchiveUnavailable

_MEANING = {
    errno.ENOSPC: "the archive is full; free space or enlarge it, then run the command again",
    errno.EDQUOT: "the archive's quota is used up; raise it, then run the command again",
    errno.EROFS: "the archive is mounted read-only; mount it writable, then run again",
    errno.EACCES: "the archive refuses to be written; check its permissions, then run again",
    errno.EPERM: "the archive refuses to be written; check its permissions, then run again",
    errno.ESTALE: "the archive dropped out (stale handle); mount it again, then run again",
    errno.EIO: "the archive's disk or network failed; check the NAS, then run again",
    errno.EFBIG: "the archive's file system takes no file this large",
    errno.EMFILE: "too many open files; raise the limit (ulimit -n), then run again",
}


@contextmanager
def archive_faults(root: str) -> Iterator[None]:
    """Turn an OSError on the archive into ArchiveUnavailable with a remedy."""
    try:
        yield
    except OSError as error:
        raise unavailable(root, error) from error


def unavailable(root: str, error: OSError) -> ArchiveUnavailable:
    """Say what an OSError on the archive means."""
    meaning = _MEANING.get(
        error.errno or 0, "the archive cannot be used; check that the NAS is mounted"
    )
    return ArchiveUnavailable(f"{root}: {meaning} ({error.strerror or error})")
