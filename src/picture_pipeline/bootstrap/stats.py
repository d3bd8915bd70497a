"""What ``storage-stats`` tells; from the books alone, the NAS is never asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from picture_pipeline.bootstrap.archive import open_catalog
from picture_pipeline.bootstrap.background import BackgroundRun
from picture_pipeline.catalog.local import LocalBooks, RenditionTotals
from picture_pipeline.catalog.queries import totals
from picture_pipeline.config import Config
from picture_pipeline.model.query import CatalogTotals, Total


@dataclass(frozen=True, slots=True)
class Stats:
    """All totals."""

    catalog: CatalogTotals
    renditions: Mapping[str, RenditionTotals]
    """By size's name."""
    complete: int
    """Originals with every size."""
    cache: Total
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
                cache=_files_below(local.path / "cache" / "full"),
                background=asdict(status) if status else None,
            )
        finally:
            books.close()


def _files_below(folder: Path) -> Total:
    sizes = [path.stat().st_size for path in folder.glob("*/*") if path.is_file()]
    return Total(len(sizes), sum(sizes))
