"""Progress fit for where stderr goes: a bar on a terminal, plain lines otherwise."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from picture_pipeline.cli.talk import PlainLines, Talk


@contextmanager
def progress_on(what: str, *, quiet: bool) -> Iterator[Talk]:
    """Show progress while the block runs."""
    if quiet:
        yield Talk()
    elif not sys.stderr.isatty():
        yield PlainLines(what)
    else:
        from picture_pipeline.cli.bar import bar_on_stderr  # noqa: PLC0415 - rich costs 50 ms

        with bar_on_stderr(what) as bar:
            yield bar
