"""What ``sources`` tells: from the books alone, neither sources nor NAS are asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from picture_pipeline.bootstrap.archive import open_catalog
from picture_pipeline.bootstrap.consolidating import PicturedArchive
from picture_pipeline.bootstrap.sourcing import listed
from picture_pipeline.bootstrap.watching import read_health
from picture_pipeline.catalog.candidates import SqlLookBooks
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.looked_figures import count_hashes, looked_folders, seen_in
from picture_pipeline.catalog.source_reports import figures_of_sources
from picture_pipeline.config import Config
from picture_pipeline.metadata.recognition.recognise import RECOGNISER_VERSION
from picture_pipeline.model.candidate import FolderListing, SourceName, SourceSpec
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness
from picture_pipeline.model.source_figures import SourceFigures
from picture_pipeline.model.source_scan import SourceScan
from picture_pipeline.model.times import format_utc
from picture_pipeline.model.watched import SourceHealth
from picture_pipeline.renditions.pdq import hashed_spec
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.tree import RenditionTree
from picture_pipeline.workflows.compare import Comparison
from picture_pipeline.workflows.near_copies import count_near, near_copies

_WEEKS = 8
_SCANS = 30
_COMPARED = 100_000
"""So many pictures are compared in a second or so; more only when that is asked for."""
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


def report_sources(config: Config, now: datetime, *, near: bool = False) -> list[SourceReport]:
    """Tell of all sources; raises CatalogUnavailable, LocalDiskUnavailable.

    ``near`` compares pictures however many there are.
    """
    specs = listed(config)
    health = {source.name: source for source in read_health(config).sources}
    stale_before = _utc(now - timedelta(days=config.storage.sync.stale_after_days))
    with open_catalog(config) as (local, catalog):
        figures = figures_of_sources(catalog.engine, _weeks_before(now))
        copies = _near_duplicates(config, local.path, catalog, near=near)
        reports: list[SourceReport] = []
        for spec in specs:
            found = figures.get(spec.name, _NONE)
            if copies is not None:
                found = replace(found, near_duplicates=copies.get(spec.name, 0))
            scans = catalog.last_source_scans(spec.name, _SCANS)
            is_stale = found.last_new is not None and found.last_new < stale_before
            reports.append(SourceReport(spec, found, scans[::-1], health.get(spec.name), is_stale))
    return reports


def _near_duplicates(
    config: Config, local: Path, catalog: SqlCatalog, *, near: bool
) -> dict[SourceName, int] | None:
    """Count them for each source; None when there are too many pictures to be quick."""
    if not near and count_hashes(catalog.engine) > _COMPARED:
        return None
    specs = config.storage.local.renditions
    spec = hashed_spec(specs) or DEFAULT_SPECS[1]
    archive = PicturedArchive(catalog, RenditionTree(local / "thumbs", specs), spec)
    looked = _looked(catalog)
    copies = near_copies(Comparison(archive, _near, lambda _kind: 0), looked)
    return count_near(copies, seen_in(catalog.engine, copies), looked)


def _looked(catalog: SqlCatalog) -> dict[SourceName, dict[Digest, Likeness | None]]:
    books = SqlLookBooks(catalog, RECOGNISER_VERSION)
    found: dict[SourceName, dict[Digest, Likeness | None]] = {}
    for source, folders in looked_folders(catalog.engine).items():
        known = books.seen_before(source, [FolderListing(folder, ()) for folder in folders])
        seen = (each for its in known.values() for each in its)
        found[source] = {each.digest: each.likeness for each in seen if each.digest}
    return found


def _near(
    hashes: Sequence[bytes], others: Sequence[bytes] | None
) -> Sequence[tuple[int, int, int]]:
    from picture_pipeline.likeness.index import join, self_join  # noqa: PLC0415 - numpy is slow

    return self_join(hashes) if others is None else join(hashes, others)


def _weeks_before(now: datetime) -> list[str]:
    """Give when each of the last weeks began, the last ends now; the oldest first."""
    return [_utc(now - timedelta(weeks=back)) for back in range(_WEEKS, 0, -1)]


def _utc(moment: datetime) -> str:
    return format_utc(moment.astimezone(UTC).replace(microsecond=0))
