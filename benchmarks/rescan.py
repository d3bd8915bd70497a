"""What a second run over unchanged files costs, beside a bare walk, in one run.

The tree holds many copies of few small pictures, so that making it and importing it once
takes minutes, not hours; the second run cannot tell. The bare walk is ``os.scandir``
with ``stat`` of every file, in a process of its own like the import. Both take turns;
figures are medians over the rounds, ratios are taken round by round.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
import simplejpeg

from processes import adopt_orphans, cost_of

COMMAND = Path(sys.executable).with_name("picture-pipeline")
WALK = """
import os, sys
pending = [os.fsencode(sys.argv[1])]
while pending:
    with os.scandir(pending.pop()) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            else:
                entry.stat(follow_symlinks=False)
"""
IN_ONE_FOLDER = 18
PICTURES = 40


def make_tree(root: Path, count: int) -> None:
    """Make ``count`` files in folders of 18, as an old library has them."""
    pictures = []
    random = np.random.default_rng(1)
    for _ in range(PICTURES):
        pixels = random.integers(0, 255, (24, 32, 3), np.uint8)
        pictures.append(simplejpeg.encode_jpeg(pixels))
    for number in range(count):
        folder = root / f"{number // (IN_ONE_FOLDER * 50):04d}" / f"{number // IN_ONE_FOLDER:06d}"
        if number % IN_ONE_FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"IMG_{number:06d}.JPG").write_bytes(pictures[number % PICTURES])


def measure(scratch: Path, count: int, rounds: int) -> dict[str, float]:
    """Import once, then let the second run and the walk take turns."""
    root = scratch / "tree"
    root.mkdir()
    make_tree(root, count)
    environ = {**os.environ, "PICTURE_PIPELINE_HOME": str(scratch / "home")}
    command = [str(COMMAND), "import", "--quiet", "--json", str(root)]
    empty = scratch / "empty"
    empty.mkdir()
    print("first import", file=sys.stderr)
    cost_of(command, environ)
    seen: list[dict[str, float]] = []
    for number in range(rounds):
        walk = cost_of([sys.executable, "-c", WALK, str(root)], environ)
        bare = cost_of([sys.executable, "-c", WALK, str(empty)], environ)
        start = cost_of([*command[:-1], str(empty)], environ)
        again = cost_of(command, environ)
        seen.append(
            {
                "walk_cpu_s": walk.cpu,
                "again_cpu_s": again.cpu,
                "start_cpu_s": start.cpu,
                "again / walk, CPU": again.cpu / walk.cpu,
                "again / walk, clock": again.wall / walk.wall,
                "again / walk, CPU, starts left out": (again.cpu - start.cpu)
                / (walk.cpu - bare.cpu),
            }
        )
        print(f"round {number + 1}: {seen[-1]}", file=sys.stderr)
    return {key: round(statistics.median(r[key] for r in seen), 3) for key in seen[0]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as scratch:
        figures = measure(Path(scratch), arguments.count, arguments.rounds)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
