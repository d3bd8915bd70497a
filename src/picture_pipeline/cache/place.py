"""Where the cache keeps what: ``full/<aa>/<sha256>.<ext>``, temp files and pins beside it."""

import os
from dataclasses import dataclass
from pathlib import Path

from picture_pipeline.model.digest import Digest, parse_digest


@dataclass(frozen=True, slots=True)
class CachePlace:
    """The folder ``cache`` below the local base path."""

    root: Path

    @property
    def full(self) -> Path:
        """The originals."""
        return self.root / "full"

    @property
    def incoming(self) -> Path:
        """Temp files of originals that are being fetched, one for each digest."""
        return self.root / ".incoming"

    @property
    def pins(self) -> Path:
        """Empty files named by digests: originals that stay."""
        return self.root / "pins"

    def file(self, digest: Digest, extension: str) -> Path:
        """Give the place of an original."""
        return Path(self.name(digest, extension))

    def name(self, digest: Digest, extension: str) -> str:
        """Give the same as text: joining paths would be a fifth of what a hit costs."""
        return f"{self.root}/full/{digest[:2]}/{digest}.{extension}"

    def temp(self, digest: Digest) -> Path:
        """Give the place of an original that is being fetched."""
        return self.incoming / digest

    def make(self) -> None:
        """Make the folders."""
        for folder in (self.full, self.incoming, self.pins):
            folder.mkdir(parents=True, exist_ok=True)

    def folders(self) -> list[Path]:
        """List the folders of originals, in the order of their names."""
        return sorted(path for path in self.full.iterdir() if path.is_dir())

    def is_pinned(self, digest: Digest) -> bool:
        """Tell whether an original is to stay."""
        return os.path.lexists(self.pins / digest)


def named(path: Path) -> tuple[Digest, str] | None:
    """Read digest and extension off a file's name; None when it is none of ours."""
    stem, _, extension = path.name.partition(".")
    try:
        digest = parse_digest(stem)
    except ValueError:
        return None
    return (digest, extension) if extension and path.parent.name == digest[:2] else None
