"""A command group that imports a command only when it is called.

``picture-pipeline --help`` reads names and one-line helps from a table, so it
answers in a fraction of the time that importing every command would take.
"""

import difflib
import importlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from picture_pipeline.cli.invocation import Invocation


@dataclass(frozen=True, slots=True)
class CommandRow:
    """Where a command lives (``module:attribute``) and its one-line help."""

    target: str
    help: str


class LazyGroup(click.Group):
    """A group whose commands are the rows of a table.

    Every command, also below a subgroup, gets the global options, so that
    they may stand before or after the command's name.
    """

    rows: Mapping[str, CommandRow] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the order of the table."""
        return list(self.rows)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import one command; None when the table has none of this name."""
        row = self.rows.get(cmd_name)
        if row is None:
            return None
        module, _, attribute = row.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        add_global_options(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with; suggest one when it is misspelt."""
        name = args[0]
        if name not in self.rows and not name.startswith("-"):
            near = difflib.get_close_matches(name, self.rows, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"No such command {name!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, row.help) for name, row in self.rows.items()])


def add_global_options(command: click.Command) -> None:
    """Let a command, and all commands below it, take the global options."""
    names = {parameter.name for parameter in command.params}
    command.params.extend(option for option in global_options() if option.name not in names)
    if isinstance(command, click.Group):
        for below in command.commands.values():
            add_global_options(below)


def global_options() -> list[click.Option]:
    """Make ``--config`` and ``--verbose``, which end up in the Invocation."""
    return [
        click.Option(
            ["--config", "config_file"],
            type=click.Path(dir_okay=False, path_type=Path),
            metavar="FILE",
            expose_value=False,
            callback=_take_config,
            help="storage.yaml to use.",
        ),
        click.Option(
            ["-v", "--verbose"],
            count=True,
            expose_value=False,
            callback=_take_verbosity,
            help="Log to stderr; twice for more.",
        ),
    ]


def invocation_of(ctx: click.Context) -> Invocation:
    """Give the invocation; that of this process when none was handed in."""
    return ctx.find_object(Invocation) or Invocation.of_process()


def _take_config(ctx: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.obj = replace(invocation_of(ctx), config_file=value)


def _take_verbosity(ctx: click.Context, _option: click.Parameter, value: int) -> None:
    if value:
        ctx.obj = replace(invocation_of(ctx), verbosity=value)
        _log_to_stderr(value)


def _log_to_stderr(verbosity: int) -> None:
    import logging  # noqa: PLC0415 - costs time that --help must not pay

    logging.basicConfig(
        level=logging.INFO if verbosity == 1 else logging.DEBUG,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )
