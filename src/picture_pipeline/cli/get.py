"""The command ``get``."""

import sys
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING

import click

from picture_pipeline.cli.invocation import Invocation

if TYPE_CHECKING:
    from picture_pipeline.bootstrap.storage import Pieces

_CHUNK = 1 << 20
_IN_MEMORY = 1 << 26


@click.command("get")
@click.argument("digest", metavar="SHA256")
@click.option("--size", default="medium", show_default=True, help="tiny, small, medium or full.")
@click.option(
    "-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
@click.pass_obj
def get(invocation: Invocation, digest: str, *, size: str, output: Path | None) -> None:
    """Give out one picture at a size: a JPEG, or with ``full`` the original as received.

    Originals come from the cache, which asks the archive when it has to.
    """
    from picture_pipeline.bootstrap.storage import PhotoStorage  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.durable.output import write_file  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with PhotoStorage(config, invocation.environ) as storage:
        pieces = storage.pieces(digest, size)
        if output is None:
            _pour(pieces, sys.stdout.buffer)
            return
        path = (invocation.cwd / output).resolve()
        if path.exists() and not path.is_file():
            with path.open("wb") as device:  # /dev/null, a FIFO: written to, never replaced
                _pour(pieces, device)
        else:
            write_file(path, pieces)


def _pour(pieces: "Pieces", out: IO[bytes]) -> None:
    """Give out nothing before all of it was found to be sound."""
    if pieces.verified:
        for chunk in pieces:
            out.write(chunk)
        out.flush()
        return
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        for chunk in pieces:
            spool.write(chunk)
        spool.seek(0)
        while chunk := spool.read(_CHUNK):
            out.write(chunk)
    out.flush()
