"""docs/reference/exit-statuses.md tells the truth about errors.py and about --help."""

import re
from collections.abc import Iterator
from pathlib import Path

from picture_pipeline.cli.main import EXIT_STATUSES
from picture_pipeline.errors import PipelineError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "exit-statuses.md"


def family(kind: type[PipelineError]) -> Iterator[type[PipelineError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from family(below)


def documented() -> dict[int, set[str]]:
    """Give the error kinds that the page lists for each status."""
    rows = re.findall(r"(?m)^\| (\d+) \|[^|]*\|([^|]*)\|", PAGE.read_text())
    return {int(status): set(re.findall(r"`(\w+)`", kinds)) for status, kinds in rows}


def test_every_kind_of_error_stands_with_its_status() -> None:
    by_status: dict[int, set[str]] = {0: set()}
    for kind in family(PipelineError):
        by_status.setdefault(kind.exit_status, set()).add(kind.__name__)

    assert documented() == by_status


def test_help_lists_the_same_statuses() -> None:
    helped = {int(status) for status in re.findall(r"(?m)^ +(\d+) ", EXIT_STATUSES)}

    assert helped == documented().keys()
