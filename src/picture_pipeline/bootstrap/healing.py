"""Local books that were lost are rebuilt from the folders, by a process in the background."""

import logging
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from picture_pipeline.bootstrap.caching import BOOKS, open_books, open_cache, room_now
from picture_pipeline.bootstrap.local import LocalBase
from picture_pipeline.catalog.local_state import are_whole, mark_whole
from picture_pipeline.config import Config
from picture_pipeline.durable.locks import LiveMark
from picture_pipeline.model.digest import Digest, parse_digest

_MARK = "heal"
_AT_ONCE = 500
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Healed:
    """What was booked again."""

    renditions: int
    """Thumbnails that were booked."""
    adopted: int
    """Originals in the cache whose bytes were checked."""
    removed: int
    """Files in the cache that were not what their names say."""


def heal_in_background(config: Config, environ: Mapping[str, str]) -> bool:
    """Start the rebuilding when the books are not whole; False when nothing was started."""
    base = config.storage.local.base_path
    if are_whole(base / BOOKS) or LiveMark.is_alive(base / "runs" / _MARK):
        return False
    from picture_pipeline.workers.detached import start_detached  # noqa: PLC0415 - seldom needed

    command = [sys.executable, "-m", "picture_pipeline", "cache", "heal"]
    command += ["--config", str(config.file)] if config.file else []
    try:
        start_detached(command, base / "cache-heal.log", environ, base)
    except OSError as error:
        _LOG.warning("the local books cannot be rebuilt: %s", error)
        return False
    return True


def heal(config: Config) -> Healed | None:
    """Book what lies in the folders of thumbnails and cache; None when another run does.

    Never touches the NAS. Raises LocalDiskUnavailable.
    """
    base = LocalBase.open(config.storage.local.base_path).path
    books = open_books(config)
    with suppress(BlockingIOError), _alone(base):
        try:
            cache = open_cache(config, books)
            from picture_pipeline.cache.adoption import reconcile  # noqa: PLC0415 - seldom needed

            found = reconcile(cache, books, room_now(cache))
            cache.close()
            done = Healed(_book_renditions(config, base), found.adopted, len(found.damaged))
            mark_whole(base / BOOKS)
            return done
        finally:
            books.close()
    return None


@contextmanager
def _alone(base: Path) -> Iterator[None]:
    mark = LiveMark.hold(base / "runs" / _MARK)
    try:
        yield
    finally:
        mark.close()


def _book_renditions(config: Config, base: Path) -> int:
    from picture_pipeline.catalog.local import LocalBooks  # noqa: PLC0415 - 0.2 s that others need not pay
    from picture_pipeline.renditions.specs import FORMAT_VERSION  # noqa: PLC0415 - likewise
    from picture_pipeline.renditions.tree import RenditionTree  # noqa: PLC0415 - likewise

    specs = config.storage.local.renditions
    tree = RenditionTree(base / "thumbs", specs)
    books = LocalBooks.open(base / BOOKS)
    count = 0
    try:
        digests = _rendered(base / "thumbs", [spec.name for spec in specs])
        while part := set(islice(digests, _AT_ONCE)):
            known = books.entries(part)
            made = {digest: list(tree.sound(digest).values()) for digest in part - known.keys()}
            books.record(made, {}, FORMAT_VERSION)
            count += sum(map(len, made.values()))
    finally:
        books.close()
        tree.close()
    return count


def _rendered(thumbs: Path, names: list[str]) -> Iterator[Digest]:
    """Give the digests of which any rendition lies there, folder by folder."""
    for number in range(256):
        found: set[Digest] = set()
        for name in names:
            for path in (thumbs / name / f"{number:02x}").glob("*.jpg"):
                with suppress(ValueError):
                    found.add(parse_digest(path.stem))
        yield from sorted(found)
