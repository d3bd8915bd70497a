"""A tree of files that is only in memory."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MemoryTree:
    """The ``Tree`` of ``sources.telling``, from folder and name to bytes."""

    files: Mapping[tuple[bytes, bytes], bytes]

    def folders(self, folder: bytes) -> list[bytes]:
        """Give the folders in a folder."""
        start = folder + b"/" if folder else b""
        below = (f for f, _ in self.files if f.startswith(start) and f != folder)
        return sorted({path[len(start) :].partition(b"/")[0] for path in below})

    def names(self, folder: bytes) -> list[bytes]:
        """Give the files in a folder."""
        return sorted(name for its, name in self.files if its == folder)

    def read(self, folder: bytes, name: bytes, most: int) -> bytes | None:
        """Give a small file."""
        data = self.files.get((folder, name))
        return data if data is not None and len(data) <= most else None
