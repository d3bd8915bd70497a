"""Files of a size without any bytes on the disk, and the way to one and back.

Temp files lie beside their targets: a rename must not cross file systems, and
a source may be one of its own. Their names begin with a dot and end with
``.tmp``, which no source takes for a picture; whoever works on one holds its
lock, so that what a crash left is told from what is in use.
"""

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex

from picture_pipeline.durable.files import create, fsync_folder, remove, write_all
from picture_pipeline.durable.locks import try_lock

_TEMP = re.compile(r"\.picture-pipeline\.[0-9a-f]{16}\.tmp")
_ATTRIBUTE = "user.picture-pipeline.sha256"
_BLOCK = 512
"""What st_blocks counts in, whatever the file system's own blocks are."""
_PAGE = 4096
_CHUNK = 1 << 20


class NoHolesError(OSError):
    """The file system gives blocks to bytes that were never written."""


@dataclass(frozen=True, slots=True)
class TempFile:
    """A file that is being made beside its target; ended by ``put_over`` or ``drop``."""

    folder: int
    name: str
    fd: int

    @classmethod
    def make(cls, folder: int) -> "TempFile":
        """Make an empty one that only its owner may read; its lock is held."""
        name = f".picture-pipeline.{token_hex(8)}.tmp"
        fd = create(name, folder, 0o600)
        try_lock(fd)
        return cls(folder, name, fd)

    def write(self, chunks: Iterable[bytes]) -> None:
        """Fill it."""
        for chunk in chunks:
            write_all(self.fd, chunk)

    def dress(self, like: os.stat_result, mtime_ns: int | None = None) -> None:
        """Give it the owner (where we may), permissions and times of another file; durable.

        ``mtime_ns`` takes the place of the other file's.
        """
        mtime = like.st_mtime_ns if mtime_ns is None else mtime_ns
        with suppress(OSError):
            os.fchown(self.fd, like.st_uid, like.st_gid)
        with suppress(PermissionError):
            os.fchmod(self.fd, stat.S_IMODE(like.st_mode))
        os.utime(self.fd, ns=(like.st_atime_ns, mtime))
        os.fsync(self.fd)

    def put_over(self, name: bytes) -> os.stat_result:
        """Give it a name that is taken, atomically and durably; gives its status then."""
        os.replace(self.name, name, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        fsync_folder(self.folder)
        status = os.fstat(self.fd)
        os.close(self.fd)
        return status

    def drop(self) -> None:
        """Forget it."""
        remove(self.name, self.folder)
        os.close(self.fd)


def make_placeholder(folder: int, like: os.stat_result, digest: str) -> TempFile:
    """Make a file of exactly the size, times and permissions of another, without bytes.

    Raises NoHolesError where the file system gives it blocks all the same.
    """
    temp = TempFile.make(folder)
    try:
        os.ftruncate(temp.fd, like.st_size)
        temp.dress(like)
        _must_be_empty(temp.fd)
        _name_content(temp.fd, digest)
        os.utime(temp.fd, ns=(like.st_atime_ns, like.st_mtime_ns))
        os.fsync(temp.fd)
    except BaseException:
        temp.drop()
        raise
    return temp


def _must_be_empty(fd: int) -> None:
    if os.fstat(fd).st_blocks:
        raise NoHolesError(errno.EOPNOTSUPP, "the file system has no sparse files")


def _name_content(fd: int, digest: str) -> None:
    """Write down what belongs here, for people, as 32 bytes: that is for nothing.

    As 64 digits it took a block of its own (ext4 with inodes of 256 bytes, measured).
    """
    with suppress(OSError):
        os.setxattr(fd, _ATTRIBUTE, bytes.fromhex(digest))
        os.fsync(fd)
        if os.fstat(fd).st_blocks:
            os.removexattr(fd, _ATTRIBUTE)


def is_hollow(fd: int) -> bool:
    """Tell whether an open file has a size and no bytes, where the file system can tell.

    One whose extended attributes got a block of their own is hollow too.
    """
    status = os.fstat(fd)
    if not status.st_size or status.st_blocks * _BLOCK >= status.st_size:
        return False
    try:
        os.lseek(fd, 0, os.SEEK_DATA)
    except OSError as error:
        # Other errors come from file systems that cannot tell where data is.
        return error.errno == errno.ENXIO
    return False


def begins_empty(fd: int) -> bool:
    """Tell whether a file begins with nothing but zeros, as no picture does."""
    return not any(os.pread(fd, _BLOCK, 0))


def holds_nothing(fd: int) -> bool:
    """Tell whether all bytes of an open file are zeros, or holes; reads no hole it knows of."""
    if is_hollow(fd):
        return True
    return all(chunk.count(0) == len(chunk) for chunk in _data(fd))


def _data(fd: int) -> Iterator[bytes]:
    """Give the bytes that lie on the disk; all of them where holes cannot be told."""
    size, offset = os.fstat(fd).st_size, 0
    while offset < size:
        try:
            offset = os.lseek(fd, offset, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:
                return
        chunk = os.pread(fd, min(_CHUNK, size - offset), offset)
        if not chunk:
            return
        offset += len(chunk)
        yield chunk


def has_hole(fd: int) -> bool:
    """Tell whether bytes of an open file are not on the disk; False where that cannot be told."""
    try:
        return os.lseek(fd, 0, os.SEEK_HOLE) < os.fstat(fd).st_size
    except OSError:
        return False


def has_gap(fd: int) -> bool:
    """Tell whether a part of an open file was never written: a hole, or a page of zeros."""
    return has_hole(fd) or any(map(_has_empty_page, _data(fd)))


def _has_empty_page(chunk: bytes) -> bool:
    whole = range(0, len(chunk) - _PAGE + 1, _PAGE)
    return any(chunk.count(0, at, at + _PAGE) == _PAGE for at in whole)


def is_mostly_away(fd: int) -> bool:
    """Tell whether an open file has a hole; where that cannot be told: few blocks, and a gap.

    That says something of our placeholders only: a compressing file system, too,
    gives few blocks to a file (ZFS), and other programs make sparse files.
    """
    if has_hole(fd):
        return True
    status = os.fstat(fd)
    return status.st_blocks * _BLOCK * 2 < status.st_size and has_gap(fd)


def named_content(fd: int) -> str | None:
    """Give the digest that ``make_placeholder`` wrote on an open file; None when there is none."""
    try:
        return os.getxattr(fd, _ATTRIBUTE).hex()
    except OSError:
        return None


def clear_leftovers(folder: int) -> None:
    """Remove temp files of runs that died; those that are being worked on stay."""
    for name in os.listdir(folder):
        if _TEMP.fullmatch(name):
            with suppress(OSError):
                _remove_if_dead(name, folder)


def _remove_if_dead(name: str, folder: int) -> None:
    fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=folder)
    try:
        if try_lock(fd):
            remove(name, folder)
    finally:
        os.close(fd)
