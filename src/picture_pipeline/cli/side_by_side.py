"""The page of ``consolidate --html``: shares as bars, and pictures side by side, in one file."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from picture_pipeline.cli.comparing import told
from picture_pipeline.cli.output import printable_line, size_text
from picture_pipeline.model.candidate import SourceName, printable
from picture_pipeline.model.consolidation import (
    Consolidated,
    Item,
    PairReport,
    SourceReport,
    State,
)
from picture_pipeline.model.looked import Surveyed

if TYPE_CHECKING:
    from picture_pipeline.bootstrap.consolidating import Consolidation

_MOST = 120
"""Files of a source that are shown; a page with all of 100,000 opens nowhere."""
_SHOWN = (State.BETTER_HERE, State.ONLY_HERE, State.INCOMPLETE, State.ARCHIVED_BETTER)

Pictures = Mapping[tuple[SourceName, bytes], tuple[bytes, bytes]]
"""By source and path: JPEGs of the file here and of the archive's copy; empty without one."""


def shown_items(report: SourceReport) -> Sequence[Item]:
    """Give the files that the page shows: what decides first, then what differs."""
    chosen = [
        item
        for state in _SHOWN
        for item in report.items
        if item.state is state and (item.archived_as or state is not State.ARCHIVED_BETTER)
    ]
    return chosen[:_MOST]


def pictures_of(
    consolidation: "Consolidation", surveys: Sequence[Surveyed], found: Consolidated
) -> Pictures:
    """Draw what the page shows: files are opened for it once more."""
    pictures: dict[tuple[SourceName, bytes], tuple[bytes, bytes]] = {}
    for survey, report in zip(surveys, found.sources, strict=True):
        for item in shown_items(report):
            here = consolidation.picture_here(survey, item.path)
            there = consolidation.archive.picture(item.archived_as) if item.archived_as else None
            pictures[report.name, item.path] = (here, there or b"")
    return pictures


def page_of(found: Consolidated, pictures: Pictures) -> str:
    """Give the whole page; it loads nothing from anywhere."""
    sections = "".join(_section(report, pictures) for report in found.sources)
    return _PAGE.format(style=_STYLE, sections=sections, pairs=_pairs(found.pairs))


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>What each source adds</title><style>{style}</style></head>
<body><h1>What each source adds to the archive</h1>
{sections}{pairs}
</body></html>
"""
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;
color:#1b1f24;background:#fff}
h2{margin:2.5rem 0 .3rem}.v{font-size:.75em;padding:.1em .6em;border-radius:1em;color:#fff;
vertical-align:middle}.safe{background:#1a7f37}.unique{background:#9a6700}
.unfinished{background:#59636e}p{margin:.2rem 0}
.bar{display:flex;height:1.4rem;border-radius:.3rem;overflow:hidden;background:#eee;margin:.6rem 0}
.bar span{display:block}.held{background:#1a7f37}.better{background:#bf8700}.only{
background:#cf222e}.key{font-size:.85em;color:#59636e}
.key b{display:inline-block;width:.8em;height:.8em;
margin:0 .3em 0 1em}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:.6rem;border-top:1px solid #d1d9e0;
padding:.8rem 0}.pair h3{grid-column:1/3;font-size:1em;margin:0;overflow-wrap:anywhere}
figure{margin:0;min-width:0}figcaption{font-size:.85em;color:#59636e;overflow-wrap:anywhere}
img{max-width:100%;max-height:20rem;border-radius:.3rem}
.none{display:grid;place-items:center;height:8rem;background:#f6f8fa;color:#59636e;
border-radius:.3rem}table{border-collapse:collapse;margin-top:1rem}
td,th{padding:.2rem .8rem;text-align:right;border-bottom:1px solid #d1d9e0}
td:first-child,th:first-child{text-align:left}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}
.bar,.none{background:#21262d}.pair,td,th{border-color:#30363d}}
"""
_NAMES = {
    State.BETTER_HERE: "better here",
    State.ONLY_HERE: "only here",
    State.INCOMPLETE: "only here, cut short",
    State.ARCHIVED_BETTER: "the archive's copy is as good or better",
}


def _section(report: SourceReport, pictures: Pictures) -> str:
    sentences = "".join(f"<p>{_text(line)}</p>" for line in told(report))
    items = shown_items(report)
    shown = "".join(_side_by_side(report, item, pictures) for item in items)
    verdict = report.verdict.value
    return (
        f'<section><h2>{_text(report.name)} <span class="v {verdict}">{verdict}</span></h2>'
        f"{sentences}{_bar(report)}{shown}</section>"
    )


def _bar(report: SourceReport) -> str:
    """Plot the shares of a source's assets."""
    parts = (
        ("held", "in the archive", report.archived_equal_or_better),
        ("better", "better here", report.better_here),
        ("only", "only here", report.only_here),
    )
    whole = max(1, report.assets)
    spans = "".join(
        f'<span class="{name}" style="width:{100 * count / whole:.2f}%"></span>'
        for name, _, count in parts
    )
    key = "".join(f'<b class="{name}"></b>{what}: {count:,}' for name, what, count in parts)
    return f'<div class="bar">{spans}</div><p class="key">{key}</p>'


def _side_by_side(report: SourceReport, item: Item, pictures: Pictures) -> str:
    here, there = pictures.get((report.name, item.path), (b"", b""))
    facts = [_NAMES[item.state], "probably the same shot" if item.probable else "", item.why]
    told_of = ", ".join(filter(None, facts))
    path = printable(item.path)
    archived = item.archived_as[:12] if item.archived_as else "not in the archive"
    return (
        f'<div class="pair"><h3>{_text(path)}: {_text(told_of)}</h3>'
        f"{_figure(here, f'here, {size_text(item.size)}')}{_figure(there, archived)}</div>"
    )


def _figure(jpeg: bytes, caption: str) -> str:
    if jpeg:
        data = base64.b64encode(jpeg).decode("ascii")
        picture = f'<img alt="" src="data:image/jpeg;base64,{data}">'
    else:
        picture = '<div class="none">no picture</div>'
    return f"<figure>{picture}<figcaption>{_text(caption)}</figcaption></figure>"


def _pairs(pairs: Iterable[PairReport]) -> str:
    rows = "".join(
        f"<tr><td>{_text(p.a)}, {_text(p.b)}</td><td>{p.both:,}</td><td>{p.only_a:,}</td>"
        f"<td>{p.only_b:,}</td></tr>"
        for p in pairs
    )
    if not rows:
        return ""
    return (
        "<h2>Each two against each other</h2><table><tr><th>sources</th><th>in both</th>"
        f"<th>only in the first</th><th>only in the second</th></tr>{rows}</table>"
    )


def _text(text: str) -> str:
    """Names come from disks and cameras: nothing of them is markup, nothing changes direction."""
    return escape(printable_line(text))
