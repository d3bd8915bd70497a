"""The public Python face: pictures by digest and size."""

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Self

from picture_pipeline.bootstrap.caching import Catalogued, open_books, open_cache
from picture_pipeline.bootstrap.healing import heal_in_background
from picture_pipeline.cache.full import OriginalCache
from picture_pipeline.cache.verifying import verified
from picture_pipeline.config import Config, load_config
from picture_pipeline.durable.claims import hold_in_use
from picture_pipeline.errors import PipelineError, UsageError
from picture_pipeline.model.cached import Wanted
from picture_pipeline.model.digest import Digest, parse_digest
from picture_pipeline.originals.reader import BoundedReader
from picture_pipeline.renditions.jpeg_header import whole_size
from picture_pipeline.renditions.tree import RenditionTree
from picture_pipeline.workers.reading import FileReaders

FULL = "full"
_CHUNK = 1 << 20
_WHOLE_FIRST = 1 << 26
"""Bytes; of an original up to this size even a part is not given out unchecked."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A picture's bytes, piece by piece."""

    chunks: Iterator[bytes]
    verified: bool
    """Whether all of them were found sound already. If not, ``chunks`` ends with
    IntegrityError when they were not: nothing of it is to be relied on before."""

    def __iter__(self) -> Iterator[bytes]:
        return self.chunks


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of an original."""

    data: bytes
    size: int
    """Of the whole original."""
    verified: bool
    """False: straight from the archive; only the whole can be checked against the digest."""


class PhotoStorage:
    """Gives out pictures: thumbnails from the local disk, originals through the cache.

    >>> PhotoStorage.open().get_photo(sha256, size="medium")  # doctest: +SKIP

    May be used by many threads, and across a fork. ``close`` (or leaving a
    ``with`` block, or the end of the process) books the cache's last uses.
    The archive is read with a bound on waiting: a NAS that hangs makes it
    ArchiveUnavailable, and thumbnails and cached originals never ask it.
    """

    def __init__(self, config: Config, environ: Mapping[str, str] | None = None) -> None:
        """Wire; nothing is opened before it is needed.

        With ``environ``, books that were lost are rebuilt by a process in the
        background, which gets this environment.
        """
        self._config = config
        self._environ = environ
        self._tree = RenditionTree(
            config.storage.local.base_path / "thumbs", config.storage.local.renditions
        )
        self._catalog = Catalogued(config)
        self._readers = FileReaders(config.storage.nas.answer_within_seconds)
        self._archive = BoundedReader(
            config.storage.nas.base_path, self._readers, self._catalog.archive_id
        )
        self._closers: list[Callable[[], None]] = [self._readers.close, self._catalog.close]
        self._wiring = threading.Lock()
        self._wired: OriginalCache | None = None
        weakref.finalize(self, _close_all, self._closers)

    @classmethod
    def open(
        cls, config: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> "PhotoStorage":
        """Open with a storage.yaml, or as the environment says.

        Raises ConfigError.
        """
        given = os.environ if environ is None else environ
        return cls(load_config(given, config, Path.cwd()), given)

    def close(self) -> None:
        """Book what is pending and let go of processes and databases; may be used again."""
        _close_all(self._closers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes there are, smallest first, ``full`` last."""
        return (*(spec.name for spec in self._config.storage.local.renditions), FULL)

    @property
    def _cache(self) -> OriginalCache:
        with self._wiring:
            if self._wired is None:
                self._wired = self._wire()
            return self._wired

    def _wire(self) -> OriginalCache:
        books = open_books(self._config)
        cache = open_cache(self._config, books)
        if self._environ is not None:
            heal_in_background(self._config, self._environ)
        self._closers[:0] = [cache.close]
        self._closers.append(books.close)
        return cache

    def get_photo(self, sha256: str, size: str = "medium") -> bytes:
        """Give a picture's bytes at a size: a JPEG, or the original as received.

        ``sha256`` may be shortened to a unique beginning. Raises
        UnknownOriginal (a FileNotFoundError), ArchiveUnavailable when the NAS
        is away or does not answer, IntegrityError when the archive's bytes
        changed, UsageError for a size that does not exist.
        """
        if size != FULL:
            return self._rendition(sha256, size)
        found = self._original(sha256)
        if isinstance(found, FileIO):
            with found:
                return found.read()
        return b"".join(self._streamed(found))

    def pieces(self, sha256: str, size: str = "medium") -> Pieces:
        """Give the same in pieces, in little memory; raises the same.

        An original that the cache cannot keep is streamed, and only its last
        piece tells whether it was sound.
        """
        if size != FULL:
            return Pieces(iter((self._rendition(sha256, size),)), verified=True)
        found = self._original(sha256)
        if isinstance(found, FileIO):
            return Pieces(_pieces_of(found), verified=True)
        return Pieces(self._streamed(found), verified=False)

    def chunks(self, sha256: str, size: str = "medium") -> Iterator[bytes]:
        """Give the bytes of ``pieces``; an original's are verified at the end."""
        yield from self.pieces(sha256, size)

    def get_range(self, sha256: str, start: int, length: int) -> Part:
        """Give at most ``length`` bytes of an original from ``start`` on, as video players ask.

        From the cache when it is there. One of up to 64 MiB is brought into
        the cache first. Of a larger one the bytes come straight from the
        archive, unverified, and nothing is kept; ``keep`` brings it into the
        cache, and then its ranges are verified too. Raises like ``get_photo``;
        UsageError for a negative start or length.
        """
        if start < 0 or length < 0:
            raise UsageError(f"no range of {length} bytes from {start}")
        found = self._cached(sha256)
        if found is None:
            wanted = self._located(sha256)
            if wanted.size <= _WHOLE_FIRST:
                found = self._cache.fetch(wanted, self._archive)
            if found is None:
                data = b"".join(self._archive.read(wanted.path, start, length))
                return Part(data, wanted.size, verified=False)
        with found:
            size = os.fstat(found.fileno()).st_size
            return Part(os.pread(found.fileno(), min(length, size), start), size, verified=True)

    def keep(self, sha256: str) -> bool:
        """Bring an original into the cache; False when it cannot be kept there.

        Raises like ``get_photo``.
        """
        return self._cache.keep(self._located(sha256), self._archive)

    def pin(self, sha256: str) -> Digest:
        """Keep an original in the cache until ``unpin``; raises UsageError when it does not fit."""
        wanted = self._located(sha256)
        self._cache.pin(wanted, self._archive)
        return wanted.digest

    def unpin(self, sha256: str) -> Digest:
        """Let an original leave the cache again."""
        digest = self._catalog.locate(sha256).digest
        self._cache.unpin(digest)
        return digest

    def _rendition(self, sha256: str, size: str) -> bytes:
        if size not in self.sizes:
            raise UsageError(f"no size {size!r}; there are {', '.join(self.sizes)}")
        # With a whole digest not even the catalog is asked: thumbnails are always at hand.
        with suppress(ValueError):
            found = self._sound(parse_digest(sha256), size)
            if found is not None:
                return found
        digest = self._catalog.locate(sha256).digest
        found = self._sound(digest, size)
        if found is None:
            raise PipelineError(
                f"{digest}: this computer has no whole {size} thumbnail; make it with: "
                "picture-pipeline generate-thumbs (companions, such as AAE and XMP, have none: "
                "get them with --size full)"
            )
        return found

    def _sound(self, digest: Digest, size: str) -> bytes | None:
        found = self._tree.read(digest, size)
        return found if found is not None and whole_size(found) else None

    def _original(self, sha256: str) -> FileIO | Wanted:
        """Open an original that is, or now is, in the cache; else tell where it lies."""
        found = self._cached(sha256)
        if found is not None:
            return found
        wanted = self._located(sha256)
        return self._cache.fetch(wanted, self._archive) or wanted

    def _located(self, sha256: str) -> Wanted:
        if not self._catalog.is_open:
            self._archive.prepare()  # opening the catalog takes a third of a second
        return self._catalog.locate(sha256)

    def _cached(self, sha256: str) -> FileIO | None:
        # With a whole digest not even the catalog is asked.
        try:
            return self._cache.open(parse_digest(sha256))
        except ValueError:
            return None

    def _streamed(self, wanted: Wanted) -> Iterator[bytes]:
        return verified(self._archive.read(wanted.path), wanted)


def _pieces_of(file: FileIO) -> Iterator[bytes]:
    with file:
        hold_in_use(file.fileno())
        while chunk := file.read(_CHUNK):
            yield chunk


def _close_all(closers: Iterable[Callable[[], None]]) -> None:
    for close in closers:
        close()
