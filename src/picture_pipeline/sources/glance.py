"""What the watch remembers of a source: for each folder its time and one hash of its entries.

Nothing is kept of a single file: 100,000 files in 5,000 folders take about 1 MB.
Two passes tell which folders changed: the full one asks for every file's status, the
folder pass only for the folders' own. The folders' times do not change when a file is
rewritten in place (icloudpd does that), so only a full pass, or a hint, finds that.

Measured over 100,000 files in 5,000 folders: a full pass costs 1.2 times a bare
``os.scandir`` with ``stat``, the folder pass a twentieth (``benchmarks/watch.py``).
"""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.watched import Glanced

Mark = tuple[int, int]
"""A folder's modification time, in ns, and the hash of its entries.

The time is negative when the folder is to be listed once more at that very time.

The hash is the sum of one for each entry, so that it does not depend on their order.
It is Python's own, seeded anew in each process, and compared with that of the same
folder before, never with all others: 64 bits are enough.
"""
_NO_TIME = -1
"""A modification time that no folder has: it is listed again at the next pass."""
_SETTLED_NS = 3600 * 10**9
"""A folder's time may be so new, by our clock, and the next change still get the same one: file
systems keep times by 4 ms to 2 s, and a NAS has a clock of its own."""
_BETWEEN_PULSES = 256
_MISSING = (FileNotFoundError, NotADirectoryError)


@dataclass(slots=True)
class _Pass:
    """What one look came to so far."""

    marks: dict[bytes, Mark] = field(default_factory=dict)
    changed: set[bytes] = field(default_factory=set)
    """Folders to be compared with the catalog."""
    gone: list[bytes] = field(default_factory=list)
    is_full: bool = False
    files: int = 0
    size: int = 0
    unlistable: int = 0
    listed: int = 0

    def told(self) -> Glanced:
        """Give the result."""
        return Glanced(
            changed=frozenset(self.changed),
            files=self.files,
            size=self.size,
            is_full=self.is_full,
            unlistable=self.unlistable,
        )


@dataclass(slots=True)
class Glance:
    """One source's folders as they were; see ``ports.Glance``.

    ``pulse`` is called often and may raise to stop; what a pass found is then forgotten.
    """

    root: bytes
    pulse: Callable[[], None]
    wall_ns: Callable[[], int]
    forbidden: Callable[[], frozenset[tuple[int, int]]] = frozenset
    """(device, inode) of folders that are never entered: picture-pipeline's own."""
    _marks: dict[bytes, Mark] = field(default_factory=dict)
    _own: frozenset[tuple[int, int]] = frozenset()
    _found: list[_Pass] = field(default_factory=list)
    """Passes that are not remembered yet."""

    def full_pass(self) -> Glanced:
        """Ask for the status of every file."""
        self._own = self.forbidden()
        found = _Pass(is_full=True)
        self._walk([b""], found)
        self._found = [found]
        return found.told()

    def folder_pass(self, hinted: Iterable[bytes] = ()) -> Glanced:
        """Ask for the folders' own times; list those that changed, are new, or hinted at."""
        found = _Pass()
        for number, (folder, mark) in enumerate(self._marks.items()):
            if number % _BETWEEN_PULSES == 0:
                self.pulse()
            self._ask(folder, mark, found)
        for folder in hinted:
            if folder in self._marks:  # a new one was found by its parent's time
                self._look_again(folder, found)
        self._found = [found]
        return found.told()

    def keep(self) -> None:
        """Remember what the last pass found: the source was there all the time."""
        for found in self._found:
            if found.is_full:
                self._marks = found.marks
                continue
            self._marks.update(found.marks)
            for folder in found.gone:
                self._marks.pop(folder, None)
        self._found = []

    def doubt(self, folders: Iterable[bytes]) -> None:
        """Have the next pass find these folders changed, or gone."""
        for folder in folders:
            mark = self._marks.get(folder)
            if mark is not None:
                self._marks[folder] = (_NO_TIME, ~mark[1])

    def _ask(self, folder: bytes, mark: Mark, found: _Pass) -> None:
        try:
            time = os.stat(self._path(folder)).st_mtime_ns  # noqa: PTH116 - bytes
        except _MISSING:
            found.gone.append(folder)
        except OSError:
            pass  # the full pass tells
        else:
            if time != mark[0]:
                self._look_again(folder, found)

    def _look_again(self, folder: bytes, found: _Pass) -> None:
        if folder not in found.marks:
            below = self._list(folder, found)
            self._walk([each for each in below if each not in self._marks], found)

    def _walk(self, pending: list[bytes], found: _Pass) -> None:
        while pending:
            folder = pending.pop()
            if folder not in found.marks:
                pending.extend(self._list(folder, found))

    def _list(self, folder: bytes, found: _Pass) -> list[bytes]:
        """List a folder; gives the folders in it."""
        if found.listed % _BETWEEN_PULSES == 0:
            self.pulse()
        found.listed += 1
        path = self._path(folder)
        before = self._marks.get(folder)
        try:
            time = os.stat(path).st_mtime_ns  # noqa: PTH116 - bytes
            entries, below = self._entries(path, folder, found)
        except OSError:
            found.unlistable += 1
            if before is not None:
                found.marks[folder] = (_NO_TIME, before[1])
            return []
        if before is None or before[1] != entries:
            found.changed.add(folder)
        looked_twice = before is not None and abs(before[0]) == time
        is_sure = looked_twice or time < self.wall_ns() - _SETTLED_NS
        found.marks[folder] = (time if is_sure else -time, entries)
        return below

    def _entries(self, path: bytes, folder: bytes, found: _Pass) -> tuple[int, list[bytes]]:
        total = files = size = 0
        below: list[bytes] = []
        prefix = folder + b"/" if folder else b""
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if self._enters(entry):
                        below.append(prefix + entry.name)
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                    if entry.is_symlink():
                        status = _target_of(entry, status)
                except OSError:
                    continue
                length = status.st_size
                files += 1
                size += length
                # Plain arguments, no FileStamp: half of what a pass adds to the bare walk.
                total += hash(
                    (entry.name, length, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
                )
        found.files += files
        found.size += size
        return total, below

    def _enters(self, entry: os.DirEntry[bytes]) -> bool:
        if self._own:
            with suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                return (status.st_dev, status.st_ino) not in self._own
        return True

    def _path(self, folder: bytes) -> bytes:
        return self.root + b"/" + folder if folder else self.root


def _target_of(entry: os.DirEntry[bytes], link: os.stat_result) -> os.stat_result:
    """Give the status of what a link leads to, as a source's entry has it; of folders never."""
    try:
        target = entry.stat(follow_symlinks=True)
    except OSError:
        return link
    return link if entry.is_dir(follow_symlinks=True) else target


def stamp_at(root: bytes, folder: bytes, name: bytes) -> FileStamp | None:
    """Give the present stamp of one file; None when it is gone or cannot be asked for."""
    path = b"/".join(part for part in (root, folder, name) if part)
    try:
        return FileStamp.of(os.stat(path))  # noqa: PTH116 - bytes
    except OSError:
        return None
