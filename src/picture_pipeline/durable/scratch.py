"""Files without a name, for bytes that are needed once and never again."""

import errno
import os
import tempfile
from pathlib import Path

_IN_MEMORY = 64 << 20
"""Up to here the bytes stay in memory: half a second of a slow disk's time."""
_NO_NAMELESS_FILES = (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT)
"""What file systems and old kernels say to O_TMPFILE."""


def nameless_file(size: int, folder: Path) -> int:
    """Open a file for reading and writing that is gone when it is closed; the caller closes it.

    Small ones lie in memory, others in ``folder``, on a local disk. Raises OSError.
    """
    if size <= _IN_MEMORY:
        return os.memfd_create("scratch", os.MFD_CLOEXEC)
    try:
        return os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in _NO_NAMELESS_FILES:
            raise
    fd, name = tempfile.mkstemp(prefix=".scratch-", dir=folder)
    os.unlink(name)  # noqa: PTH108 - made this moment, by this name
    return fd
