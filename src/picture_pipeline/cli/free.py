"""The command ``free``."""

import click

from picture_pipeline.cli.invocation import Invocation


@click.command("free")
@click.argument("source", metavar="NAME|PATH")
@click.option("--dry-run", is_flag=True, help="Tell what would be removed, do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def free(
    invocation: Invocation, source: str, *, dry_run: bool, yes: bool, as_json: bool, quiet: bool
) -> int:
    """Remove from a card, or a folder, what the archive holds.

    Only where the source's policy is free or move, and only files whose copy in
    the archive was read back from the disk in this very run. Folders stay, and
    so does all that is not archived.
    """
    import os  # noqa: PLC0415 - --help stays quick

    from picture_pipeline.bootstrap.releasing import Asked, open_releasing  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.output import size_text  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.releasing import (  # noqa: PLC0415 - likewise
        Asking,
        Undertaking,
        carry_out,
        must_be_confirmed,
    )
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    asking = Asking(yes=yes, dry_run=dry_run, as_json=as_json, quiet=quiet)
    must_be_confirmed(asking)
    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with open_releasing(config) as releasing:
        chosen = releasing.plan_free(Asked([os.fsencode(source)], invocation.cwd, dry_run=dry_run))
        files = [file for one in chosen for file in one.plan.released]
        size = size_text(sum(file.size for file in files))
        undertaking = Undertaking(
            files=files,
            left=[left for one in chosen for left in one.plan.left],
            counts={},
            question=f"Remove {len(files):,} files ({size}) from {source} once each was checked?",
            what="Freeing",
            done=chosen[0].policy.outcome,
            act=lambda progress, stopping: releasing.let_go(chosen, progress, stopping),
        )
        return carry_out(undertaking, asking)
