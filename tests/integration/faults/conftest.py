"""A small sound archive to plant violations in, and the check to ask."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[3]
CHECK = (sys.executable, str(ROOT / "faults" / "check"))
COMMAND = Path(sys.executable).parent / "picture-pipeline"


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

    def forget_event(self, seq: int) -> None:
        """Take an event out of the catalog, past the trigger that forbids it."""
        with closing(sqlite3.connect(self.local / "catalog.db")) as database, database:
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'"
            for (name,) in database.execute(query).fetchall():
                database.execute(f"DROP TRIGGER {name}")
            database.execute("DELETE FROM events WHERE seq = ?", (seq,))

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
    tree.source.mkdir()
    for number in range(1, 4):
        picture = Image.effect_noise((800, 600), 10 * number)
        picture.save(tree.source / f"IMG_{number}.PNG")
    shutil.copyfile(tree.source / "IMG_1.PNG", tree.source / "again.png")
    (tree.source / "notes.txt").write_text("no picture")
    done = subprocess.run(
        (str(COMMAND), "import", str(tree.source), "--json"),
        env={"PATH": os.defpath, "PICTURE_PIPELINE_HOME": str(tree.local)},
        capture_output=True,
        text=True,
        check=True,
    )
    document = {"status": 0, "report": json.loads(done.stdout), "stderr": done.stderr}
    tree.report.write_text(json.dumps(document))
    tree.below.mkdir()
    return tree


@pytest.fixture
def tree(sound_tree: Tree, tmp_path: Path) -> Tree:
    """Give a copy to break; its catalog and report are told where it lies."""
    copy = Tree(tmp_path / "copy")
    shutil.copytree(sound_tree.folder, copy.folder, symlinks=True)
    copy.sql("UPDATE sources SET name = ?, path = ?", str(copy.source), bytes(copy.source))
    rewrite(copy.report, lambda text: text.replace(bytes(sound_tree.folder), bytes(copy.folder)))
    copy.snap()
    return copy
