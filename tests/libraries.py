"""A storage whose imports are watched: what is in it, asset by asset."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from installed import Storage
from pictures import write

Assets = set[frozenset[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Library:
    """A storage, and a folder that files are put into and imported from."""

    storage: Storage
    folder: Path

    def arrive(self, files: Mapping[str, bytes], *options: str) -> dict[str, int]:
        """Put files into the folder and import it; give the report."""
        for name, data in files.items():
            write(self.folder / name, data)
        said = self.storage.here("import", f"phone={self.folder}", "--json", *options)
        assert said.status == 0, said.err
        report: dict[str, int] = said.json
        assert report["seen"] == sum(
            report[key] for key in ("imported", "duplicate", "skipped", "rejected", "failed")
        )
        return report

    def listed(self, *options: str) -> Sequence[dict[str, str]]:
        """Give the lines of ``list --json``."""
        found: Sequence[dict[str, str]] = self.storage.here("list", "--json", *options).lines
        return found

    def assets(self) -> Assets:
        """Give the name and role of each asset's members."""
        names = {one["digest"]: one["original_name"] for one in self.listed()}
        return {
            frozenset((names[m["digest"]], m["role"]) for m in asset["members"])
            for asset in self.storage.here("list", "--assets", "--json").lines
        }

    def shown(self, name: str) -> dict[str, object]:
        """Give ``show --json`` of the newest original of this name."""
        digest = [one["digest"] for one in self.listed() if one["original_name"] == name][-1]
        found: dict[str, object] = self.storage.here("show", digest, "--json").json
        return found

    def sidecar(self, name: str) -> Path:
        """Give the sidecar of an original by the name it came with."""
        return self.storage.archive / str(self.shown(name)["sidecar"])
