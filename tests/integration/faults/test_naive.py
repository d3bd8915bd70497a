"""An importer as one would sketch it fails: else the scenarios are too weak to learn from."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
NAIVE = f"python {ROOT / 'faults' / 'naive.py'}"
NOT_RUN = 3


def broken_by(folder: Path, scenario: str, count: int) -> set[str]:
    """Run a scenario on the naive importer; give the invariants that it broke."""
    results = folder / "results.json"
    arguments = (scenario, str(count), "--seed", "1", "--command", NAIVE, "--without", "I7,I15")
    command = (sys.executable, str(ROOT / "faults" / "run"), *arguments, "-o", str(results))
    done = subprocess.run(
        (*command, "--temp", str(folder)), capture_output=True, text=True, check=False
    )
    if done.returncode == NOT_RUN:
        pytest.skip(done.stderr)
    assert done.returncode == 1, done.stderr
    (summary,) = json.loads(results.read_text())
    assert all(result["hit"] for result in summary["results"])
    return {invariant for result in summary["results"] for invariant in result["broken"]}


def test_the_sweep_sees_half_written_originals(tmp_path: Path) -> None:
    assert {"I1", "I4", "I8"} <= broken_by(tmp_path, "sweep", 50)


def test_the_unmounts_see_originals_on_the_wrong_disk(tmp_path: Path) -> None:
    assert {"I12", "I13"} <= broken_by(tmp_path, "unmounts", 3)


def test_the_full_disk_is_seen_to_cut_an_original_short(tmp_path: Path) -> None:
    assert "I1" in broken_by(tmp_path, "disk-full", 2)
