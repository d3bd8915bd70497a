"""Gather all that the invariants are decided by: trees, catalog, ledgers, reports."""

import base64
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from . import catalog, ledger, snap
from .snap import Entry


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the product: exit status, report (``None``: it printed none), stderr."""

    status: int | None
    report: dict[str, object] | None
    stderr: str

    def count(self, name: str) -> int:
        """Give one of the report's counts."""
        value = (self.report or {}).get(name)
        return value if isinstance(value, int) else 0

    @property
    def problems(self) -> list[dict[str, str]]:
        """Give what was rejected or failed."""
        value = (self.report or {}).get("problems")
        return value if isinstance(value, list) else []

    @property
    def complete(self) -> bool:
        """Whether it went through all of its sources."""
        return self.report is not None and self.status in {0, 1, None}


@dataclass(frozen=True, slots=True)
class Where:
    """Where the things to check lie."""

    archive: Path
    local: Path
    catalog: str
    sources: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known; what was not given is ``None`` and leaves its invariant unasked."""

    where: Where
    settled: bool
    """The last run ended by itself, so nothing may lie half-done."""
    originals: list[Entry]
    thumbs: list[Entry]
    incoming: list[Entry]
    catalog: catalog.Catalog
    books: list[str]
    """What SQLite finds wrong with the local books."""
    chains: list[ledger.Chain]
    sources: list[Entry]
    sources_before: list[Entry] | None = None
    before: list[Entry] | None = None
    control: list[Entry] | None = None
    below: list[Entry] | None = None
    runs: list[Run] = field(default_factory=list)
    excused: frozenset[bytes] = frozenset()
    """Source files that are known to be rejected."""
    loose: bool = False
    """Which of several equal files came first is left to chance."""

    @property
    def files(self) -> list[Entry]:
        """Visible files that are originals by their place and not sidecars."""
        return [e for e in self.originals if e.kind != "dir" and not e.name.endswith(b".xmp")]

    @property
    def sidecars(self) -> list[Entry]:
        """Visible sidecars."""
        return [e for e in self.originals if e.name.endswith(b".xmp")]

    @property
    def digests(self) -> set[str]:
        """Digests of the bytes that are visible as originals."""
        return {entry.sha256 for entry in self.files if entry.sha256 is not None}

    @property
    def promised(self) -> dict[bytes, str]:
        """Source files that a complete run took in without a problem: path to digest."""
        whole = [run for run in self.runs if run.complete]
        if not whole or self.sources_before is None:
            return {}
        named = named_by(whole[-1]) | self.excused
        return {
            entry.absolute: entry.sha256
            for entry in self.sources_before
            if entry.kind == "file" and entry.sha256 and entry.absolute not in named
        }


def named_by(run: Run) -> frozenset[bytes]:
    """Give the paths of everything that a run rejected or failed on."""
    return frozenset(path_of(problem) for problem in run.problems)


def path_of(problem: dict[str, str]) -> bytes:
    """Give the path that a problem names, as bytes."""
    if "path_b64" in problem:
        return base64.b64decode(problem["path_b64"])
    return os.fsencode(problem.get("path", ""))


def trees(where: Where) -> list[Entry]:
    """Snapshot what two equal runs must agree on: originals, sidecars, thumbnails."""
    return snap.take(where.archive / "originals") + snap.take(where.local / "thumbs")


def gather(where: Where, *, settled: bool, **known: object) -> Evidence:
    """Look at archive, local tree, catalog, ledgers and sources as they are now."""
    hidden = where.archive / ".picture-pipeline"
    return Evidence(
        where,
        settled,
        snap.take(where.archive / "originals"),
        snap.take(where.local / "thumbs"),
        snap.take(hidden / "incoming"),
        catalog.read(where.catalog),
        catalog.faults_of(where.local / "local.db"),
        ledger.read_all(hidden / "ledger"),
        [entry for source in where.sources for entry in snap.take(source)],
        **known,  # type: ignore[arg-type]  # the fields with defaults, checked by the dataclass
    )


def run_from(file: Path) -> Run:
    """Read a report: the product's own JSON, or ``{"status", "report", "stderr"}``."""
    document = json.loads(file.read_text())
    if "report" in document:
        return Run(document.get("status"), document["report"], document.get("stderr", ""))
    return Run(None, document, "")
