"""Files that a person asked for, outside our own folders."""

import os
from collections.abc import Iterable
from pathlib import Path
from secrets import token_hex

from picture_pipeline.durable.files import create, open_folder, remove, seal, write_all
from picture_pipeline.errors import UsageError


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole or not at all; one that was there is replaced.

    Raises UsageError when the place cannot be written; what ``chunks`` raises
    passes through, and then nothing is left behind.
    """
    temp = f".{token_hex(6)}.tmp"
    try:
        folder = open_folder(path.parent)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
    try:
        try:
            _fill(temp, chunks, folder)
            os.replace(temp, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror or error})") from error
        finally:
            remove(temp, folder)
    finally:
        os.close(folder)


def _fill(temp: str, chunks: Iterable[bytes], folder: int) -> None:
    fd = create(temp, folder)
    try:
        for chunk in chunks:
            write_all(fd, chunk)
    except BaseException:
        os.close(fd)
        raise
    seal(fd, 0o644)
