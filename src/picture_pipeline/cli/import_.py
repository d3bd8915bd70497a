"""The command ``import``."""

import click

from picture_pipeline.cli.invocation import Invocation


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
@click.option("--retry", is_flag=True, help="Look again at files rejected or failed before.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def import_(
    invocation: Invocation, paths: tuple[str, ...], *, as_json: bool, retry: bool, quiet: bool
) -> int:
    """Take files and folders into the archive, once; sources are left untouched.

    PATH is a folder, a file, the NAME of a source, or NAME=PATH to give a
    folder a name. What is known and unchanged is skipped without being opened.
    """
    import os  # noqa: PLC0415 - --help stays quick

    from picture_pipeline.bootstrap.importing import open_import  # noqa: PLC0415 - likewise
    from picture_pipeline.bootstrap.naming import choose_sources, own_below  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.progress import progress_on  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.report import print_report, report_status  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.stopping import Stopping  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.workflows.ingest import IngestOptions  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with Stopping() as stopping, progress_on("Importing", quiet=quiet) as progress:
        progress.say_where(config)
        options = IngestOptions("import", retry=retry)
        with open_import(config, options, progress, stopping) as importing:
            progress.say_recovered(importing.recovered)
            chosen = choose_sources(
                [os.fsencode(path) for path in paths],
                config,
                importing.opened.catalog,
                invocation.cwd,
            )
            sources = [importing.source(spec, only) for spec, only in chosen]
            for source in sources:
                progress.say_left_out(own_below(source.spec, importing.own))
            progress.count(sources)
            report = importing.ingest.run(sources)
    print_report(report, as_json=as_json)
    return report_status(report)
