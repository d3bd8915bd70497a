"""Reads the beginnings of archived originals, behind a bound; without the NAS nothing is proven."""

import logging
from collections.abc import Callable, Collection, Mapping
from itertools import takewhile

from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.original import Original
from picture_pipeline.originals.reader import BoundedReader
from picture_pipeline.workflows.beginnings import hash_beginnings

_LOG = logging.getLogger(__name__)


class ArchivedBeginnings:
    """Hashes the first bytes of originals; see ``workflows.beginnings.HashBeginnings``."""

    def __init__(self, archive: BoundedReader, stopping: Callable[[], bool]) -> None:
        self._archive = archive
        self._stopping = stopping
        self._is_away = False

    def __call__(self, original: Original, sizes: Collection[int]) -> Mapping[int, Digest]:
        """Read an original up to the largest size; what cannot be read is logged, and missing."""
        if self._is_away or self._stopping():
            return {}
        pieces = self._archive.read(original.path, 0, max(sizes, default=0))
        try:
            return hash_beginnings(takewhile(lambda _: not self._stopping(), pieces), sizes)
        except ArchiveUnavailable as error:
            self._is_away = True  # else each further original would be waited for in vain
            _LOG.warning("files that lack their end are not compared with originals: %s", error)
        except IntegrityError as error:
            _LOG.warning("a file that lacks its end is not compared with an original: %s", error)
        return {}
