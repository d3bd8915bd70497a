"""Moving files between two open folders, so that no crash leaves one at neither place.

First they get their new names, then the folders are made durable, then the old
names go. Every step may be repeated.
"""

import errno
import os
from contextlib import suppress

from picture_pipeline.durable.files import exists, is_regular

_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


def name_also(name: str, folder: int, target: int) -> None:
    """Let a file lie under its name in another folder too.

    Where the file system knows no hard links it is moved, atomically. Nothing
    is overwritten: raises FileExistsError when another file lies there.
    Raises FileNotFoundError when it lies at neither place. The caller fsyncs
    the folders, and lets go of the old name after that.
    """
    try:
        os.link(name, name, src_dir_fd=folder, dst_dir_fd=target, follow_symlinks=False)
    except FileExistsError:
        if not _are_one(name, folder, target):
            raise
    except FileNotFoundError:
        if not is_regular(name, target):
            raise
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _move(name, folder, target)


def _are_one(name: str, folder: int, target: int) -> bool:
    """Tell whether a name means one file in both folders, or is gone from the first."""
    try:
        here = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return True
    return os.path.samestat(here, os.stat(name, dir_fd=target, follow_symlinks=False))


def _move(name: str, folder: int, target: int) -> None:
    if not exists(name, target):
        os.rename(name, name, src_dir_fd=folder, dst_dir_fd=target)
    elif exists(name, folder):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)


def remove_tree(path: str, dir_fd: int) -> None:
    """Remove a folder with all that lies below it, no link followed; the outermost files last.

    Nothing happens when it is not there.
    """
    for _, folders, names, folder in os.fwalk(path, topdown=False, dir_fd=dir_fd):
        for name in names:
            os.unlink(name, dir_fd=folder)
        for name in folders:
            _remove_folder(name, folder)
    with suppress(FileNotFoundError):
        os.rmdir(path, dir_fd=dir_fd)


def _remove_folder(name: str, dir_fd: int) -> None:
    try:
        os.rmdir(name, dir_fd=dir_fd)
    except NotADirectoryError:  # a link to a folder is listed as one
        os.unlink(name, dir_fd=dir_fd)


def remove_empty_folders(path: str, dir_fd: int) -> None:
    """Remove the empty folders at and below a path; what holds files stays."""
    for _, folders, _, folder in os.fwalk(path, topdown=False, dir_fd=dir_fd):
        for name in folders:
            with suppress(OSError):
                os.rmdir(name, dir_fd=folder)
    with suppress(OSError):
        os.rmdir(path, dir_fd=dir_fd)
