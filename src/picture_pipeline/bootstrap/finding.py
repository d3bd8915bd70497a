"""Find and describe originals; works without the NAS."""

from collections.abc import Iterator
from dataclasses import replace

from picture_pipeline.bootstrap.archive import open_catalog
from picture_pipeline.catalog.asset_pages import page_assets
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.catalog.queries import page_through, resolve
from picture_pipeline.catalog.showing import show
from picture_pipeline.config import Config
from picture_pipeline.model.original import Original
from picture_pipeline.model.query import AssetListed, Filter, OriginalShown


def find(config: Config, wanted: Filter, after: str | None) -> Iterator[Original]:
    """Give all originals that fit, oldest first; raises UnknownOriginal for ``after``."""
    with open_catalog(config) as (_, catalog):
        behind = resolve(catalog.engine, after) if after else None
        yield from page_through(catalog.engine, wanted, behind)


def find_assets(config: Config, wanted: Filter, after: str | None) -> Iterator[AssetListed]:
    """Give all assets of which a member fits; raises UnknownOriginal for ``after``."""
    with open_catalog(config) as (_, catalog):
        behind = resolve(catalog.engine, after) if after else None
        yield from page_assets(catalog.engine, wanted, behind)


def describe(config: Config, prefix: str) -> OriginalShown:
    """Give all that is known of one original; raises UnknownOriginal."""
    with open_catalog(config) as (local, catalog):
        shown = show(catalog.engine, resolve(catalog.engine, prefix))
        books = LocalBooks.open(local.path / "local.db")
        try:
            made = books.entries([shown.original.digest]).get(shown.original.digest, {})
        finally:
            books.close()
    order = [spec.name for spec in config.storage.local.renditions]
    known = [made.pop(name) for name in order if name in made]
    return replace(shown, renditions=(*known, *made.values()))
