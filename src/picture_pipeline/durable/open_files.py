"""Which files other processes have open, as far as this user may see.

Source: proc(5), ``/proc/PID/fd``. Of other users' processes nothing can be
seen without root, of other computers nothing at all: it is a help, no proof.
"""

import os
from collections.abc import Callable, Collection
from contextlib import suppress

Identity = tuple[int, int]
"""Device and inode."""


def open_elsewhere(wanted: Collection[tuple[bytes, Identity]]) -> frozenset[Identity]:
    """Give those files (name, identity) that another process has open.

    Only descriptors whose target has one of the names are looked at closely:
    asking after a file on a mount that hangs would hang too.
    """
    names = {name for name, _ in wanted}
    sought = {identity for _, identity in wanted}
    found: set[Identity] = set()
    ours = os.getpid()
    for process in os.listdir(b"/proc"):
        if process.isdigit() and int(process) != ours:
            with suppress(OSError):
                _look(b"/proc/" + process + b"/fd/", names, found.add)
    return frozenset(found & sought)


def _look(folder: bytes, names: Collection[bytes], found: Callable[[Identity], None]) -> None:
    for descriptor in os.listdir(folder):
        with suppress(OSError):
            path = folder + descriptor
            if os.readlink(path).rpartition(b"/")[2] in names:  # noqa: PTH115 - paths are bytes
                status = os.stat(path)  # noqa: PTH116 - likewise
                found((status.st_dev, status.st_ino))
