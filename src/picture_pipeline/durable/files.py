"""Safe writing relative to open folder handles.

Every path is relative to a folder's file descriptor, so that a mount that
drops out cannot turn a write into one on the local disk beneath it.
Errors are plain OSError; the rooms above say what they mean.
"""

import errno
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NEW_FILE_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_NO_HARD_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}
_STAYS = {errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST, errno.EBUSY}
_NO_FOLDER_FSYNC = {errno.EINVAL, errno.EOPNOTSUPP, errno.EBADF}


def open_folder(path: str | bytes | os.PathLike[str], dir_fd: int | None = None) -> int:
    """Open a folder handle; the caller closes it."""
    return os.open(path, _FOLDER_FLAGS, dir_fd=dir_fd)


def open_file(name: str, dir_fd: int) -> int:
    """Open a file for reading, no link followed; the caller closes it."""
    return os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=dir_fd)


def make_folder(name: str, dir_fd: int, mode: int = 0o777) -> bool:
    """Make one folder; False when it was there already.

    ``mkdir`` drops the set-group-id and sticky bits and obeys the umask, so
    bits beyond it are set afterwards where the file system lets us.
    """
    try:
        os.mkdir(name, mode & 0o777, dir_fd=dir_fd)
    except FileExistsError:
        return False
    if mode & ~0o777:
        with suppress(PermissionError, NotImplementedError):
            _chmod_folder(name, mode, dir_fd)
    return True


def _chmod_folder(name: str, mode: int, dir_fd: int) -> None:
    folder = open_folder(name, dir_fd)
    try:
        os.fchmod(folder, mode)
    finally:
        os.close(folder)


def make_folders(parts: Iterable[str], dir_fd: int, mode: int = 0o777) -> None:
    """Make a folder and its parents, fsyncing each parent that gained a child."""
    folder = os.dup(dir_fd)
    try:
        for part in parts:
            if make_folder(part, folder, mode):
                fsync_folder(folder)
            child = open_folder(part, folder)
            os.close(folder)
            folder = child
    finally:
        os.close(folder)


def fsync_folder(fd: int) -> None:
    """Make the names in an open folder durable; tolerated where it cannot be done."""
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in _NO_FOLDER_FSYNC:
            raise


def fsync_folder_at(path: str, dir_fd: int) -> None:
    """Make the names in a folder durable."""
    folder = open_folder(path, dir_fd)
    try:
        fsync_folder(folder)
    finally:
        os.close(folder)


def create(name: str, dir_fd: int, mode: int = 0o666) -> int:
    """Create a file that must not exist yet, open for writing; the caller closes it."""
    return os.open(name, _NEW_FILE_FLAGS, mode, dir_fd=dir_fd)


def write_all(fd: int, data: bytes | memoryview) -> None:
    """Write all bytes, however short each single write turns out."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def seal(fd: int, mode: int) -> None:
    """Give the final permissions and make the bytes durable, then close.

    Mounts that refuse chmod (some CIFS and FUSE set-ups) are tolerated: the
    bytes matter more than the bits.
    """
    try:
        with suppress(PermissionError, NotImplementedError):
            os.fchmod(fd, mode)
        os.fsync(fd)
    finally:
        os.close(fd)


def write_new(name: str, data: bytes, dir_fd: int, mode: int = 0o664) -> None:
    """Write a durable file that must not exist yet (for temp names)."""
    fd = create(name, dir_fd)
    try:
        write_all(fd, data)
    except BaseException:
        os.close(fd)
        raise
    seal(fd, mode)


def publish(temp: str, temp_dir: int, name: str, target_dir: int) -> bool:
    """Give a finished temp file its final name without ever overwriting.

    False when the name is taken; then the temp file still lies where it was.
    The caller fsyncs the target's folder. Hard link where the file system has
    them; else a rename, which only callers that hold the publishing lock may
    rely on not to overwrite.
    """
    try:
        os.link(temp, name, src_dir_fd=temp_dir, dst_dir_fd=target_dir, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        return _rename_if_free(temp, temp_dir, name, target_dir)
    os.unlink(temp, dir_fd=temp_dir)
    return True


def _rename_if_free(temp: str, temp_dir: int, name: str, target_dir: int) -> bool:
    if exists(name, target_dir):
        return False
    os.rename(temp, name, src_dir_fd=temp_dir, dst_dir_fd=target_dir)
    return True


def replace(name: str, data: bytes, dir_fd: int, mode: int = 0o664) -> None:
    """Write a file whole or not at all, replacing what was there; durable."""
    temp = f".{name}.{os.getpid()}.tmp"
    remove(temp, dir_fd)
    write_new(temp, data, dir_fd, mode)
    os.replace(temp, name, src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
    fsync_folder(dir_fd)


def move_over(temp: str, temp_dir: int, target: Path) -> None:
    """Give a finished temp file its place, atomically, over whatever lies there.

    For derived files only, which can be made again; originals are published.
    """
    os.replace(temp, target, src_dir_fd=temp_dir)


def exchange(temp: str, temp_dir: int, name: str, target_dir: int) -> None:
    """Give a finished temp file a name that may be taken, atomically; durable."""
    os.replace(temp, name, src_dir_fd=temp_dir, dst_dir_fd=target_dir)
    fsync_folder(target_dir)


def exists(name: str, dir_fd: int) -> bool:
    """Tell whether a name is taken, without following a link."""
    try:
        os.stat(name, dir_fd=dir_fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def read(name: str, dir_fd: int) -> bytes:
    """Read a whole small file."""
    with open(
        os.open(name, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=dir_fd), "rb"
    ) as file:
        return file.read()


def remove(name: str, dir_fd: int) -> bool:
    """Remove a file of ours; False when it was not there."""
    try:
        os.unlink(name, dir_fd=dir_fd)
    except FileNotFoundError:
        return False
    return True


def remove_folder_of_files(name: str, dir_fd: int) -> None:
    """Remove a folder of our temp files; nothing happens when it is not there.

    What a NAS put into it (an index folder, the ghost of a file somebody still
    has open) is left, and then the folder too.
    """
    try:
        folder = open_folder(name, dir_fd)
    except FileNotFoundError:
        return
    try:
        for entry in os.listdir(folder):
            if is_regular(entry, folder):
                remove(entry, folder)
    finally:
        os.close(folder)
    try:
        os.rmdir(name, dir_fd=dir_fd)
    except OSError as error:
        if error.errno not in _STAYS:
            raise


def is_regular(name: str, dir_fd: int) -> bool:
    """Tell whether a name is a regular file, without following a link."""
    try:
        status = os.stat(name, dir_fd=dir_fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode)
