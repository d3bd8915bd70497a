"""``cache prune``: plan, then apply."""

from dataclasses import dataclass
from pathlib import Path

from picture_pipeline.bootstrap.caching import open_books, open_cache, room_now
from picture_pipeline.cache.adoption import plan, reconcile
from picture_pipeline.config import Config


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was done, or with ``--dry-run`` would be; originals by their digests."""

    left: tuple[str, ...]
    left_size: int
    """Bytes."""
    adopted: tuple[str, ...]
    forgotten: tuple[str, ...]
    cleared: tuple[Path, ...]


def prune_cache(config: Config, *, dry_run: bool) -> Pruned:
    """Keep the cache to its limits, and its books to what lies there.

    Never touches the NAS. Raises LocalDiskUnavailable, UsageError.
    """
    books = open_books(config)
    try:
        cache = open_cache(config, books)
        planned = plan(cache, books, room_now(cache))
        damaged: frozenset[Path] = frozenset()
        if not dry_run:
            damaged = reconcile(cache, books, room_now(cache)).damaged
            cache.close()
        bad = {path.name.partition(".")[0] for path in damaged}
        return Pruned(
            left=tuple(entry.digest for entry in planned.leave),
            left_size=sum(entry.size for entry in planned.leave),
            adopted=tuple(e.digest for e in planned.adopt if e.digest not in bad),
            forgotten=tuple(entry.digest for entry in planned.forget),
            cleared=tuple(dict.fromkeys((*planned.remove, *sorted(damaged)))),
        )
    finally:
        books.close()
