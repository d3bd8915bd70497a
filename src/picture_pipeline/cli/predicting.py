"""``import --dry-run``: what an import would do."""

import os
from collections.abc import Mapping, Sequence

from picture_pipeline.bootstrap.arriving import Arriving, arrive
from picture_pipeline.bootstrap.foretelling import Foretelling, open_foretelling
from picture_pipeline.bootstrap.naming import choose_sources, left_out_below
from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.output import print_json, print_line, size_text
from picture_pipeline.cli.progress import progress_on
from picture_pipeline.cli.recognition import recognition, say_recognised
from picture_pipeline.cli.report import print_report, report_document, report_status
from picture_pipeline.cli.stopping import Stopping
from picture_pipeline.config import load_config
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.query import Total
from picture_pipeline.model.report import ImportReport
from picture_pipeline.workflows.foretell import OVERHEAD
from picture_pipeline.workflows.ingest import IngestOptions


def predict(
    invocation: Invocation,
    paths: Sequence[str],
    kind: str | None,
    *,
    as_json: bool,
    retry: bool,
    quiet: bool,
) -> int:
    """Look at sources as an import would, tell what it would do; gives the exit status."""
    config = load_config(invocation.environ, invocation.config_file, invocation.cwd)
    options = IngestOptions("import", retry=retry)
    with (
        Stopping() as stopping,
        progress_on("Looking", quiet=quiet) as progress,
        open_foretelling(config, options, progress, stopping) as found,
    ):
        given = [os.fsencode(path) for path in paths]
        chosen = choose_sources(given, config, found.catalog, invocation.cwd)
        arriving = [arrive(spec, only, kind) for spec, only in chosen]
        for each in arriving:
            say_recognised(each)
        sources = [found.source(each.spec, each.only) for each in arriving]
        for source in sources:
            progress.say_left_out(left_out_below(source.spec, config))
        progress.count(sources)
        report = found.ingest.run(sources)
    _print(report, found, arriving, as_json=as_json)
    return report_status(report)


def _print(
    report: ImportReport, found: Foretelling, arriving: Sequence[Arriving], *, as_json: bool
) -> None:
    totals = found.foreteller.totals
    fits = report.counts.bytes_imported + report.counts.imported * OVERHEAD <= found.free
    if as_json:
        document = {
            **report_document(report),
            "run": None,
            "dry_run": True,
            "free_bytes": found.free,
            "fits": fits,
            "sources": [_source(each, totals) for each in arriving],
        }
        print_json(document)
        return
    print_line("a dry run: nothing was written; an import now would say:")
    print_report(report, as_json=False)
    for name, total in totals.items():
        print_line(f"{name}: {total.count:,} new originals ({size_text(total.size)})")
    verdict = "fits" if fits else "does not fit"
    print_line(f"free on the archive's disk: {size_text(found.free)}; it {verdict}")


def _source(arriving: Arriving, totals: Mapping[SourceName, Total]) -> dict[str, object]:
    total = totals.get(arriving.spec.name, Total(0, 0))
    return {
        **recognition(arriving),
        "imported": total.count,
        "bytes_imported": total.size,
    }
