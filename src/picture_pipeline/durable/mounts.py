"""Which file system a path lies on, and whether it is one that SQLite breaks on.

Source: proc(5), ``/proc/self/mountinfo``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_TABLE = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "vboxsf", "fuse"),
        *("afs", "ceph", "coda", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2", "ncpfs"),
    }
)
_OCTAL = re.compile(r"\\([0-7]{3})")
_FIELDS_BEFORE_DASH = 6


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of the table of mounts."""

    point: Path
    kind: str
    """File system type, for instance ``ext4``, ``nfs4``, ``fuse.sshfs``."""
    source: str

    @property
    def is_network(self) -> bool:
        """Tell whether locks and shared memory, which SQLite needs, cannot be relied on.

        Network file systems, and everything by FUSE (``fuseblk`` is a local disk).
        """
        return self.kind in _NETWORK or self.kind.startswith("fuse.")


UNKNOWN = Mount(Path("/"), "unknown", "")


def read_mounts() -> tuple[Mount, ...]:
    """Read the mounts as this process sees them; none where the system has no table."""
    try:
        return parse_mounts(_TABLE.read_text("utf-8", "surrogateescape"))
    except OSError:
        return ()


def parse_mounts(text: str) -> tuple[Mount, ...]:
    """Parse a mountinfo table; lines it does not understand are left out."""
    return tuple(mount for line in text.splitlines() if (mount := _parse_line(line)))


def mount_of(path: Path, mounts: Sequence[Mount]) -> Mount:
    """Find the mount that a path, which need not exist yet, lies on."""
    real = path.resolve()
    found = UNKNOWN
    for mount in mounts:
        # A later mount at the same point hides the earlier one.
        if real.is_relative_to(mount.point) and len(mount.point.parts) >= len(found.point.parts):
            found = mount
    return found


def _parse_line(line: str) -> Mount | None:
    before, dash, after = line.partition(" - ")
    fields, kind_and_source = before.split(" "), after.split(" ")
    if not dash or len(fields) < _FIELDS_BEFORE_DASH or len(kind_and_source) < 2:  # noqa: PLR2004 - type and source
        return None
    return Mount(Path(_unescaped(fields[4])), kind_and_source[0], _unescaped(kind_and_source[1]))


def _unescaped(text: str) -> str:
    return _OCTAL.sub(lambda match: chr(int(match[1], 8)), text)
