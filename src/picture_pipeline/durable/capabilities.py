"""What a file system can do, found out by trying in a temp folder on it.

Mount options and types promise little: a CIFS mount may or may not keep
permissions, links, case. Everything tried is removed again.
"""

import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from picture_pipeline.durable.mounts import Mount, mount_of

_FICLONE = 0x40049409
"""ioctl number, linux/fs.h."""
_TEMP_PREFIX = ".picture-pipeline-measure-"
_NANOSECOND_STAMP = 1_000_000_001_234_567_891
_PRECISIONS_NS = (1, 100, 1_000, 10_000_000, 1_000_000, 1_000_000_000, 2_000_000_000)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one file system can do, as seen from this computer."""

    file_system: str
    """Type by the table of mounts, for instance ``ext4`` or ``nfs4``."""
    network: bool
    """A network or FUSE file system: no place for SQLite."""
    hard_link: bool
    reflink: bool
    symlink: bool
    chmod: bool
    """Permissions are kept as they were set."""
    case_sensitive: bool
    colon_in_names: bool
    mtime_precision_ns: int | None
    """Nanoseconds; None when a time set comes back as quite another."""


def measure(folder: Path, mounts: Sequence[Mount]) -> Capabilities:
    """Try out the file system below an existing folder.

    Raises OSError when not even a plain file can be written there.
    """
    mount = mount_of(folder, mounts)
    with _temp_folder(folder) as place:
        plain = place / "plain"
        plain.write_bytes(b"picture-pipeline")
        return Capabilities(
            file_system=mount.kind,
            network=mount.is_network,
            hard_link=_works(lambda: _hard_link(plain)),
            reflink=_works(lambda: _reflink(plain)),
            symlink=_works(lambda: _symlink(plain)),
            chmod=_works(lambda: _chmod(plain)),
            case_sensitive=not (place / "PLAIN").exists(),
            colon_in_names=_works(lambda: _colon(place)),
            mtime_precision_ns=_mtime_precision(plain),
        )


@contextmanager
def _temp_folder(folder: Path) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix=_TEMP_PREFIX, dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _works(attempt: Callable[[], bool]) -> bool:
    try:
        return attempt()
    except (OSError, NotImplementedError):
        return False


def _hard_link(plain: Path) -> bool:
    linked = plain.with_name("linked")
    linked.hardlink_to(plain)
    return linked.samefile(plain)


def _reflink(plain: Path) -> bool:
    cloned = plain.with_name("cloned")
    with plain.open("rb") as source, cloned.open("wb") as target:
        fcntl.ioctl(target.fileno(), _FICLONE, source.fileno())
    return cloned.read_bytes() == plain.read_bytes()


def _symlink(plain: Path) -> bool:
    link = plain.with_name("link")
    link.symlink_to("plain")
    return str(link.readlink()) == "plain"


def _chmod(plain: Path) -> bool:
    file = plain.with_name("sealed")
    file.write_bytes(b"")
    modes = []
    for mode in (0o444, 0o664):
        file.chmod(mode)
        modes.append(stat.S_IMODE(file.stat().st_mode))
    return modes == [0o444, 0o664]


def _colon(place: Path) -> bool:
    (place / "a:b").write_bytes(b"")
    return "a:b" in {entry.name for entry in place.iterdir()}


def _mtime_precision(plain: Path) -> int | None:
    if not _works(lambda: _set_mtime(plain)):
        return None
    kept = plain.stat().st_mtime_ns
    for precision in sorted(_PRECISIONS_NS):
        if kept == _NANOSECOND_STAMP - _NANOSECOND_STAMP % precision:
            return precision
    return None


def _set_mtime(plain: Path) -> bool:
    os.utime(plain, ns=(_NANOSECOND_STAMP, _NANOSECOND_STAMP))
    return True
