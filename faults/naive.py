#!/usr/bin/env python3
"""An importer as one would sketch it: shutil.copy and a row. The check must catch it.

It answers the same commands and environment as picture-pipeline, so that the
scenarios can be run against it: a harness that lets this pass is too weak.
"""

import argparse
import hashlib
import json
import os
import shutil
import sqlite3
import sys
import time
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS originals
    (digest TEXT, path TEXT, size INTEGER, source TEXT, seen_as BLOB);
CREATE TABLE IF NOT EXISTS events (writer TEXT, seq INTEGER, type TEXT, digest TEXT);
CREATE VIEW IF NOT EXISTS v_originals AS SELECT DISTINCT digest, path, size FROM originals;
CREATE VIEW IF NOT EXISTS v_sightings AS SELECT digest, source, seen_as AS path FROM originals;
"""
MAGIC = (b"\xff\xd8\xff", b"\x89PNG")


def main() -> int:
    """Parse, import, print the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("import", "setup-storage", "generate-thumbs"))
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--nas", type=Path)
    parser.add_argument("--local", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    home = Path(os.environ["PICTURE_PIPELINE_HOME"])
    if options.command == "setup-storage":
        return setup(home, options.nas)
    return take_in(home, options.paths) if options.command == "import" else 0


def setup(home: Path, nas: Path) -> int:
    """Remember where the archive is."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "nas").write_text(str(nas))
    return 0


def take_in(home: Path, paths: list[Path]) -> int:
    """Copy every picture that is not yet known."""
    home.mkdir(parents=True, exist_ok=True)
    setting = home / "nas"
    archive = Path(setting.read_text()) if setting.exists() else home / "archive"
    database = sqlite3.connect(home / "catalog.db")
    database.executescript(SCHEMA)
    counts = dict.fromkeys(("seen", "imported", "duplicate", "skipped", "rejected", "failed"), 0)
    problems = []
    for source in paths:
        for file in sorted(path for path in source.rglob("*") if not path.is_dir()):
            outcome = take_one(database, archive, source, file)
            counts["seen"] += 1
            counts[outcome] += 1
            if outcome == "rejected":
                shown = os.fsencode(file).decode("utf-8", "backslashreplace")
                problems.append({"path": shown, "outcome": outcome, "reason": "not_a_picture"})
    print(json.dumps({**counts, "problems": problems}))
    return 0


def take_one(database: sqlite3.Connection, archive: Path, source: Path, file: Path) -> str:
    """Do what the sketch does: hash, look up, copy, insert."""
    data = file.read_bytes()
    if not data.startswith(MAGIC):
        return "rejected"
    digest = hashlib.sha256(data).hexdigest()
    known = database.execute("SELECT path FROM originals WHERE digest = ?", (digest,)).fetchone()
    day = time.strftime("%Y/%m/%d", time.gmtime(file.stat().st_mtime))
    path = known[0] if known else f"originals/{day}/{digest}{file.suffix.lower()}"
    if not known:
        (archive / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, archive / path)
        (archive / path).chmod(0o444)
    row = (digest, path, len(data), str(source), os.fsencode(file.relative_to(source)))
    database.execute("INSERT INTO originals VALUES (?, ?, ?, ?, ?)", row)
    database.commit()
    return "duplicate" if known else "imported"


if __name__ == "__main__":
    sys.exit(main())
