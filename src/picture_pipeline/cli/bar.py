"""A progress bar with rate and remaining time, for someone who looks on."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

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

from picture_pipeline.cli.output import size_text
from picture_pipeline.cli.talk import Talk
from picture_pipeline.errors import PipelineError
from picture_pipeline.model.candidate import FolderListing
from picture_pipeline.ports import Source


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
        except PipelineError:
            return  # the import itself tells that a source is not there, or away
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
def bar_on_stderr(what: str) -> Iterator[Bar]:
    """Show a bar until the block ends."""
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
