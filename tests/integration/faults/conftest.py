"""A small sound archive to plant violations in, and the check to ask."""

import hashlib
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CHECK = (sys.executable, str(ROOT / "faults" / "check"))
SIDECAR = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:pp="https://picture-pipeline/ns/1.0/"><pp:sha256>{digest}</pp:sha256>
<pp:ingestedAt>2024-01-01T00:00:00Z</pp:ingestedAt></rdf:Description></rdf:RDF></x:xmpmeta>
"""
SCHEMA = """
CREATE TABLE originals (digest TEXT, path TEXT, size INTEGER);
CREATE TABLE sightings (digest TEXT, source TEXT, path BLOB);
CREATE TABLE events (writer TEXT, seq INTEGER, type TEXT, digest TEXT);
CREATE VIEW v_originals AS SELECT * FROM originals;
CREATE VIEW v_sightings AS SELECT * FROM sightings;
"""
SIZES = {"tiny": (150, 100), "small": (500, 333), "medium": (1620, 1080)}


@dataclass(frozen=True, slots=True)
class Tree:
    """An archive with everything the check wants to know of it."""

    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "home" / "archive"

    @property
    def local(self) -> Path:
        return self.folder / "home"

    @property
    def source(self) -> Path:
        return self.folder / "source"

    @property
    def report(self) -> Path:
        return self.folder / "report.json"

    @property
    def below(self) -> Path:
        return self.folder / "below"

    @property
    def ledger(self) -> Path:
        return next((self.archive / ".picture-pipeline" / "ledger").rglob("*.jsonl"))

    @property
    def originals(self) -> list[Path]:
        found = sorted((self.archive / "originals").rglob("*.*"))
        return [file for file in found if file.suffix != ".xmp"]

    @property
    def original(self) -> Path:
        return self.originals[0]

    @property
    def digest(self) -> str:
        return self.original.stem

    @property
    def sidecar(self) -> Path:
        return self.original.with_suffix(".xmp")

    def thumb(self, size: str) -> Path:
        return self.local / "thumbs" / size / self.digest[:2] / f"{self.digest}.jpg"

    def sql(self, statement: str, *values: object) -> None:
        with closing(sqlite3.connect(self.local / "catalog.db")) as database, database:
            database.execute("PRAGMA foreign_keys = OFF")
            database.execute(statement, values)

    def snap(self) -> None:
        """Take the snapshots that later states are compared with."""
        self._snap("source.snap", self.source)
        self._snap("trees.snap", self.archive / "originals", self.local / "thumbs")

    def _snap(self, name: str, *roots: Path) -> None:
        output = str(self.folder / name)
        subprocess.run((*CHECK, "snap", *map(str, roots), "-o", output), check=True)

    def check(self, *more: str) -> dict[str, str]:
        """Ask the check; give the lines of the broken invariants by their names."""
        done = subprocess.run(
            (*CHECK, "check", *self._arguments(), *more),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stderr == ""
        failed = [line for line in done.stdout.splitlines() if line[4:].startswith("FAIL")]
        assert done.returncode == len(failed)
        return {line[:4].strip(): line for line in failed}

    def _arguments(self) -> list[str]:
        known = {
            "--archive": self.archive,
            "--local": self.local,
            "--source": self.source,
            "--source-before": self.folder / "source.snap",
            "--before": self.folder / "trees.snap",
            "--control": self.folder / "trees.snap",
            "--below": self.below,
            "--report": self.report,
        }
        return [text for option, value in known.items() for text in (option, str(value))]


def rewrite(file: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file's bytes in place, mode and times kept."""
    status = file.stat()
    file.chmod(0o644)
    file.write_bytes(change(file.read_bytes()))
    file.chmod(status.st_mode & 0o7777)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.fixture(scope="session")
