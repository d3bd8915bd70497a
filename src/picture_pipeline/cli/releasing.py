"""What ``free`` and ``reclaim`` have in common: asking, and telling how it ended."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import click

from picture_pipeline.cli.describing import name_fields
from picture_pipeline.cli.output import print_json, print_line, say, size_text
from picture_pipeline.cli.progress import progress_on
from picture_pipeline.cli.stopping import Stopping
from picture_pipeline.errors import IntegrityError, UsageError
from picture_pipeline.model.candidate import SourceSpec, printable
from picture_pipeline.model.release import Left, Released, ReleaseReport
from picture_pipeline.ports import Progress
from picture_pipeline.workflows.policies import how_to_free
from picture_pipeline.workflows.released import BROKEN

_FAILED, _INTERRUPTED = 1, 130
_SHOWN = 20
"""Files that people are shown; all of them are in the JSON."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How a command was called."""

    yes: bool
    dry_run: bool
    as_json: bool
    quiet: bool


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What a command would do, and the words for it."""

    files: Sequence[Released]
    left: Sequence[Left]
    counts: Mapping[str, int]
    question: str
    what: str
    """Before the progress."""
    done: str
    """Before the number of files, once they are done."""
    act: Callable[[Progress, Callable[[], bool]], ReleaseReport]


def carry_out(undertaking: Undertaking, asking: Asking) -> int:
    """Show what would be done, or ask and do it; gives the exit status."""
    if asking.dry_run:
        _print_plan(undertaking, as_json=asking.as_json)
        return 0
    files = undertaking.files
    if files and not (asking.yes or click.confirm(undertaking.question, err=True)):
        raise click.Abort
    with Stopping() as stopping, progress_on(undertaking.what, quiet=asking.quiet) as progress:
        progress.expect(len(files))
        report = undertaking.act(progress, stopping)
    _print_report(report, undertaking, as_json=asking.as_json)
    return _status(report, len(files))


def on_terminal() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def say_how_to_free(specs: Iterable[SourceSpec]) -> None:
    """Tell a person, after an import, how space comes back where a source's policy says so."""
    for how in filter(None, map(how_to_free, specs)):
        if on_terminal():
            say(how)


def must_be_confirmed(asking: Asking) -> None:
    """Raise UsageError, before anything is looked at, where nobody can be asked."""
    if not (asking.yes or asking.dry_run or on_terminal()):
        raise UsageError(
            "this changes files in a source, and there is no terminal to ask on: "
            "look first with --dry-run, then say --yes"
        )


def _status(report: ReleaseReport, planned: int) -> int:
    """4 when the archive is damaged, 130 when interrupted, 1 when a file that was to go stayed."""
    if any(left.reason in BROKEN for left in report.left):
        return IntegrityError.exit_status
    if report.interrupted:
        return _INTERRUPTED
    return _FAILED if len(report.done) < planned else 0


def _print_plan(undertaking: Undertaking, *, as_json: bool) -> None:
    files, left, counts = undertaking.files, undertaking.left, undertaking.counts
    if as_json:
        print_json({"dry_run": True, **_document(files, left, counts)})
        return
    for file in files[:_SHOWN]:
        print_line(f"would be {undertaking.done}: {printable(file.path)} ({size_text(file.size)})")
    _print_left(left)
    size = size_text(sum(file.size for file in files))
    would = f"would be {undertaking.done}"
    print_line(f"{would}: {len(files):,} files ({size}); stay: {len(left):,}{_others(counts)}")


def _print_report(report: ReleaseReport, undertaking: Undertaking, *, as_json: bool) -> None:
    if as_json:
        document = _document(report.done, report.left, undertaking.counts)
        seconds = round(report.seconds, 3)
        print_json({"dry_run": False, "run": report.run, "seconds": seconds, **document})
        return
    _print_left(report.left)
    print_line(
        f"{undertaking.done}: {len(report.done):,} files ({size_text(report.size)}); "
        f"stay: {len(report.left):,}{_others(undertaking.counts)}; {report.seconds:.1f} s"
    )
    if report.interrupted:
        print_line("interrupted; run the same command again to go on")


def _document(
    files: Sequence[Released], left: Sequence[Left], counts: Mapping[str, int]
) -> dict[str, object]:
    return {
        "files": len(files),
        "bytes": sum(file.size for file in files),
        **counts,
        "items": [
            {**name_fields("path", file.path), "digest": file.digest, "size": file.size}
            for file in files
        ],
        "left": [
            {**name_fields("path", each.path), "reason": each.reason, "detail": each.detail}
            for each in left
        ],
    }


def _print_left(left: Sequence[Left]) -> None:
    shown = [each for each in left if each.reason != "ignored"]
    for each in shown[:_SHOWN]:
        print_line(f"stays: {printable(each.path)}: {each.reason} ({each.detail})")
    if len(shown) > _SHOWN:
        print_line(f"{len(shown)} files stay; all of them with --json")
    by_reason = Counter(each.reason for each in left)
    if by_reason:
        print_line("stay: " + ", ".join(f"{n:,} {why}" for why, n in sorted(by_reason.items())))


def _others(counts: Mapping[str, int]) -> str:
    return "".join(f", {number:,} {name.replace('_', ' ')}" for name, number in counts.items())
