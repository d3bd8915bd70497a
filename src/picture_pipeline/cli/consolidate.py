"""The command ``consolidate``."""

from pathlib import Path

import click

from picture_pipeline.cli.invocation import Invocation


@click.command("consolidate")
@click.argument("paths", nargs=-1, metavar="[PATH|NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--items", is_flag=True, help="With --json: also every file, and what it is.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write a page with pictures side by side.",
)
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def consolidate(
    invocation: Invocation,
    paths: tuple[str, ...],
    *,
    as_json: bool,
    items: bool,
    html: Path | None,
    quiet: bool,
) -> int:
    """Tell which sources add nothing to the archive. Imports, changes and deletes nothing.

    PATH and NAME as for import; with none, all known sources are looked at.
    Files that were looked at before and did not change are not opened again.
    """
    import os  # noqa: PLC0415 - --help stays quick

    from picture_pipeline.bootstrap.consolidating import Absent, open_consolidation  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.comparing import print_report, report_of  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.output import print_json  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.progress import progress_on  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.side_by_side import page_of, pictures_of  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.stopping import Stopping  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.durable.output import write_file  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with (
        Stopping() as stopping,
        progress_on("Looking", quiet=quiet) as progress,
        open_consolidation(config, progress, stopping) as consolidation,
    ):
        sources = consolidation.sources([os.fsencode(path) for path in paths], invocation.cwd)
        consolidation.hashing.run()
        progress.count([source for source in sources if not isinstance(source, Absent)])
        surveys = [consolidation.look_at(source) for source in sources]
        found = consolidation.compare(surveys)
        if html is not None:
            pictures = pictures_of(consolidation, surveys, found)
            page = page_of(found, pictures)
            write_file((invocation.cwd / html).resolve(), [page.encode()])
        interrupted = stopping()
    if as_json:
        print_json(report_of(found, items=items))
    else:
        print_report(found)
    return _INTERRUPTED if interrupted else 0


_INTERRUPTED = 130
