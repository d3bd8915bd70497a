"""Clones of a file's bytes that take no space, where the file system has them.

Source: ioctl_ficlone(2). btrfs, and xfs made with ``reflink=1``, have them;
ext4 says EOPNOTSUPP. They also work between two subvolumes of one btrfs,
which have device numbers of their own: so it is tried, not reckoned.
"""

import fcntl
import os

FICLONE = 0x40049409
"""ioctl number, linux/fs.h."""


def clone(source: int, target: int) -> bool:
    """Make an empty open file share the bytes of another; False where that cannot be done.

    All or nothing: what was false left the target empty.
    """
    size = os.fstat(source).st_size
    try:
        fcntl.ioctl(target, FICLONE, source)
    except OSError:
        return False
    if os.fstat(target).st_size == size:
        return True
    os.ftruncate(target, 0)  # it grew, or shrank, meanwhile
    return False
