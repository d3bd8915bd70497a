"""What ``storage-stats`` tells; from the books alone, the NAS is never asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from picture_pipeline.bootstrap.archive import open_catalog
from picture_pipeline.bootstrap.background import BackgroundRun
from picture_pipeline.bootstrap.caching import open_books
from picture_pipeline.catalog.local import LocalBooks, RenditionTotals
from picture_pipeline.catalog.queries import totals
from picture_pipeline.config import Config
from picture_pipeline.model.cached import CacheTotals
from picture_pipeline.model.query import CatalogTotals


@dataclass(frozen=True, slots=True)
class Stats:
    """All totals."""

    catalog: CatalogTotals
    renditions: Mapping[str, RenditionTotals]
    """By size's name."""
    complete: int
    """Originals with every size."""
    cache: CacheTotals
    """Full-size originals kept on the local disk."""
    background: dict[str, object] | None


def collect_stats(config: Config) -> Stats:
    """Add up; raises CatalogUnavailable."""
    names = [spec.name for spec in config.storage.local.renditions]
    with open_catalog(config) as (local, catalog):
        books = LocalBooks.open(local.path / "local.db")
        try:
            made = books.totals()
            status = BackgroundRun(local.path).read()
            return Stats(
                catalog=totals(catalog.engine),
                renditions={name: made.get(name, RenditionTotals(0, 0)) for name in names},
                complete=books.complete(names),
                cache=cache_totals(config),
                background=asdict(status) if status else None,
            )
        finally:
            books.close()


def cache_totals(config: Config) -> CacheTotals:
    """Give what the cache's books say; raises LocalDiskUnavailable, UsageError."""
    books = open_books(config)
    try:
        return books.totals()
    finally:
        books.close()
