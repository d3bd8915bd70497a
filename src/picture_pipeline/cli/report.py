"""The report of an import, for people and as JSON."""

from collections import Counter
from collections.abc import Sequence

from picture_pipeline.bootstrap.arriving import Arriving
from picture_pipeline.cli.describing import name_fields
from picture_pipeline.cli.output import print_json, print_line, size_text
from picture_pipeline.cli.recognition import recognition
from picture_pipeline.model.candidate import printable
from picture_pipeline.model.report import ImportReport, Problem, Warned

_SHOWN = 20
"""Problems that people are shown; all of them are in the JSON."""
_FAILED = 1
_INTERRUPTED = 130


def report_status(report: ImportReport) -> int:
    """Give the exit status: 1 if and only if something failed, 130 when interrupted."""
    if report.interrupted:
        return _INTERRUPTED
    return _FAILED if report.counts.failed else 0


def print_report(report: ImportReport, arriving: Sequence[Arriving] = (), *, as_json: bool) -> None:
    """Print what an import did."""
    if as_json:
        print_json({**report_document(report), "sources": [recognition(a) for a in arriving]})
    else:
        _print_for_people(report)


def report_document(report: ImportReport) -> dict[str, object]:
    """Give the documented JSON of ``import``."""
    counts = report.counts
    return {
        "run": report.run,
        "seen": counts.seen,
        "imported": counts.imported,
        "duplicate": counts.duplicate,
        "skipped": counts.skipped,
        "rejected": counts.rejected,
        "failed": counts.failed,
        "bytes_imported": counts.bytes_imported,
        "seconds": round(report.seconds, 3),
        "problems": [_problem(problem) for problem in report.problems],
        "warnings": [_warning(warning) for warning in report.warnings],
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        **name_fields("path", problem.path),
        "outcome": problem.outcome,
        "reason": problem.reason,
        "detail": problem.detail,
    }


def _warning(warning: Warned) -> dict[str, object]:
    return {
        **name_fields("path", warning.path),
        "digest": warning.digest,
        "reason": warning.reason,
        "detail": warning.detail,
    }


def _consequence(warning: Warned) -> str:
    return "archived" if warning.reason == "incomplete" else "archived, but without thumbnails"


def _print_for_people(report: ImportReport) -> None:
    counts = report.counts
    for problem in sorted(report.problems, key=lambda p: p.outcome)[:_SHOWN]:
        detail = f" ({problem.detail})" if problem.detail else ""
        print_line(f"{problem.outcome}: {printable(problem.path)}: {problem.reason}{detail}")
    if len(report.problems) > _SHOWN:
        reasons = Counter(f"{p.outcome} {p.reason}" for p in report.problems)
        told = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        print_line(f"{len(report.problems)} files not taken in: {told}; all of them with --json")
    for warning in report.warnings[:_SHOWN]:
        print_line(
            f"warning: {printable(warning.path)}: {_consequence(warning)}: "
            f"{warning.reason} ({warning.detail})"
        )
    print_line(
        f"{counts.seen} seen = {counts.imported} imported + {counts.duplicate} duplicate + "
        f"{counts.skipped} skipped + {counts.rejected} rejected + {counts.failed} failed; "
        f"{size_text(counts.bytes_imported)} taken in, {report.seconds:.1f} s"
    )
    if report.interrupted:
        print_line("interrupted; run the same command again to go on")
