"""What ``imports`` and the commands below it say, and ask."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from picture_pipeline.bootstrap.undoing import TRASH_DAYS, Undoing, open_undoing
from picture_pipeline.cli.output import print_json, print_line, print_table, size_text
from picture_pipeline.cli.progress import progress_on
from picture_pipeline.cli.releasing import on_terminal
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.query import RunListed
from picture_pipeline.model.undoing import Leave, Stay, TrashFolder, UndoPlan
from picture_pipeline.workflows.take_back import Restored

_SHOWN = 20
"""Originals that people are shown; all of them are in the JSON."""


@contextmanager
def undoing(config: Config, what: str, *, quiet: bool) -> Iterator[Undoing]:
    """Open what the commands need, with progress."""
    with (
        progress_on(what, quiet=quiet) as progress,
        open_undoing(config, lambda count: progress.advance(count, 0)) as found,
    ):
        progress.say_recovered(found.recovered)
        yield found


def must_be_confirmed(*, yes: bool) -> None:
    """Raise UsageError, before anything is looked at, where nobody can be asked."""
    if not (yes or on_terminal()):
        raise UsageError(
            "this takes originals out of the archive, and there is no terminal to ask on: "
            "look first with --dry-run, then say --yes"
        )


def undoing_question(plan: UndoPlan) -> str:
    """Give what is asked before an import is taken back."""
    stay = f"; {len(plan.stays):,} stay" if plan.stays else ""
    return (
        f"Move {len(plan.leaves):,} originals ({size_text(plan.size)}) of import {plan.run} "
        f"into the trash{stay}?"
    )


def emptying_question(folders: Sequence[TrashFolder]) -> str:
    """Give what is asked before the trash is emptied."""
    count, size = _totals(folders)
    return f"Remove {count:,} originals ({size_text(size)}) from the trash, for good?"


def print_imports(listed: Sequence[RunListed], *, as_json: bool) -> None:
    """Print the runs that took files in."""
    if as_json:
        print_json({"imports": [_run(run) for run in listed]})
        return
    if not listed:
        print_line("nothing was imported yet")
        return
    heading = ("run", "began", "command", "status", "imported", "size", "others", "sources")
    print_table([heading, *(_row(run) for run in listed)])


def _run(run: RunListed) -> dict[str, object]:
    counts = run.counts
    return {
        "run": run.run,
        "command": run.command,
        "writer": run.writer,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "status": run.status,
        "seen": counts.seen,
        "imported": counts.imported,
        "duplicate": counts.duplicate,
        "skipped": counts.skipped,
        "rejected": counts.rejected,
        "failed": counts.failed,
        "bytes_imported": counts.bytes_imported,
        "sources": list(run.sources),
        "undone_at": run.undone_at,
    }


def _row(run: RunListed) -> tuple[str, ...]:
    others = {
        name: getattr(run.counts, name) for name in ("duplicate", "skipped", "rejected", "failed")
    }
    return (
        str(run.run),
        run.started_at,
        run.command,
        f"undone {run.undone_at[:10]}" if run.undone_at else run.status,
        f"{run.counts.imported:,}",
        size_text(run.counts.bytes_imported),
        ", ".join(f"{count:,} {name}" for name, count in others.items() if count),
        ", ".join(run.sources),
    )


def print_undone(plan: UndoPlan, trash: str | None, *, dry_run: bool, as_json: bool) -> None:
    """Print what was, or would be, taken back."""
    if as_json:
        print_json(_undone(plan, trash, dry_run=dry_run))
        return
    for stay in plan.stays[:_SHOWN]:
        print_line(f"stays: {stay.path}: {stay.detail}")
    if len(plan.stays) > _SHOWN:
        print_line(f"{len(plan.stays):,} originals stay; all of them with --json")
    reasons = Counter(stay.reason.value for stay in plan.stays)
    why = "".join(f", {count:,} {reason}" for reason, count in sorted(reasons.items()))
    would = "would go" if dry_run else "went"
    where = f" ({trash})" if trash else ""
    print_line(
        f"{len(plan.leaves):,} originals ({size_text(plan.size)}) {would} into the trash{where}; "
        f"{len(plan.stays):,} stay{why}"
    )
    if trash:
        print_line(f"to bring them back: picture-pipeline imports restore {plan.run}")


def _undone(plan: UndoPlan, trash: str | None, *, dry_run: bool) -> dict[str, object]:
    return {
        "run": plan.run,
        "dry_run": dry_run,
        "removed": len(plan.leaves),
        "bytes": plan.size,
        "stayed": len(plan.stays),
        "trash": trash,
        "originals": [_leave(leave) for leave in plan.leaves],
        "stays": [_stay(stay) for stay in plan.stays],
    }


def _leave(leave: Leave) -> dict[str, object]:
    return {"digest": leave.digest, "path": leave.path, "size": leave.size}


def _stay(stay: Stay) -> dict[str, object]:
    return {
        "digest": stay.digest,
        "path": stay.path,
        "reason": stay.reason.value,
        "detail": stay.detail,
    }


def print_restored(run: int, done: Restored, *, as_json: bool) -> None:
    """Print what came back."""
    size = sum(leave.size for leave in done.originals)
    if as_json:
        print_json(
            {
                "run": run,
                "restored": len(done.originals),
                "bytes": size,
                "originals": [_leave(leave) for leave in done.originals],
                "there_again": list(done.there_again),
                "damaged": [_leave(leave) for leave in done.damaged],
            }
        )
        return
    for leave in done.damaged:
        print_line(f"damaged, or not there: {leave.path}; it was left in the trash")
    print_line(
        f"{len(done.originals):,} originals ({size_text(size)}) are back; "
        f"{len(done.there_again):,} were archived again meanwhile, {len(done.damaged):,} damaged"
    )
    if done.originals:
        print_line("their thumbnails are made by: picture-pipeline generate-thumbs")


def print_emptied(
    folders: Sequence[TrashFolder], kept: Sequence[TrashFolder], *, dry_run: bool, as_json: bool
) -> None:
    """Print what was, or would be, removed for good."""
    count, size = _totals(folders)
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "removed": count,
                "bytes": size,
                "folders": [_folder(folder) for folder in folders],
                "kept": [_folder(folder) for folder in kept],
            }
        )
        return
    would = "would be removed" if dry_run else "removed"
    print_line(f"{would} for good: {count:,} originals ({size_text(size)})")
    for folder in kept:
        print_line(
            f"kept: {folder.path}: {folder.count:,} originals ({size_text(folder.size)}), in the "
            f"trash for less than {TRASH_DAYS} days"
        )


def _folder(folder: TrashFolder) -> dict[str, object]:
    return {
        "path": folder.path,
        "run": folder.run,
        "day": folder.day,
        "originals": folder.count,
        "bytes": folder.size,
    }


def _totals(folders: Sequence[TrashFolder]) -> tuple[int, int]:
    return sum(f.count for f in folders), sum(f.size for f in folders)
