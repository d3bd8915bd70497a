"""Progress on stderr: a bar with rate and remaining time on a terminal, plain lines otherwise."""

import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress
from rich.text import Text

from picture_pipeline.cli.output import say, size_text
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import FolderListing
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


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:.1f} files/s, {size_text(int(task.fields['size']))}")


class Bar(Talk):
    """A bar for someone who looks on."""

    def __init__(self, rich: RichProgress, what: str) -> None:
        self._rich = rich
        self._task = rich.add_task(what, total=None, size=0)
        self._size = 0
        self._over = threading.Event()

    def count(self, sources: Sequence[Source]) -> None:
        """Walk the sources on the side to know the total; reads no file, holds nothing up."""
        threading.Thread(target=self._count, args=(sources,), daemon=True, name="count").start()

    def _count(self, sources: Sequence[Source]) -> None:
        total = 0
        try:
            for source in sources:
                for listing in source.listings():
                    total += len(listing.entries) if isinstance(listing, FolderListing) else 1
                    if self._over.is_set():
                        return
        except UsageError:
            return  # the import itself tells that a source is not there
        self.expect(total)

    def expect(self, total: int) -> None:
        """Be told how much there is to do."""
        self._rich.update(self._task, total=total)

    def advance(self, entries: int, size: int) -> None:
        """Move the bar."""
        self._size += size
        self._rich.update(self._task, advance=entries, size=self._size)

    def end(self) -> None:
        """Stop counting."""
        self._over.set()


@contextmanager
def progress_on(what: str, *, quiet: bool) -> Iterator[Talk]:
    """Show progress fit for where stderr goes."""
    if quiet:
        yield Talk()
        return
    if not sys.stderr.isatty():
        yield PlainLines(what)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as rich:
        bar = Bar(rich, what)
        try:
            yield bar
        finally:
            bar.end()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
