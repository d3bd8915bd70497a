"""``sources``: the places that pictures come from."""

import os

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, say

_POLICIES = ("keep", "free", "reclaim", "move")


@click.group(invoke_without_command=True)
@click.option("--near", is_flag=True, help="Compare pictures also where that takes minutes.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def sources(ctx: click.Context, *, near: bool, as_json: bool) -> None:
    """Tell of the places that pictures come from; add and remove named ones."""
    if ctx.invoked_subcommand is None:
        from picture_pipeline.cli.lazy import invocation_of  # noqa: PLC0415 - not for --help
        from picture_pipeline.cli.source_report import report  # noqa: PLC0415 - likewise

        report(invocation_of(ctx), as_json=as_json, near=near)


@sources.command()
@click.argument("name")
@click.argument("path")
@click.option("--kind", metavar="KIND", help="What fills it; else recognised.")
@click.option("--owner", metavar="PERSON", help="Whose pictures they are.")
@click.option(
    "--policy",
    type=click.Choice(_POLICIES),
    help="What becomes of files once they are in the archive; keep, unless said otherwise.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def add(
    invocation: Invocation,
    name: str,
    path: str,
    *,
    kind: str | None,
    owner: str | None,
    policy: str | None,
    as_json: bool,
) -> None:
    """Give the folder PATH a NAME that stays, or change what is known of it. Takes nothing in."""
    from picture_pipeline.bootstrap.sourcing import Wish  # noqa: PLC0415 - not for --help
    from picture_pipeline.bootstrap.sourcing import add as add_source  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.describing import name_fields  # noqa: PLC0415 - likewise
    from picture_pipeline.cli.recognition import recognition, say_recognised  # noqa: PLC0415 - likewise
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    wish = Wish(name, os.fsencode(path), kind, owner, policy)
    added = add_source(wish, config, invocation.cwd)
    say_recognised(added)
    if as_json:
        place = name_fields("path", added.spec.path)
        print_json(
            {**recognition(added), **place, "owner": added.spec.owner, "policy": added.spec.policy}
        )
    else:
        say(f"added {name}")


@sources.command()
@click.argument("name")
@click.pass_obj
def remove(invocation: Invocation, name: str) -> None:
    """Forget the source NAME. Touches no file; what was seen there stays on record."""
    from picture_pipeline.bootstrap.sourcing import remove as remove_source  # noqa: PLC0415 - not for --help
    from picture_pipeline.config import load_config  # noqa: PLC0415 - likewise

    remove_source(name, load_config(invocation.environ, invocation.config_file, invocation.cwd))
    say(f"forgot {name}; its files are where they were")
