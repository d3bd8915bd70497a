"""``imports``: what was taken in when, and how it is taken back."""

import click

from picture_pipeline.cli.invocation import Invocation

_INTEGRITY = 4


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="How many, the newest first.",
)
@click.pass_context
def imports(ctx: click.Context, *, as_json: bool, limit: int) -> None:
    """List what was taken in when; take an import back, and bring it back."""
    if ctx.invoked_subcommand is not None:
        return
    from picture_pipeline.bootstrap.undoing import list_imports  # noqa: PLC0415 - not for --help
    from picture_pipeline.cli.lazy import invocation_of  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.sessions import print_imports  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    invocation = invocation_of(ctx)
    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    print_imports(list_imports(config, limit), as_json=as_json)


@imports.command()
@click.argument("run", metavar="N", type=click.IntRange(min=1))
@click.option("--also-edited", is_flag=True, help="Also what another program wrote a sidecar of.")
@click.option("--dry-run", is_flag=True, help="Tell what would be done, do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def undo(
    invocation: Invocation,
    run: int,
    *,
    also_edited: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Move what only import N added into the archive's trash.

    An original stays when anything else refers to it: another import saw it
    too, it belongs with others that stay, another program has edited its
    sidecar, its file in the source was freed. `imports restore N` brings all
    of it back.
    """
    from picture_pipeline.bootstrap.undoing import plan_undoing  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.cli.sessions import (  # noqa: PLC0415 - likewise
        must_be_confirmed,
        print_undone,
        undoing,
        undoing_question,
    )
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.model.run import RunId  # noqa: PLC0415 - likewise

    must_be_confirmed(yes=yes or dry_run)
    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    if dry_run or not yes:
        plan = plan_undoing(config, RunId(run), also_edited=also_edited)
        if dry_run:
            print_undone(plan, None, dry_run=True, as_json=as_json)
            return 0
        if plan.parts:
            click.confirm(undoing_question(plan), abort=True, err=True)
    with undoing(config, "Undoing", quiet=quiet) as found:
        done = found.verb.undo(RunId(run), also_edited=also_edited)
    print_undone(done.plan, done.trash, dry_run=False, as_json=as_json)
    return 0


@imports.command()
@click.argument("run", metavar="N", type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def restore(invocation: Invocation, run: int, *, as_json: bool, quiet: bool) -> int:
    """Bring back what was taken back of import N, from the trash, verified."""
    from picture_pipeline.cli.sessions import print_restored, undoing  # noqa: PLC0415 - as above
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise
    from picture_pipeline.model.run import RunId  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    with undoing(config, "Restoring", quiet=quiet) as found:
        done = found.verb.restore(RunId(run))
    print_restored(run, done, as_json=as_json)
    return _INTEGRITY if done.damaged else 0


@imports.command("empty-trash")
@click.option("--dry-run", is_flag=True, help="Tell what would be removed, do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@click.pass_obj
def empty_trash(
    invocation: Invocation, *, dry_run: bool, yes: bool, as_json: bool, quiet: bool
) -> int:
    """Remove for good what has lain in the archive's trash for 30 days or longer."""
    from picture_pipeline.bootstrap.undoing import sort_trash  # noqa: PLC0415 - --help stays quick
    from picture_pipeline.cli.sessions import (  # noqa: PLC0415 - likewise
        emptying_question,
        must_be_confirmed,
        print_emptied,
        undoing,
    )
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    must_be_confirmed(yes=yes or dry_run)
    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    trash = sort_trash(config)
    if trash.old and not dry_run:
        if not yes:
            click.confirm(emptying_question(trash.old), abort=True, err=True)
        with undoing(config, "Emptying the trash", quiet=quiet) as found:
            found.verb.empty(trash.old)
    print_emptied(trash.old, trash.young, dry_run=dry_run, as_json=as_json)
    return 0