def sound_tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """Three originals, one of them seen twice, and a text that was rejected."""
    tree = Tree(tmp_path_factory.mktemp("sound"))
    _sources(tree)
    contents = {file: file.read_bytes() for file in sorted(tree.source.glob("*.JPG"))}
    _archive(tree, contents)
    _catalog(tree, contents)
    counts = {"seen": 5, "imported": 3, "duplicate": 1, "skipped": 0, "rejected": 1, "failed": 0}
    problem = {
        "path": str(tree.source / "notes.txt"),
        "outcome": "rejected",
        "reason": "not_a_picture",
    }
    document = {"report": {**counts, "problems": [problem]}, "status": 0, "stderr": ""}
    tree.report.write_text(json.dumps(document))
    tree.below.mkdir()
    return tree


def _sources(tree: Tree) -> None:
    tree.source.mkdir()
    for number in range(4):
        (tree.source / f"IMG_{number}.JPG").write_bytes(b"picture %d" % max(number, 1))
    (tree.source / "notes.txt").write_text("no picture")


def _archive(tree: Tree, contents: dict[Path, bytes]) -> None:
    events = []
    for file, data in contents.items():
        digest = hashlib.sha256(data).hexdigest()
        day = tree.archive / "originals" / "2024" / "03" / "15"
        new = not (day / f"{digest}.jpg").exists()
        events.append(("archived" if new else "duplicate", digest))
        if new:
            day.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, day / f"{digest}.jpg")
            (day / f"{digest}.jpg").chmod(0o444)
            (day / f"{digest}.xmp").write_text(SIDECAR.format(digest=digest))
            _thumbs(tree, digest)
    _ledger(tree.archive / ".picture-pipeline" / "ledger" / "here", events)


def _thumbs(tree: Tree, digest: str) -> None:
    for size, (width, height) in SIZES.items():
        file = tree.local / "thumbs" / size / digest[:2] / f"{digest}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
        scan = struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00"
        file.write_bytes(b"\xff\xd8\xff\xc0" + frame + b"\xff\xda" + scan + b"data\xff\xd9")
    quick = tree.local / "thumbs" / "metadata" / digest[:2] / f"{digest}.json"
    quick.parent.mkdir(parents=True, exist_ok=True)
    quick.write_text(json.dumps({"digest": digest}))


def _ledger(folder: Path, events: list[tuple[str, str]]) -> None:
    folder.mkdir(parents=True)
    before = "0" * 64
    with (folder / "2024-03.jsonl").open("wb") as file:
        for number, (outcome, digest) in enumerate(events, 1):
            event = {"seq": number, "prev": before, "type": "ingestion"}
            line = json.dumps({**event, "outcome": outcome, "digest": digest}).encode()
            before = hashlib.sha256(line).hexdigest()
            file.write(line + b"\n")


def _catalog(tree: Tree, contents: dict[Path, bytes]) -> None:
    with closing(sqlite3.connect(tree.local / "catalog.db")) as database, database:
        database.executescript(SCHEMA)
        for file in tree.originals:
            row = (file.stem, str(file.relative_to(tree.archive)), file.stat().st_size)
            database.execute("INSERT INTO originals VALUES (?, ?, ?)", row)
        for number, (file, data) in enumerate(contents.items(), 1):
            digest = hashlib.sha256(data).hexdigest()
            seen = (digest, str(tree.source), file.name.encode())
            database.execute("INSERT INTO sightings VALUES (?, ?, ?)", seen)
            event = ("here", number, "ingestion", digest)
            database.execute("INSERT INTO events VALUES (?, ?, ?, ?)", event)


@pytest.fixture
def tree(sound_tree: Tree, tmp_path: Path) -> Tree:
    """Give a copy to break: the archive's paths stay, so that the catalog knows them."""
    copy = Tree(tmp_path / "copy")
    shutil.copytree(sound_tree.folder, copy.folder, symlinks=True)
    copy.sql("UPDATE sightings SET source = ?", str(copy.source))
    rewrite(copy.report, lambda text: text.replace(bytes(sound_tree.folder), bytes(copy.folder)))
    copy.snap()
    return copy
