"""A NAS that can be made to hang, to fail, and to come back: a FUSE file system over a folder.

Run as ``python fuse_nas.py BEHIND POINT CONTROL``. The folder CONTROL holds ``fault``, which says
what every call on the mount does from now on: ``none``, ``hang`` (until it says something else),
or the name of an errno. ``opened`` gets a line for each file that is opened.
"""

import ctypes
import errno
import functools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

PATIENCE = 20  # seconds; a mount that does not come up


@dataclass(frozen=True, slots=True)
class Nas:
    """A mounted NAS and its controls."""

    point: Path
    behind: Path
    control: Path

    def fails(self, fault: str) -> None:
        """Make every call hang, fail with an errno, or with ``none`` work again."""
        temp = self.control / "fault.tmp"
        temp.write_text(fault)
        temp.replace(self.control / "fault")

    @property
    def opened(self) -> list[str]:
        """The files that were opened, in order."""
        return (self.control / "opened").read_text().splitlines()


@contextmanager
def mounted(point: Path, behind: Path, control: Path) -> Iterator[Nas]:
    """Mount a NAS; skip where that is not permitted. Nothing hangs on afterwards."""
    for folder in (point, behind, control):
        folder.mkdir(parents=True, exist_ok=True)
    (control / "opened").touch()
    nas = Nas(point, behind, control)
    nas.fails("none")
    server = subprocess.Popen(
        [sys.executable, __file__, behind, point, control],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        connection = _wait_for(point, server)
        try:
            yield nas
        finally:
            nas.fails("none")
            subprocess.run(["umount", "-l", point], check=False, capture_output=True)
            with suppress(OSError):
                connection.write_text("1")  # whoever still waits for an answer gets an error
    finally:
        server.kill()
        server.communicate()


def _wait_for(point: Path, server: "subprocess.Popen[bytes]") -> Path:
    outside = point.parent.stat().st_dev
    for _ in range(PATIENCE * 100):
        if server.poll() is not None:
            _, told = server.communicate()
            pytest.skip(f"no FUSE here: {told.decode(errors='replace').strip()[-300:]}")
        device = point.stat().st_dev
        if device != outside:
            return Path(f"/sys/fs/fuse/connections/{os.minor(device)}/abort")
        time.sleep(0.01)  # between two looks; nothing is taken to have happened by then
    raise AssertionError(f"not mounted after {PATIENCE} seconds")


@dataclass(frozen=True)
class Passthrough:
    """What the kernel may ask of the mount, asked of the folder behind it."""

    behind: str
    control: Path
    use_ns = True

    def access(self, _path: str, _mode: int) -> int:
        return 0

    def getattr(self, path: str, _handle: int | None = None) -> dict[str, int]:
        status = os.lstat(self.behind + path)
        names = ("mode", "nlink", "uid", "gid", "size")
        times = ("atime", "mtime", "ctime")
        return {
            **{f"st_{name}": getattr(status, f"st_{name}") for name in names},
            **{f"st_{name}": getattr(status, f"st_{name}_ns") for name in times},
        }

    def readdir(self, path: str, _handle: int) -> list[str]:
        return [".", "..", *os.listdir(self.behind + path)]

    def open(self, path: str, flags: int) -> int:
        with (self.control / "opened").open("a") as log:
            log.write(path + "\n")
        return os.open(self.behind + path, flags & ~os.O_NONBLOCK)

    def read(self, _path: str, size: int, offset: int, handle: int) -> bytes:
        return os.pread(handle, size, offset)

    def release(self, _path: str, handle: int) -> int:
        os.close(handle)
        return 0

    def statfs(self, _path: str) -> dict[str, int]:
        status = os.statvfs(self.behind)
        names = ("bsize", "frsize", "blocks", "bfree", "bavail", "files", "ffree", "namemax")
        return {f"f_{name}": getattr(status, f"f_{name}") for name in names}


def serve(arguments: Sequence[str]) -> None:
    """Be the NAS until it is unmounted."""
    # In its own process: a file system that is used by the process that serves it blocks itself.
    import mfusepy  # noqa: PLC0415 - loads libfuse, which only the server needs

    behind, point, control = arguments
    ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG: no server outlives its test
    faulty = {
        name: _after_meeting(Path(control) / "fault", getattr(Passthrough, name))
        for name in ("access", "getattr", "readdir", "open", "read", "statfs")
    }
    kind = type("Folder", (Passthrough, mfusepy.Operations), faulty)
    mfusepy.FUSE(
        kind(behind, Path(control)), point, foreground=True, attr_timeout=0, entry_timeout=0
    )


def _after_meeting(fault: Path, operation: Callable[..., object]) -> Callable[..., object]:
    @functools.wraps(operation)
    def faulty(*given: object) -> object:
        while (wanted := fault.read_text()) == "hang":
            time.sleep(0.01)
        if wanted != "none":
            raise OSError(getattr(errno, wanted), wanted)
        return operation(*given)

    return faulty


if __name__ == "__main__":
    serve(sys.argv[1:])
