"""What lies at a source's path just now: a folder, on which device, with which marker."""

import os
import stat
from contextlib import suppress

from picture_pipeline.model.watched import Root

MARKERS = frozenset({b".mounted", b".stfolder"})
"""Files (or folders) that lie on a volume, and not on its empty mount point: that of icloudpd's
container, and that of Syncthing."""


def look_at_root(path: bytes) -> Root | None:
    """Look at a source's own folder; None when it is not there, or does not answer."""
    with suppress(OSError):
        status = os.stat(path)  # noqa: PTH116 - bytes
        if stat.S_ISDIR(status.st_mode):
            with os.scandir(path) as entries:
                is_empty = next(entries, None) is None
            found = frozenset(name for name in MARKERS if _is_there(path, name))
            return Root(status.st_dev & 0x7FFF_FFFF_FFFF_FFFF, status.st_ino, is_empty, found)
    return None


def _is_there(path: bytes, name: bytes) -> bool:
    return os.path.lexists(path + b"/" + name)
