"""The command ``watch``."""

import click

from picture_pipeline.cli.invocation import Invocation


@click.command("watch")
@click.argument("paths", nargs=-1, metavar="[PATH|NAME]...")
@click.option("--once", is_flag=True, help="Look twice, take in what stood still, end.")
@click.option(
    "--settle",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long a file must stand still before it is taken.",
)
@click.option(
    "--interval",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Time between two looks.",
)
@click.option("--json", "as_json", is_flag=True, help="Print each import's report as JSON.")
@click.pass_obj
def watch(
    invocation: Invocation,
    paths: tuple[str, ...],
    *,
    once: bool,
    settle: float | None,
    interval: float | None,
    as_json: bool,
) -> int:
    """Take in what arrives in folders, again and again, until stopped.

    PATH is a folder, the NAME of a source, or NAME=PATH. With none, all
    sources that have a name and a folder are watched. A file is taken when it
    stood still over two looks; one that is cut short waits. SIGTERM ends the
    watch after the files in flight.
    """
    import os  # noqa: PLC0415 - --help stays quick

    from picture_pipeline.bootstrap.watch import WatchOptions  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.watching import WatchCall, watch_on, watch_until_settled  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    call = WatchCall(
        invocation=invocation,
        config=load_config(invocation.environ, invocation.config_file, invocation.cwd),
        names=tuple(os.fsencode(path) for path in paths),
        options=WatchOptions(once, settle, interval),
        as_json=as_json,
    )
    return watch_until_settled(call) if once else watch_on(call)
