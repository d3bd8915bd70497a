"""The report of ``consolidate``: for scripts, and in plain words."""

import base64
from collections.abc import Iterator

from picture_pipeline.cli.output import print_line, size_text
from picture_pipeline.model.candidate import is_utf8, printable
from picture_pipeline.model.consolidation import (
    Consolidated,
    Item,
    PairReport,
    SourceReport,
    State,
    Verdict,
)

_LISTED = 10
"""Files that are named in the terminal; the rest stand in --json --items and --html."""


def report_of(found: Consolidated, *, items: bool) -> dict[str, object]:
    """Give the document of docs/reference/json.md."""
    return {
        "sources": [
            {"nowhere_else": found.alone.get(report.name), **_source(report, items=items)}
            for report in found.sources
        ],
        "pairs": [_pair(pair) for pair in found.pairs],
        "unhashed": found.unhashed,
    }


def _source(report: SourceReport, *, items: bool) -> dict[str, object]:
    document: dict[str, object] = {
        "name": report.name,
        "path": printable(report.path),
        "kind": report.kind,
        "files": report.files,
        "assets": report.assets,
        "archived_equal_or_better": report.archived_equal_or_better,
        "only_here": report.only_here,
        "better_here": report.better_here,
        "differs": report.differs,
        "probable": report.probable,
        "unreadable": report.unreadable,
        "verdict": report.verdict.value,
        "reasons": list(report.reasons),
        "reclaimable_bytes": report.reclaimable_bytes,
    }
    if items:
        document["items"] = [_item(item) for item in report.items]
    return document


def _item(item: Item) -> dict[str, object]:
    document: dict[str, object] = {
        "path": printable(item.path),
        "state": item.state.value,
        "digest": item.digest,
        "archived_as": item.archived_as,
        "probable": item.probable,
        "why": item.why or None,
        "size": item.size,
    }
    if not is_utf8(item.path):
        document["path_b64"] = base64.b64encode(item.path).decode("ascii")
    return document


def _pair(pair: PairReport) -> dict[str, object]:
    return {
        "a": pair.a,
        "b": pair.b,
        "both": pair.both,
        "only_a": pair.only_a,
        "only_b": pair.only_b,
    }


def print_report(found: Consolidated) -> None:
    """Tell people, source by source, what each adds."""
    if not found.sources:
        print_line("No source is known yet: name a folder, or add one with sources add.")
    for number, report in enumerate(found.sources):
        if number:
            print_line()
        for line in told(report, found.alone.get(report.name, 0)):
            print_line(line)
    if found.pairs:
        print_line()
    for pair in found.pairs:
        print_line(
            f"{pair.a} and {pair.b}: {pair.both:,} in both, "
            f"{pair.only_a:,} only in {pair.a}, {pair.only_b:,} only in {pair.b}"
        )
    if found.unhashed:
        print_line()
        print_line(
            f"Note: {found.unhashed:,} archived files have no thumbnail on this computer and were "
            "compared by their bytes alone; picture-pipeline generate-thumbs makes them."
        )


def told(report: SourceReport, alone: int = 0) -> Iterator[str]:
    """Say in plain words what a source adds to the archive; ``alone``: what no other one has."""
    yield _SENTENCES[report.verdict](report)
    if alone:
        yield (
            f"  {_pictures(alone)} came, or would come, by no other of these sources: "
            "keep one that brings new pictures"
        )
    if report.differs:
        yield (
            f"  {_pictures(report.differs)} of the same shot with other bytes"
            + (f", {report.probable:,} of them only probably" if report.probable else "")
        )
    if report.better_here:
        yield f"  {_pictures(report.better_here)} better here than in the archive"
    if report.reclaimable_bytes:
        yield f"  {size_text(report.reclaimable_bytes)} could be given back"
    for reason in report.reasons:
        yield f"  not seen whole: {reason}"
    yield from _named(report)


def _named(report: SourceReport) -> Iterator[str]:
    wanted = (State.ONLY_HERE, State.INCOMPLETE, State.BETTER_HERE, State.UNREADABLE)
    items = [item for item in report.items if item.state in wanted]
    for item in items[:_LISTED]:
        yield f"  {_LABELS[item.state]}: {printable(item.path)}"
    if len(items) > _LISTED:
        yield f"  and {len(items) - _LISTED:,} more (--json --items names them, --html shows them)"


_LABELS = {
    State.ONLY_HERE: "only here",
    State.INCOMPLETE: "only here, cut short",
    State.BETTER_HERE: "better here",
    State.UNREADABLE: "could not be read",
}


def _safe(report: SourceReport) -> str:
    if not report.assets:
        return f"{report.name} holds no pictures; safe to switch off."
    all_of_it = "its 1 picture is" if report.assets == 1 else f"all {_pictures(report.assets)} are"
    return (
        f"{report.name} adds nothing: {all_of_it} in the archive in equal or better form; "
        "safe to switch off."
    )


def _unique(report: SourceReport) -> str:
    share = f"{report.archived_equal_or_better:,} of {_pictures(report.assets)} are in the archive"
    lacking = report.only_here + report.better_here
    return (
        f"{report.name} is still needed: {share}; {lacking:,} "
        f"{'is' if lacking == 1 else 'are'} only here, or better here. "
        "Take them in with: picture-pipeline import"
    )


def _unfinished(report: SourceReport) -> str:
    return (
        f"{report.name} was not seen whole, so nobody can tell yet: "
        f"{report.archived_equal_or_better:,} of {_pictures(report.assets)} are in the archive."
    )


_SENTENCES = {
    Verdict.SAFE: _safe,
    Verdict.UNIQUE: _unique,
    Verdict.UNFINISHED: _unfinished,
}


def _pictures(count: int) -> str:
    return f"{count:,} picture" + ("" if count == 1 else "s")
