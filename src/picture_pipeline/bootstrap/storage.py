"""The public Python face: pictures by digest and size."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from picture_pipeline.bootstrap.archive import open_archive, open_catalog
from picture_pipeline.catalog.queries import resolve, show
from picture_pipeline.config import Config, load_config
from picture_pipeline.errors import IntegrityError, PipelineError, UsageError
from picture_pipeline.model.digest import Digest, parse_digest
from picture_pipeline.originals.incoming import Incoming
from picture_pipeline.originals.store import OriginalStore
from picture_pipeline.renditions.jpeg_header import whole_size
from picture_pipeline.renditions.tree import RenditionTree

FULL = "full"


class PhotoStorage:
    """Gives out pictures: thumbnails from the local disk, originals from the archive.

    >>> PhotoStorage.open().get_photo(sha256, size="medium")  # doctest: +SKIP
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._tree = RenditionTree(
            config.storage.local.base_path / "thumbs", config.storage.local.renditions
        )

    @classmethod
    def open(
        cls, config: Path | None = None, environ: Mapping[str, str] | None = None
    ) -> "PhotoStorage":
        """Open with a storage.yaml, or as the environment says.

        Raises ConfigError.
        """
        given = os.environ if environ is None else environ
        return cls(load_config(given, config, Path.cwd()))

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes there are, smallest first, ``full`` last."""
        return (*(spec.name for spec in self._config.storage.local.renditions), FULL)

    def get_photo(self, sha256: str, size: str = "medium") -> bytes:
        """Give a picture's bytes at a size: a JPEG, or the original as received.

        ``sha256`` may be shortened to a unique beginning. Raises
        UnknownOriginal (a FileNotFoundError), ArchiveUnavailable when the NAS
        is away, IntegrityError when the archive's bytes changed, UsageError
        for a size that does not exist.
        """
        return b"".join(self.chunks(sha256, size))

    def chunks(self, sha256: str, size: str = "medium") -> Iterator[bytes]:
        """Give the same in pieces; an original's bytes are verified at the end."""
        if size not in self.sizes:
            raise UsageError(f"no size {size!r}; there are {', '.join(self.sizes)}")
        if size != FULL:
            yield self._rendition(sha256, size)
            return
        yield from self._original(sha256)

    def _rendition(self, sha256: str, size: str) -> bytes:
        # With a whole digest not even the catalog is asked: thumbnails are always at hand.
        with suppress(ValueError):
            found = self._sound(parse_digest(sha256), size)
            if found is not None:
                return found
        with open_catalog(self._config) as (_, catalog):
            digest = resolve(catalog.engine, sha256)
        found = self._sound(digest, size)
        if found is None:
            raise PipelineError(
                f"{digest}: this computer has no whole {size} thumbnail; make it with: "
                "picture-pipeline generate-thumbs"
            )
        return found

    def _sound(self, digest: Digest, size: str) -> bytes | None:
        found = self._tree.read(digest, size)
        return found if found is not None and whole_size(found) else None

    def _original(self, sha256: str) -> Iterator[bytes]:
        with open_catalog(self._config) as (_, catalog):
            digest = resolve(catalog.engine, sha256)
            path = show(catalog.engine, digest).original.path
        with open_archive(self._config) as opened:
            store = OriginalStore(opened.archive, Incoming(opened.archive))
            yield from _verified(store.chunks(path), digest, path)


def _verified(chunks: Iterator[bytes], digest: Digest, path: str) -> Iterator[bytes]:
    whole = hashlib.sha256()
    for chunk in chunks:
        whole.update(chunk)
        yield chunk
    if whole.hexdigest() != digest:
        raise IntegrityError(
            f"{path}: the archive's bytes are no longer those that were taken in; restore this "
            "file from a backup or snapshot"
        )
