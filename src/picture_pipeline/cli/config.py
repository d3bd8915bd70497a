"""``config show`` and ``config check``."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line, say
from picture_pipeline.errors import ArchiveUnavailable, ConfigError, IntegrityError, UsageError

_FAULTY = 2


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """Whether the archive's marker is where the configuration says."""

    path: str
    id: str | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What ``config check`` found; ``archive`` is None when there are faults."""

    file: str | None
    """The storage.yaml in force; None for the embedded defaults."""
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    archive: ArchiveState | None


@click.group()
def config() -> None:
    """Look at the configuration."""


@config.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def show(invocation: Invocation, as_json: bool) -> None:  # noqa: FBT001 - click passes flags so
    """Show every key in force; passwords and keys as ***."""
    from picture_pipeline.config import load_config, shown  # noqa: PLC0415 - not for --help

    found = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    tree = shown(found)
    if as_json:
        print_json(tree)
        return
    say(f"configuration from {found.origin}")
    for key, value in _flat(tree, ""):
        print_line(f"{key} = {value}")


@config.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_obj
def check(invocation: Invocation, as_json: bool) -> int:  # noqa: FBT001 - click passes flags so
    """List all faults and notes, and tell whether the archive is there.

    Exit status 2 when there are faults.
    """
    try:
        report = _checked(invocation)
    except ConfigError as error:
        if not as_json:
            raise
        report = CheckReport(None, error.faults, (), None)
    if as_json:
        print_json(asdict(report))
    else:
        _print_report(report)
    return _FAULTY if report.faults else 0


def _checked(invocation: Invocation) -> CheckReport:
    from picture_pipeline.config import load_config  # noqa: PLC0415 - not for --help

    found = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    return CheckReport(
        file=str(found.file) if found.file else None,
        faults=(),
        notes=found.notes,
        archive=archive_state(found.storage.nas.base_path),
    )


def archive_state(root: Path) -> ArchiveState:
    """Look for an archive's marker; what is wrong becomes part of the answer."""
    from picture_pipeline.originals.handle import ArchiveHandle  # noqa: PLC0415 - not for --help

    try:
        handle = ArchiveHandle.open(root)
    except (ArchiveUnavailable, IntegrityError, UsageError) as error:
        return ArchiveState(str(root), None, str(error))
    handle.close()
    return ArchiveState(str(root), handle.identity.id, None)


def _print_report(report: CheckReport) -> None:
    print_line(f"configuration: {report.file or 'embedded defaults (no storage.yaml)'}")
    for note in report.notes:
        print_line(f"note: {note}")
    if report.archive:
        state = report.archive
        print_line(f"archive: {state.problem or f'{state.path}, id {state.id}'}")
    print_line("no faults")


def _flat(value: object, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for name, below in value.items():
            yield from _flat(below, f"{key}.{name}" if key else str(name))
    else:
        yield key, "" if value is None else str(value)
