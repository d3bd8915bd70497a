"""The command ``get``."""

import sys
from pathlib import Path

import click

from picture_pipeline.cli.invocation import Invocation


@click.command("get")
@click.argument("digest", metavar="SHA256")
@click.option("--size", default="medium", show_default=True, help="tiny, small, medium or full.")
@click.option(
    "-o", "output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file."
)
@click.pass_obj
def get(invocation: Invocation, digest: str, *, size: str, output: Path | None) -> None:
    """Give out one picture at a size: a JPEG, or with ``full`` the original as received."""
    from picture_pipeline.bootstrap.storage import PhotoStorage  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.durable.output import write_file  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    chunks = PhotoStorage(config).chunks(digest, size)
    if output is not None:
        write_file(invocation.cwd / output, chunks)
        return
    for chunk in chunks:
        sys.stdout.buffer.write(chunk)
    sys.stdout.buffer.flush()
