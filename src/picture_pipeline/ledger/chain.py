"""Appends batches of events to a writer's chain, all or nothing."""

import os
import re
from collections.abc import Sequence

from picture_pipeline.durable.files import (
    fsync_folder,
    make_folders,
    open_folder,
    write_all,
)
from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.ledger.lines import Tail, after, encode, seq_and_batch
from picture_pipeline.model.event import Event, LedgerLine

_LEDGER = ".picture-pipeline/ledger"
_FOLDER_MODE = 0o2775
_MONTH = re.compile(r"\d{4}-\d{2}\.jsonl")
_WINDOWS = (1 << 16, 1 << 22, 1 << 62)
"""How much of the end is read: mostly a line or two matter, after a crash a whole batch."""


class Ledger:
    """The ledgers below ``.picture-pipeline/ledger``, relative to the archive's handle.

    Callers hold the publishing lock, so one process at a time appends.
    """

    def __init__(self, archive_fd: int, place: str) -> None:
        self._archive_fd = archive_fd
        self._place = place

    def append(
        self, writer: str, batch: str, run: int, events: Sequence[Event]
    ) -> tuple[LedgerLine, ...]:
        """Append a batch of events, durable when this returns.

        May be called again with the same batch after a crash: what an
        interrupted call left is completed, never doubled. Raises
        ArchiveUnavailable, or IntegrityError when the chain's end is damaged.
        """
        if not events:
            return ()
        try:
            return self._append(writer, batch, run, events)
        except OSError as error:
            raise ArchiveUnavailable(
                f"{self._place}: the ledger could not be written ({error.strerror}); check that "
                "the archive is mounted and has space, then run the command again"
            ) from error

    def _append(
        self, writer: str, batch: str, run: int, events: Sequence[Event]
    ) -> tuple[LedgerLine, ...]:
        make_folders((*_LEDGER.split("/"), writer), self._archive_fd, _FOLDER_MODE)
        folder = open_folder(f"{_LEDGER}/{writer}", self._archive_fd)
        try:
            chain = _ChainFile.open(folder, events[0].time[:7])
            try:
                tail = chain.rewind(batch)
                lines, data = _lines(writer, batch, run, events, tail)
                chain.write(data)
            finally:
                chain.close()
            fsync_folder(folder)
        finally:
            os.close(folder)
        return lines


def _lines(
    writer: str, batch: str, run: int, events: Sequence[Event], tail: Tail
) -> tuple[tuple[LedgerLine, ...], bytes]:
    lines: list[LedgerLine] = []
    encoded: list[bytes] = []
    for event in events:
        line = encode(event, batch, run, tail)
        tail = after(line, tail.seq + 1)
        encoded.append(line + b"\n")
        lines.append(LedgerLine(writer, tail.seq, event))
    return tuple(lines), b"".join(encoded)


class _ChainFile:
    """The month's file that a chain grows in, with the tail of the month before."""

    def __init__(self, fd: int, before: bytes) -> None:
        self._fd = fd
        self._before = before

    @classmethod
    def open(cls, folder: int, month: str) -> "_ChainFile":
        months = sorted(name for name in os.listdir(folder) if _MONTH.fullmatch(name))
        # A clock that jumped back must not put a line before older ones.
        name = max(f"{month}.jsonl", months[-1] if months else "")
        before = _last_lines([found for found in months if found < name], folder)
        fd = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o664, dir_fd=folder)
        return cls(fd, before)

    def close(self) -> None:
        os.close(self._fd)

    def rewind(self, batch: str) -> Tail:
        """Cut off a line that was never finished, and an unfinished try at this batch.

        Neither was acknowledged: the catalog books a batch only after its
        lines are durable. Returns where the chain stands then.
        """
        size = os.fstat(self._fd).st_size
        for window in _WINDOWS:
            start = max(0, size - window)
            tail = os.pread(self._fd, size - start, start)
            kept = _without_batch(_whole_lines(tail, cut=start > 0), batch)
            if kept or start == 0:
                break
        keep = start + tail.rfind(kept) + len(kept) if kept else start
        if keep < size:
            os.ftruncate(self._fd, keep)
        return _tail_of(kept or self._before)

    def write(self, data: bytes) -> None:
        size = os.lseek(self._fd, 0, os.SEEK_END)
        try:
            write_all(self._fd, data)
            os.fsync(self._fd)
        except OSError:
            os.ftruncate(self._fd, size)
            raise


def _last_lines(months: Sequence[str], folder: int) -> bytes:
    """Give lines from the end of the newest month that has any: a full disk leaves empty ones."""
    for name in reversed(months):
        fd = os.open(name, os.O_RDONLY | os.O_CLOEXEC, dir_fd=folder)
        try:
            lines = _last_bytes(fd)
        finally:
            os.close(fd)
        if lines:
            return lines
    return b""


def _last_bytes(fd: int) -> bytes:
    size = os.fstat(fd).st_size
    start = max(0, size - _WINDOWS[0])
    return _whole_lines(os.pread(fd, size - start, start), cut=start > 0)


def _whole_lines(tail: bytes, *, cut: bool) -> bytes:
    """Leave out a torn line at the end, and the rest of one that the window cut."""
    begin = tail.find(b"\n") + 1 if cut else 0
    return tail[begin : tail.rfind(b"\n") + 1]


def _without_batch(lines: bytes, batch: str) -> bytes:
    kept = lines
    while kept:
        begin = kept.rfind(b"\n", 0, len(kept) - 1) + 1
        if _parsed(kept[begin:-1])[1] != batch:
            break
        kept = kept[:begin]
    return kept


def _tail_of(lines: bytes) -> Tail:
    if not lines:
        return Tail()
    last = lines.rstrip(b"\n").rpartition(b"\n")[2]
    return after(last, _parsed(last)[0])


def _parsed(line: bytes) -> tuple[int, str]:
    try:
        return seq_and_batch(line)
    except (ValueError, KeyError, TypeError) as error:
        raise IntegrityError(
            "the end of the ledger is damaged, so nothing was appended to it; look at the last "
            "line of the newest file below .picture-pipeline/ledger and restore it from a backup"
        ) from error
