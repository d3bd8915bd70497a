"""What a long command says on stderr, and plain lines of progress for logs."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from picture_pipeline.cli.output import say, size_text
from picture_pipeline.config import Config
from picture_pipeline.ports import Source
from picture_pipeline.workflows.recover import Recovered

_LINE_EVERY = 10.0
"""Seconds between two plain lines."""


class Talk:
    """What all kinds of progress say once."""

    def say_where(self, config: Config) -> None:
        """Tell which archive is written, when nobody configured one."""
        for note in config.notes:
            say(f"note: {note}")
        if config.file is None:
            say(
                f"no storage.yaml: archive in {config.storage.nas.base_path}, catalog in SQLite "
                "(to choose: picture-pipeline setup-storage)"
            )

    def say_recovered(self, recovered: Recovered) -> None:
        """Tell what an interrupted run left."""
        if recovered.batches:
            say(f"finished {recovered.batches} batch(es) that an interrupted run left")

    def say_left_out(self, folders: Iterable[Path]) -> None:
        """Tell which folders below a source are our own."""
        for folder in folders:
            say(f"note: {folder}: belongs to picture-pipeline itself and is left out")

    def count(self, sources: Sequence[Source]) -> None:
        """Find out how much there is to do, where someone looks on."""

    def expect(self, total: int) -> None:
        """Be told how much there is to do."""

    def advance(self, entries: int, size: int) -> None:
        """Count finished entries and bytes taken in."""


@dataclass(slots=True)
class PlainLines(Talk):
    """A line every ten seconds, for logs."""

    what: str
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)
    entries: int = 0
    size: int = 0
    total: int | None = None

    def expect(self, total: int) -> None:
        """Be told how much there is to do."""
        self.total = total

    def advance(self, entries: int, size: int) -> None:
        """Count, and say so now and then."""
        self.entries += entries
        self.size += size
        now = time.monotonic()
        if now - self.told >= _LINE_EVERY:
            self.told = now
            say(self._line(self.entries / max(now - self.began, 1e-9)))

    def _line(self, rate: float) -> str:
        of = f" of {self.total:,}" if self.total else ""
        line = (
            f"{self.what}: {self.entries:,}{of} files, {size_text(self.size)}, {rate:.1f} files/s"
        )
        if self.total and rate:
            line += f", {_duration((self.total - self.entries) / rate)} left"
        return line


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
