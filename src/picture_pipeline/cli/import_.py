"""The command ``import``."""

import click

from picture_pipeline.cli.invocation import Invocation


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--source", "kind", metavar="KIND", help="Take PATH for this kind; nothing is recognised."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON document.")
@click.option("--dry-run", is_flag=True, help="Tell what would be taken in; write nothing.")
@click.option("--retry", is_flag=True, help="Look again at files rejected or failed before.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def import_(
    invocation: Invocation,
    paths: tuple[str, ...],
    *,
    kind: str | None,
    as_json: bool,
    dry_run: bool,
    retry: bool,
    quiet: bool,
) -> int:
    """Take files and folders into the archive, once; sources are left untouched.

    PATH is a folder, a file, the NAME of a source, or NAME=PATH to give a
    folder a name. What fills a folder is recognised by its names, unless KIND
    tells. What is known and unchanged is skipped without being opened.
    """
    import os  # noqa: PLC0415 - --help stays quick

    from picture_pipeline.bootstrap.arriving import arrive  # noqa: PLC0415 - likewise
    from picture_pipeline.bootstrap.importing import open_import  # noqa: PLC0415 - likewise
    from picture_pipeline.bootstrap.naming import choose_sources, left_out_below  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.progress import progress_on  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.recognition import say_recognised  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.releasing import say_how_to_free  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.report import print_report, report_status  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.stopping import Stopping  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.workflows.ingest import IngestOptions  # noqa: PLC0415 - likewise

    if dry_run:
        from picture_pipeline.cli.predicting import predict  # noqa: PLC0415 - likewise

        return predict(invocation, paths, kind, as_json=as_json, retry=retry, quiet=quiet)
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
            arriving = [arrive(spec, only, kind) for spec, only in chosen]
            for each in arriving:
                say_recognised(each)
            sources = [importing.source(each.spec, each.only) for each in arriving]
            for source in sources:
                progress.say_left_out(left_out_below(source.spec, config))
            progress.count(sources)
            report = importing.ingest.run(sources)
    print_report(report, arriving, as_json=as_json)
    say_how_to_free(source.spec for source in sources)
    return report_status(report)
