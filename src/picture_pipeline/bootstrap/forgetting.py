"""What this computer keeps of an original, dropped when that leaves the archive."""

import logging
from collections.abc import Callable, Sequence

from picture_pipeline.bootstrap.caching import open_books, open_cache
from picture_pipeline.cache.full import OriginalCache
from picture_pipeline.catalog.cache_books import SqlCacheBooks
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.config import Config
from picture_pipeline.errors import PipelineError
from picture_pipeline.model.digest import Digest
from picture_pipeline.renditions.tree import RenditionTree

_LOG = logging.getLogger(__name__)


def forgetter(
    tree: RenditionTree, books: LocalBooks, config: Config | None
) -> Callable[[Sequence[Digest]], None]:
    """Give what drops thumbnails, quick metadata and cached copies of originals.

    Without ``config`` the cache is left alone. Raises LocalDiskUnavailable for
    thumbnails. What the cache cannot let go of (it is in use) stays until it is
    pruned: it is no more than a copy.
    """

    def forget(gone: Sequence[Digest]) -> None:
        if not gone:
            return
        for digest in gone:
            tree.remove(digest)
        books.forget_all(gone)
        try:
            if config is not None:
                _drop_cached(config, gone)
        except (PipelineError, OSError) as error:
            _LOG.warning("cached copies were left: %s", error)

    return forget


def _drop_cached(config: Config, gone: Sequence[Digest]) -> None:
    books = open_books(config)
    try:
        cache = open_cache(config, books)
        for digest in gone:
            _drop(cache, books, digest)
    finally:
        books.close()


def _drop(cache: OriginalCache, books: SqlCacheBooks, digest: Digest) -> None:
    if books.find(digest) is None:
        return
    cache.unpin(digest)
    with books.changing() as change:
        entry = change.find(digest)
        if entry is not None and cache.remove(entry):
            change.drop(digest)
