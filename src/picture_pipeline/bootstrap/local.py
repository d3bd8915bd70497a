"""The local base folder: who writes, which runs are alive, the local books."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from picture_pipeline.durable.files import exists, open_folder, publish, read, remove, write_new
from picture_pipeline.durable.locks import LiveMark
from picture_pipeline.errors import LocalDiskUnavailable

_WRITER = "writer"


@dataclass(frozen=True, slots=True)
class LocalBase:
    """``storage.local.base_path``, made when it was not there."""

    path: Path

    @classmethod
    def open(cls, path: Path) -> "LocalBase":
        """Make the folders; raises LocalDiskUnavailable."""
        try:
            (path / "runs").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LocalDiskUnavailable(
                f"{path}: the local folder cannot be made ({error.strerror}); choose another one "
                "with storage.local.base_path or PICTURE_PIPELINE_HOME"
            ) from error
        return cls(path)

    def writer(self) -> str:
        """Give the name under which this computer writes its ledger.

        Made once, from the host's name and some randomness, and kept in the
        file ``writer``.
        """
        with self._faults():
            folder = open_folder(self.path)
            try:
                if not exists(_WRITER, folder):
                    _make_writer(folder)
                return read(_WRITER, folder).decode("ascii").strip()
            finally:
                os.close(folder)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LocalDiskUnavailable(
                f"{self.path}: the local folder cannot be used ({error.strerror}); free space or "
                "look at this computer's disk, then run the command again"
            ) from error

    def new_staging(self, writer: str) -> str:
        """Name a run's temp folder: it begins with the writer's name."""
        return f"{writer}.{token_hex(4)}"

    @contextmanager
    def alive(self, staging: str) -> Iterator[None]:
        """Tell this computer's other processes that a run is alive."""
        with self._faults():
            mark = LiveMark.hold(self.path / "runs" / staging)
        try:
            yield
        finally:
            with self._faults():
                mark.close()

    def is_alive(self, staging: str) -> bool:
        """Tell whether the run behind a temp folder's name still works."""
        return LiveMark.is_alive(self.path / "runs" / staging)

    def clear_marks(self) -> None:
        """Remove the marks of runs that died."""
        with self._faults():
            for mark in (self.path / "runs").iterdir():
                LiveMark.clear(mark)
            for temp in self.path.glob(f".{_WRITER}.*"):
                temp.unlink(missing_ok=True)


def _make_writer(folder: int) -> None:
    temp = f".{_WRITER}.{token_hex(4)}"
    write_new(temp, _new_writer().encode("ascii"), folder)
    with suppress(FileNotFoundError):  # another first start was faster, and cleared it away
        publish(temp, folder, _WRITER, folder)
    remove(temp, folder)


def _new_writer() -> str:
    host = re.sub(r"[^a-z0-9-]+", "-", socket.gethostname().lower()).strip("-")[:32]
    return f"{host or 'host'}-{token_hex(4)}"
