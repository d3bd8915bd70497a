"""The local tree of renditions: ``thumbs/<size>/<aa>/<sha256>.jpg`` and quick metadata."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path

from picture_pipeline.durable.files import create, move_over, open_folder, write_all
from picture_pipeline.durable.volumes import sync_volume
from picture_pipeline.errors import LocalDiskUnavailable
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.rendition import RenditionEntry, RenditionSpec
from picture_pipeline.renditions.jpeg_header import whole_size

METADATA = "metadata"
_INCOMING = ".incoming"


class RenditionTree:
    """Stages, publishes and reads renditions below one folder of the local disk.

    Everything here can be made again from the archive, so the final rename may
    replace what was there.
    """

    def __init__(self, root: Path, specs: Sequence[RenditionSpec]) -> None:
        self._root = root
        self._names = tuple(spec.name for spec in specs)

    @cached_property
    def _incoming(self) -> int:
        with self._faults():
            (self._root / _INCOMING).mkdir(parents=True, exist_ok=True)
            return open_folder(self._root / _INCOMING)

    def close(self) -> None:
        """Let go of the folder that new files grow in; opened again when it is needed."""
        opened = self.__dict__.pop("_incoming", None)
        if opened is not None:
            os.close(opened)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LocalDiskUnavailable(
                f"{self._root}: thumbnails cannot be written ({error.strerror}); free space on "
                "this computer's disk, then run the command again"
            ) from error

    def stage(self, token: str, name: str, data: bytes) -> None:
        """Write a temp file; it becomes durable when it is published."""
        with self._faults():
            fd = create(f"{token}.{name}", self._incoming)
            try:
                write_all(fd, data)
            finally:
                os.close(fd)

    def publish_all(self, staged: Sequence[tuple[str, Digest, Sequence[str]]]) -> None:
        """Make staged files durable, all at once, then give each its place."""
        if not staged:
            return
        with self._faults():
            sync_volume(self._incoming)
            for token, digest, names in staged:
                for name in names:
                    self._publish(f"{token}.{name}", digest, name)

    def _publish(self, temp: str, digest: Digest, name: str) -> None:
        target = self._path(digest, name)
        for _ in range(2):
            try:
                move_over(temp, self._incoming, target)
            except FileNotFoundError:
                # The folder is new, or the temp file was published before a crash.
                target.parent.mkdir(parents=True, exist_ok=True)
            else:
                return

    def _path(self, digest: Digest, name: str) -> Path:
        extension = "json" if name == METADATA else "jpg"
        return self._root / name / digest[:2] / f"{digest}.{extension}"

    def discard(self, token: str) -> None:
        """Remove what was staged under a token; twice does no harm."""
        with self._faults():
            for name in (METADATA, *self._names):
                with suppress(FileNotFoundError):
                    os.unlink(f"{token}.{name}", dir_fd=self._incoming)

    def remove(self, digest: Digest) -> None:
        """Remove all that lies there of an original; twice does no harm."""
        with self._faults():
            for name in (METADATA, *self._names):
                self._path(digest, name).unlink(missing_ok=True)

    def clear_leftovers(self, is_alive: Callable[[str], bool]) -> None:
        """Remove temp files of runs that died; tokens are ``<run>-<number>``."""
        with self._faults():
            runs: dict[str, bool] = {}
            for temp in os.listdir(self._incoming):
                run = temp.rsplit("-", 1)[0]
                if run not in runs:
                    runs[run] = is_alive(run)
                if not runs[run]:
                    with suppress(FileNotFoundError):
                        os.unlink(temp, dir_fd=self._incoming)

    def read(self, digest: Digest, name: str) -> bytes | None:
        """Give a rendition's bytes; None when it is not there."""
        try:
            return self._path(digest, name).read_bytes()
        except FileNotFoundError:
            return None

    def sound(self, digest: Digest) -> dict[str, RenditionEntry]:
        """Give by name the renditions that are there and whole JPEGs."""
        found: dict[str, RenditionEntry] = {}
        for name in self._names:
            data = self.read(digest, name)
            size = whole_size(data) if data else None
            if data and size:
                found[name] = RenditionEntry(name, size.width, size.height, len(data))
        return found

    def has_metadata(self, digest: Digest) -> bool:
        """Tell whether the quick metadata is there and no torn file."""
        data = self.read(digest, METADATA)
        return data is not None and data.rstrip().endswith(b"}")
