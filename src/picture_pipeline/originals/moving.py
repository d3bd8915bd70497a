"""Moves originals with their sidecars between the archive's tree and its trash."""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence

from picture_pipeline.durable.files import (
    fsync_folder,
    make_folders,
    open_file,
    open_folder,
    remove,
)
from picture_pipeline.durable.moving import name_also
from picture_pipeline.errors import IntegrityError
from picture_pipeline.originals.layout import sidecar_path, split
from picture_pipeline.originals.marker import FOLDER_MODE

Move = tuple[str, str]
"""From and to, relative to the archive's root; the name is the same."""


class _Folders:
    """Folders of the archive, each opened once, made when they are not there."""

    def __init__(self, root: int) -> None:
        self._root = root
        self._open: dict[str, int] = {}

    def __getitem__(self, path: str) -> int:
        if path not in self._open:
            make_folders(path.split("/"), self._root, FOLDER_MODE)
            self._open[path] = open_folder(path, self._root)
        return self._open[path]

    def sync(self) -> None:
        for folder in self._open.values():
            fsync_folder(folder)

    def close(self) -> None:
        for folder in self._open.values():
            os.close(folder)


def move_away(moves: Sequence[Move], root: int) -> None:
    """Move originals, then their sidecars; durable when this returns, may be repeated.

    One that lies at neither place is passed over: a person took it. Raises
    OSError; IntegrityError when another file lies at the new place.
    """
    pairs = [pair for one in moves for pair in (one, _of_sidecar(one))]
    _move(pairs, root, _must_be_equal)


def move_back(moves: Sequence[Move], root: int) -> None:
    """Move sidecars, then their originals; as ``move_away``.

    A sidecar that lies at the new place is kept there.
    """
    pairs = [pair for one in moves for pair in (_of_sidecar(one), one)]
    _move(pairs, root, _must_be_equal_original)


def _of_sidecar(move: Move) -> Move:
    return sidecar_path(move[0]), sidecar_path(move[1])


def _move(pairs: Iterable[Move], root: int, check: Callable[[str, int, int], None]) -> None:
    folders = _Folders(root)
    try:
        moved = [pair for pair in pairs if _named_also(*pair, folders, check)]
        folders.sync()
        for old, _ in moved:
            folder, name = split(old)
            remove(name, folders[folder])
        folders.sync()
    finally:
        folders.close()


def _named_also(
    old: str, new: str, folders: _Folders, check: Callable[[str, int, int], None]
) -> bool:
    (folder, name), (target, _) = split(old), split(new)
    try:
        name_also(name, folders[folder], folders[target])
    except FileNotFoundError:
        return False
    except FileExistsError:
        check(name, folders[folder], folders[target])
    return True


def _must_be_equal_original(name: str, folder: int, target: int) -> None:
    if not name.endswith(".xmp"):
        _must_be_equal(name, folder, target)


def _must_be_equal(name: str, folder: int, target: int) -> None:
    if _digest_of(name, folder) != _digest_of(name, target):
        raise IntegrityError(
            f"{name}: another file of this name lies where it is to be moved. Nothing was "
            "overwritten. Move that one aside and look at it, then run the command again"
        )


def _digest_of(name: str, folder: int) -> str:
    with open(open_file(name, folder), "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
