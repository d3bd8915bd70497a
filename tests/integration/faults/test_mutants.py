"""Mutants are the same each time, and importers that die, lie or linger are found out."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SEEN = 5
DIES = "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"
LOSES = f"""import json
print(json.dumps(dict(seen={SEEN}, imported={SEEN}, duplicate=0, skipped=0, rejected=0, failed=0,
                      problems=[], warnings=[])))"""
OVERLOOKS = LOSES.replace(str(SEEN), str(SEEN - 1))
HIDES = f"""import json
print(json.dumps(dict(seen={SEEN}, imported=0, duplicate=0, skipped=0, rejected=0, failed={SEEN},
                      problems=[], warnings=[])))"""

LOOK = """
import sys; sys.path.insert(0, {faults!r})
import subprocess
from pathlib import Path
from scenarios.watch import Watch
child = subprocess.Popen([sys.executable, "-c", {child!r}], stdin=subprocess.PIPE)
outer = Watch(Path({source!r}), 1.5)
import os, types
outer(types.SimpleNamespace(pid=os.getpid(), poll=lambda: None, wait=child.wait))
child.kill()
seconds, path = outer.slowest()
print(path, seconds > 0.5, outer.largest() > 50_000_000)
"""
MUTATE = """
import sys; sys.path.insert(0, {faults!r})
import random
from scenarios.mutate import mutant
seed = bytes(range(256)) * 16
for number in range(200):
    print(mutant(seed, [b"other" * 99], random.Random(number)).hex())
"""


def found(folder: Path, importer: str) -> dict[str, list[str]]:
    """Let an importer take in some mutants; give what it broke."""
    script, results = folder / "importer.py", folder / "results.json"
    script.write_text(importer)
    options = ("--seed", "1", "--command", f"python {script}", "--temp", str(folder))
    command = (sys.executable, str(ROOT / "faults" / "run"), "mutants", str(SEEN), *options)
    done = subprocess.run(
        (*command, "-o", str(results)), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    (summary,) = json.loads(results.read_text())
    broken: dict[str, list[str]] = summary["results"][0]["broken"]
    return broken


@pytest.mark.parametrize(
    ("importer", "invariant"), [(DIES, "I11"), (OVERLOOKS, "I11"), (HIDES, "I11"), (LOSES, "I2")]
)
def test_an_importer_that_dies_or_lies_is_found_out(
    tmp_path: Path, importer: str, invariant: str
) -> None:
    assert invariant in found(tmp_path, importer)


def run_python(text: str) -> str:
    done = subprocess.run((sys.executable, "-c", text), capture_output=True, text=True, check=True)
    return done.stdout


def test_files_that_stay_open_and_memory_that_was_taken_are_seen(tmp_path: Path) -> None:
    held = tmp_path / "source" / "held.jpg"
    held.parent.mkdir()
    held.write_bytes(b"held")
    child = f"held = open({str(held)!r}); taken = b'x' * 60_000_000; input()"

    told = run_python(
        LOOK.format(faults=str(ROOT / "faults"), child=child, source=str(held.parent))
    )

    assert told.split() == [str(held), "True", "True"]


def test_mutants_are_the_same_each_time_and_nearly_all_differ() -> None:
    text = MUTATE.format(faults=str(ROOT / "faults"))

    first, again = run_python(text).split(), run_python(text).split()

    assert first == again
    assert len(set(first)) > 190
