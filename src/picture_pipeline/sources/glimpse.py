"""A bounded look at a folder: enough names to tell what fills it."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from picture_pipeline.sources.ignored import lies_in_ignored_folder

_BRANCHES = (400, 2, 2, 1)
"""How many folders are entered of one, by level: ``alice/2024/03/15`` is four below the root."""
_FOLDERS_ENTERED = 100
_IN_THE_ROOT = 400
_IN_A_FOLDER = 40


@dataclass(frozen=True, slots=True)
class Glimpse:
    """Some of the names in a folder, and in folders below it; nothing was opened."""

    name: bytes
    """Of the folder itself."""
    folders: tuple[bytes, ...] = ()
    """Relative to it."""
    files: tuple[bytes, ...] = ()
    """Relative to it."""

    @property
    def top(self) -> frozenset[bytes]:
        """Names of the folders directly in it."""
        return frozenset(folder for folder in self.folders if b"/" not in folder)

    @property
    def top_files(self) -> frozenset[bytes]:
        """Names of the files directly in it."""
        return frozenset(file for file in self.files if b"/" not in file)


def look_at(path: bytes, only: frozenset[bytes] | None = None) -> Glimpse:
    """Look at some hundred names over a few levels; what cannot be listed shows nothing.

    ``only``: just these names in the folder are meant. ``path`` may be a file.
    """
    name = path.rstrip(b"/").rpartition(b"/")[2]
    if only is not None:
        return Glimpse(name, (), tuple(sorted(only)))
    folders: list[bytes] = []
    files: list[bytes] = []
    pending = [b""]
    for _ in range(_FOLDERS_ENTERED):
        if not pending:
            break
        folder = pending.pop()
        below, beside = _list(path, folder, _IN_A_FOLDER if folder else _IN_THE_ROOT)
        folders += below
        files += beside
        pending.extend(reversed(_to_enter(folder, below)))
    return Glimpse(name, tuple(folders), tuple(files))


def _to_enter(folder: bytes, below: list[bytes]) -> list[bytes]:
    level = folder.count(b"/") + 1 if folder else 0
    if level >= len(_BRANCHES):
        return []
    return [path for path in below if not _is_litter(path)][: _BRANCHES[level]]


def _is_litter(path: bytes) -> bool:
    return lies_in_ignored_folder(path.rpartition(b"/")[2])


def _list(path: bytes, folder: bytes, most: int) -> tuple[list[bytes], list[bytes]]:
    kinds: tuple[list[bytes], list[bytes]] = ([], [])
    with suppress(OSError), os.scandir(path + b"/" + folder) as found:
        for is_folder, name in _some(found, most):
            kinds[not is_folder].append(folder + b"/" + name if folder else name)
    return sorted(kinds[0]), sorted(kinds[1])


def _some(found: Iterable[os.DirEntry[bytes]], most: int) -> Iterator[tuple[bool, bytes]]:
    return ((entry.is_dir(follow_symlinks=False), entry.name) for entry in islice(found, most))
