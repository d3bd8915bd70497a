"""docs/reference/commands.md and the command line know the same commands and options.

The page has one section for each command, headed ``## `config show` ``, and one table row for each
option, whose first cell spells it in backticks. Options that every command takes have the section
``## Every command``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from picture_pipeline.cli.main import cli

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "commands.md"
EVERYWHERE = "Every command"


def sections() -> dict[str, set[str]]:
    """Give the options that each section of the page spells."""
    parts = re.split(r"(?m)^## (.+)$", PAGE.read_text())[1:]
    return {
        title.strip("`"): set(options(text))
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


def options(text: str) -> Iterator[str]:
    for cell in re.findall(r"(?m)^\| (`-[^|]*)\|", text):
        yield from re.findall(r"(?<![\w-])--?[a-zA-Z][\w-]*", cell)


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Walk the commands that can be called, by the words that call them."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command, f"{name} is listed and cannot be loaded"
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield path + name, command
            yield from commands(command, f"{path}{name} ")
        else:
            yield path + name, command


def spelled(command: click.Command) -> set[str]:
    given = (each for each in command.params if isinstance(each, click.Option) and not each.hidden)
    return {name for option in given for name in (*option.opts, *option.secondary_opts)}


COMMANDS = dict(commands(cli))
SECTIONS = sections()
GLOBAL = spelled(cli) | {"-h", "--help"}


def test_every_command_is_documented_and_none_that_is_not_there() -> None:
    assert SECTIONS.keys() - {EVERYWHERE} == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_its_options_are_documented_and_none_that_it_does_not_take(name: str) -> None:
    assert SECTIONS[name] == spelled(COMMANDS[name]) - GLOBAL


def test_the_options_of_every_command_are_documented() -> None:
    assert SECTIONS[EVERYWHERE] == GLOBAL
