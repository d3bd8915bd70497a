"""What ``sources`` tells: from the books alone, neither sources nor NAS are asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from picture_pipeline.bootstrap.archive import open_catalog
from picture_pipeline.bootstrap.sourcing import listed
from picture_pipeline.bootstrap.watching import read_health
from picture_pipeline.catalog.source_reports import figures_of_sources
from picture_pipeline.config import Config
from picture_pipeline.model.candidate import SourceSpec
from picture_pipeline.model.source_figures import SourceFigures
from picture_pipeline.model.source_scan import SourceScan
from picture_pipeline.model.times import format_utc
from picture_pipeline.model.watched import SourceHealth

_WEEKS = 8
_SCANS = 30
_NONE = SourceFigures(new_by_week=(0,) * _WEEKS)


@dataclass(frozen=True, slots=True)
class SourceReport:
    """All that is told of one source."""

    spec: SourceSpec
    figures: SourceFigures
    scans: Sequence[SourceScan]
    """What whole looks counted, the oldest first."""
    health: SourceHealth | None
    """None: it is not watched on this computer."""
    is_stale: bool
    """Whether no new file came for ``storage.sync.stale_after_days``."""


def report_sources(config: Config, now: datetime) -> list[SourceReport]:
    """Tell of all sources; raises CatalogUnavailable, LocalDiskUnavailable."""
    specs = listed(config)
    health = {source.name: source for source in read_health(config).sources}
    stale_before = _utc(now - timedelta(days=config.storage.sync.stale_after_days))
    with open_catalog(config) as (_, catalog):
        figures = figures_of_sources(catalog.engine, _weeks_before(now))
        reports: list[SourceReport] = []
        for spec in specs:
            found = figures.get(spec.name, _NONE)
            scans = catalog.last_source_scans(spec.name, _SCANS)
            is_stale = found.last_new is not None and found.last_new < stale_before
            reports.append(SourceReport(spec, found, scans[::-1], health.get(spec.name), is_stale))
    return reports


def _weeks_before(now: datetime) -> list[str]:
    """Give when each of the last weeks began, the last ends now; the oldest first."""
    return [_utc(now - timedelta(weeks=back)) for back in range(_WEEKS, 0, -1)]


def _utc(moment: datetime) -> str:
    return format_utc(moment.astimezone(UTC).replace(microsecond=0))
