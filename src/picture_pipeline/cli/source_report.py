"""What ``sources`` tells."""

from collections.abc import Sequence
from datetime import UTC, datetime

from picture_pipeline.bootstrap.reporting import SourceReport, report_sources
from picture_pipeline.catalog.queries import shown_kind
from picture_pipeline.cli.describing import name_fields
from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line, print_table, size_text
from picture_pipeline.config import load_config
from picture_pipeline.model.candidate import printable

_BARS = "▁▂▃▄▅▆▇█"


def report(invocation: Invocation, *, as_json: bool, near: bool) -> None:
    """Print what is known of all sources."""
    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    found = report_sources(config, datetime.now(UTC), near=near)
    if as_json:
        print_json({"sources": [_document(each) for each in found]})
        return
    if not found:
        print_line("no source is known yet; name one with: picture-pipeline sources add NAME PATH")
        return
    heading = ("source", "kind", "files", "size", "originals", "only here", "last new", "8 weeks")
    print_table([heading, *(_row(each) for each in found)])
    print_line()
    for each in found:
        _print_details(each)


def sparkline(numbers: Sequence[int]) -> str:
    """Draw numbers as bars, the largest full; nothing is drawn as a dot."""
    most = max(numbers, default=0)
    return "".join(
        _BARS[(number * len(_BARS) - 1) // most] if number else "." for number in numbers
    )


def _row(each: SourceReport) -> tuple[str, ...]:
    figures = each.figures
    return (
        each.spec.name,
        shown_kind(each.spec.kind, figures.files),
        f"{figures.files:,}",
        size_text(figures.size),
        f"{figures.archived:,}",
        f"{figures.only_here:,}",
        (figures.last_new or "never")[:10] + (" (stale)" if each.is_stale else ""),
        sparkline(figures.new_by_week),
    )


def _print_details(each: SourceReport) -> None:
    """Print what is out of the ordinary, and where it is."""
    spec, figures = each.spec, each.figures
    told = [printable(spec.path), f"policy {spec.policy}"]
    told += [f"owner {spec.owner}"] if spec.owner else []
    near = figures.near_duplicates
    told += [f"{near:,} near-duplicates"] if near else []
    told += [f"{figures.incomplete:,} incomplete"] if figures.incomplete else []
    told += [f"{count:,} failed: {reason}" for reason, count in figures.errors]
    if each.health is not None:
        told += [each.health.status.value]
        told += [f"{each.health.waiting:,} waiting"] if each.health.waiting else []
    print_line(f"{spec.name}: " + ", ".join(told))


def _document(each: SourceReport) -> dict[str, object]:
    spec, figures, health = each.spec, each.figures, each.health
    return {
        "name": spec.name,
        "kind": shown_kind(spec.kind, figures.files),
        **name_fields("path", spec.path),
        "owner": spec.owner,
        "policy": spec.policy,
        "files": figures.files,
        "bytes": figures.size,
        "archived": figures.archived,
        "only_here": figures.only_here,
        "near_duplicates": figures.near_duplicates,
        "incomplete": figures.incomplete,
        "last_new": figures.last_new,
        "stale": each.is_stale,
        "errors": dict(figures.errors),
        "status": health.status.value if health else None,
        "waiting": health.waiting if health else None,
        "trend": {
            "new_by_week": list(figures.new_by_week),
            "scans": [
                {"time": scan.time, "files": scan.files, "bytes": scan.size} for scan in each.scans
            ],
        },
    }
