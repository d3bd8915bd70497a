"""Bytes as the disk has them: read past the page cache.

A copy that was just written is read back from memory, which proves nothing of
the disk. So what is cached is dropped first, and reading goes around the cache
where the file system lets it (O_DIRECT).
"""

import hashlib
import mmap
import os

_CHUNK = 1 << 20
"""Bytes read at once; a multiple of every block size, in memory that begins with a page."""


def fresh_sha256(name: str, dir_fd: int) -> str:
    """Give the SHA-256 of what lies on the disk; no link is followed. Raises OSError."""
    _drop_cached(name, dir_fd)
    try:
        return _sha256_of(name, dir_fd, os.O_DIRECT)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
    # No O_DIRECT here (tmpfs, some network mounts), or a disk that fails: then it fails again.
    return _sha256_of(name, dir_fd, 0)


def _drop_cached(name: str, dir_fd: int) -> None:
    fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=dir_fd)
    try:
        os.fsync(fd)  # pages not yet written would stay
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(fd)


def _sha256_of(name: str, dir_fd: int, flag: int) -> str:
    fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | flag, dir_fd=dir_fd)
    digest = hashlib.sha256()
    offset = 0
    try:
        with mmap.mmap(-1, _CHUNK) as page:
            while read := os.preadv(fd, [page], offset):
                digest.update(memoryview(page)[:read])
                offset += read
                if read % mmap.PAGESIZE:
                    break  # the end: O_DIRECT takes no offset beyond it that is not whole
    finally:
        os.close(fd)
    return digest.hexdigest()
