"""A card or a download folder that was taken in, and what lies there afterwards."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installed import Said, Storage
from picture_pipeline.bootstrap.releasing import Releasing, open_releasing
from picture_pipeline.config import load_config
from pictures import jpeg, write

TAKEN = 1_710_000_000


def large(number: int) -> bytes:
    """Make a JPEG that is large enough to be worth a placeholder."""
    return jpeg(number) + hashlib.sha512(b"%d" % number).digest() * 300


@dataclass(frozen=True, slots=True)
class Folder:
    """A source, the storage that takes it in, and what it held."""

    storage: Storage
    path: Path
    files: dict[str, bytes]
    policy: str

    @classmethod
    def make(cls, tmp_path: Path, policy: str, url: str = "", kind: str = "folder") -> "Folder":
        path = tmp_path / "source"
        path.mkdir()
        spec = {"name": "card", "path": str(path), "policy": policy, "kind": kind}
        more = {"PICTURE_PIPELINE_STORAGE__SOURCES": json.dumps([spec])}
        more["PICTURE_PIPELINE_STORAGE__IMPORT__WORKERS"] = "1"
        if url:
            more["PICTURE_PIPELINE_STORAGE__DATABASE__URL"] = url
        return cls(Storage(tmp_path / "home", more), path, {}, policy)

    def add(self, name: str, data: bytes) -> None:
        """Put a file there."""
        self.files[name] = data
        write(self.path / name, data)
        os.utime(self.path / name, (TAKEN, TAKEN + len(self.files)))

    def fill(self, *names: str) -> "Folder":
        """Put some pictures there, and take them in."""
        for number, name in enumerate(names):
            self.add(name, large(number))
        self.take_in()
        return self

    def take_in(self) -> Said:
        return self.storage.here("import", "card", "--json")

    def call(self, *arguments: str) -> Said:
        return self.storage.here(*arguments, "--yes", "--json")

    def free(self) -> Said:
        return self.call("free", "card")

    def reclaim(self, *arguments: str) -> Said:
        return self.call("reclaim", "--older-than", "0", *arguments)

    def restore(self, *arguments: str) -> Said:
        return self.call("reclaim", "--restore", *arguments)

    def lies_there(self) -> set[str]:
        return {str(p.relative_to(self.path)) for p in self.path.rglob("*") if p.is_file()}

    def placeholders(self) -> set[str]:
        """Those that have the size and time of what they were, and take no space."""
        found = set()
        for name, data in self.files.items():
            file = self.path / name
            if file.exists() and file.stat().st_blocks == 0:
                number = list(self.files).index(name) + 1
                assert file.stat().st_size == len(data)
                assert file.stat().st_mtime_ns == (TAKEN + number) * 10**9
                found.add(name)
        return found

    def whole(self) -> set[str]:
        """Those that hold the bytes that they held."""
        return {
            name
            for name, data in self.files.items()
            if (self.path / name).exists() and (self.path / name).read_bytes() == data
        }

    def original(self, name: str) -> Path:
        """The archive's copy."""
        digest = hashlib.sha256(self.files[name]).hexdigest()
        (found,) = (path for path in self.storage.originals() if path.stem == digest)
        return found

    def archived(self) -> set[bytes]:
        return {path.read_bytes() for path in self.storage.originals()}

    def events(self) -> list[tuple[str, str, str]]:
        """What the ledgers tell besides of ingestion: type, outcome, path."""
        chains = (self.storage.archive / ".picture-pipeline" / "ledger").rglob("*.jsonl")
        lines = [json.loads(line) for chain in chains for line in chain.read_bytes().splitlines()]
        return [
            (line["type"], line["outcome"], line["source_path"])
            for line in lines
            if line["type"] != "ingestion"
        ]

    @contextmanager
    def opened(self) -> Iterator[Releasing]:
        """Open it as the commands do."""
        with open_releasing(load_config(self.storage.environ, None, Path("/"))) as releasing:
            yield releasing


def reasons(said: Said) -> dict[str, str]:
    """Give why files stay, by name."""
    return {Path(left["path"]).name: left["reason"] for left in said.json["left"]}
