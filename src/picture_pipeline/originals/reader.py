"""Reads originals for a person who waits: with a bound, whatever the mount does."""

import errno
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from picture_pipeline.errors import ArchiveUnavailable, IntegrityError
from picture_pipeline.originals.faults import unavailable
from picture_pipeline.originals.layout import CONTROL
from picture_pipeline.originals.marker import MARKER, parse_marker
from picture_pipeline.workers.reading import CannotWrite, FileReaders, NoAnswer

T = TypeVar("T")
_MARKER = f"{CONTROL}/{MARKER}"
_PASSING = {errno.ESTALE, errno.EIO, errno.EAGAIN, errno.EINTR}
"""A server that restarted, or a link that flickered: opening the path again often helps."""
_PAUSES = (0.02, 0.1)
"""Seconds before each further try."""
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.EISDIR}


class BoundedReader:
    """The archive's originals behind a bound; see ``ports.ArchiveReader``.

    ``expected_id`` gives the archive that the catalog belongs to, when known.
    The marker is only looked at when an original is not found: what is found
    is known by its digest.
    """

    def __init__(
        self,
        root: Path,
        files: FileReaders,
        expected_id: Callable[[], str | None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._root = root
        self._files = files
        self._expected_id = expected_id
        self._sleep = sleep

    def prepare(self) -> None:
        """Find out already whether the archive answers, while other things are done.

        The bound of the next request counts from now.
        """
        with suppress(OSError):  # what is asked for later tells what is wrong
            self._files.prepare(self._root, _MARKER)

    def read(self, path: str, start: int = 0, count: int | None = None) -> Iterator[bytes]:
        """Give the bytes of an original from ``start`` on, at most ``count``, in pieces."""

        def again(done: int) -> Iterator[bytes]:
            left = None if count is None else count - done
            return self._files.read(self._root, path, start + done, left)

        return self._persistent(path, again, len)

    def copy(self, path: str, target: int) -> Iterator[int]:
        """Copy an original into an open file; tells after each step how many bytes it wrote."""

        def again(done: int) -> Iterator[int]:
            return self._files.copy(self._root, path, target, done)

        return self._persistent(path, again, int)

    def _persistent(
        self, path: str, again: Callable[[int], Iterator[T]], length: Callable[[T], int]
    ) -> Iterator[T]:
        """Go on, a few times, where a passing fault interrupted."""
        done = 0
        pauses = iter(_PAUSES)
        while True:
            try:
                for step in again(done):
                    yield step
                    done += length(step)
            except CannotWrite:
                raise
            except OSError as error:
                pause = next(pauses, None)
                if error.errno not in _PASSING or pause is None:
                    raise self._meaning(path, error) from error
                self._sleep(pause)
            else:
                return

    def _meaning(self, path: str, error: OSError) -> ArchiveUnavailable | IntegrityError:
        if isinstance(error, NoAnswer):
            return ArchiveUnavailable(
                f"{self._root}: the archive does not answer ({error}); look at the NAS and the "
                "network, then run the command again. Thumbnails and what lies in the cache are "
                "at hand meanwhile"
            )
        if error.errno not in _NOT_THERE:
            return unavailable(str(self._root), error)
        return self._why_missing(path)

    def _why_missing(self, path: str) -> ArchiveUnavailable | IntegrityError:
        try:
            found = b"".join(self._files.read(self._root, _MARKER))
            identity = parse_marker(found, str(self._root))
        except IntegrityError as error:
            return error
        except OSError as error:
            if error.errno not in _NOT_THERE:
                return self._meaning(path, error)
            return ArchiveUnavailable(
                f"{self._root}: there is no archive ({error.strerror}); mount the NAS, then run "
                "the command again"
            )
        expected = self._expected_id()
        if expected not in {None, identity.id}:
            return ArchiveUnavailable(
                f"{self._root}: this is archive {identity.id}, but the catalog belongs to archive "
                f"{expected}; mount the right one, or name another catalog in storage.yaml"
            )
        return IntegrityError(f"{self._root / path}: the original is missing from the archive")
