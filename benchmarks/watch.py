"""What the watch's looks cost beside a bare walk, and what it takes to idle, in one run.

100,000 files in 5,000 folders. The bare walk is ``os.scandir`` with ``stat`` of every file; the
full pass and the folder pass are those of the watch. All take turns in one process; figures are
medians over the rounds in CPU seconds, ratios are taken round by round. Idle CPU is that of the
installed command over the same tree, at an interval of 60 seconds, all of its processes counted,
after it has taken the tree up.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import cpu_ms
from picture_pipeline.sources.glance import Glance
from processes import adopt_orphans, cost_of

COMMAND = Path(sys.executable).with_name("picture-pipeline")
IN_ONE_FOLDER = 20
LIMITS = {"full pass / walk": 1.5, "folder pass / full pass": 0.1, "idle, share of a core": 0.01}
TICKS = os.sysconf("SC_CLK_TCK")


def walk(root: bytes) -> None:
    """Ask for the status of every file, and nothing else."""
    pending = [root]
    while pending:
        with os.scandir(pending.pop()) as found:
            for entry in found:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)


def make_tree(root: Path, count: int) -> None:
    """Make empty files: no look opens one, and an import that refuses them takes minutes less."""
    for number in range(count):
        folder = root / f"{number // (IN_ONE_FOLDER * 50):04d}" / f"{number // IN_ONE_FOLDER:06d}"
        if number % IN_ONE_FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"IMG_{number:06d}.JPG").touch()


def age(root: Path) -> None:
    """Make folders as old as those of a library: new ones are looked at twice."""
    for folder, _, _ in os.walk(root):
        os.utime(folder, (1_700_000_000, 1_700_000_000))


def looks(root: Path, rounds: int) -> dict[str, float]:
    """Let the walk and the two passes take turns."""
    glance = Glance(os.fsencode(root), lambda: None, time.time_ns)

    def full() -> None:
        glance.full_pass()
        glance.keep()

    def folders() -> None:
        glance.folder_pass()
        glance.keep()

    full()
    seen = []
    for number in range(rounds):
        turns = [lambda: walk(os.fsencode(root)), full, folders]
        order = (0, 1, 2) if number % 2 == 0 else (2, 1, 0)
        cost = {turn: cpu_ms(turns[turn]) / 1000 for turn in order}
        seen.append(
            {
                "walk_cpu_s": cost[0],
                "full_pass_cpu_s": cost[1],
                "folder_pass_cpu_s": cost[2],
                "full pass / walk": cost[1] / cost[0],
                "folder pass / full pass": cost[2] / cost[1],
            }
        )
    return {key: statistics.median(one[key] for one in seen) for key in seen[0]}


def idle(root: Path, scratch: Path, seconds: float) -> dict[str, float]:
    """Take the tree in, then let the watch idle."""
    environ = {**os.environ, "PICTURE_PIPELINE_HOME": str(scratch / "home")}
    print("import", file=sys.stderr)
    cost_of([str(COMMAND), "import", "--quiet", "--json", str(root)], environ)
    watch = subprocess.Popen(
        [str(COMMAND), "watch", str(root)],
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        time.sleep(45)  # it compares the tree with the catalog once, and closes the catalog
        before, began = cpu_of(watch.pid), time.monotonic()
        time.sleep(seconds)
        used = cpu_of(watch.pid) - before
        return {"idle, share of a core": used / (time.monotonic() - began)}
    finally:
        watch.terminate()
        watch.wait(60)


def cpu_of(pid: int) -> float:
    """Give the user and system time of a process and its ended children, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS


def main() -> int:
    """Measure and print; 1 when a limit is not held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--idle-seconds", type=float, default=300, help="0: not measured")
    arguments = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch, "tree")
        root.mkdir()
        make_tree(root, arguments.count)
        age(root)
        figures = looks(root, arguments.rounds)
        if arguments.idle_seconds:
            figures |= idle(root, Path(scratch), arguments.idle_seconds)
    print(json.dumps({key: round(value, 4) for key, value in figures.items()}, indent=2))
    over = [key for key, limit in LIMITS.items() if figures.get(key, 0) > limit]
    for key in over:
        print(f"over its limit of {LIMITS[key]}: {key}", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
