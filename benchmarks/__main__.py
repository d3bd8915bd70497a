"""Run all benchmarks one after the other, or those named: ``python benchmarks [NAME...]``."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SCRIPTS = (
    "renditions_jpeg",
    "renditions_heic",
    "renditions_raw",
    "renditions_video",
    "metadata",
    "import_speed",
    "rescan",
    "watch",
    "catalog_growth",
    "hashing",
    "likeness",
)


def main() -> int:
    """Give the worst exit status."""
    wanted = sys.argv[1:] or SCRIPTS
    worst = 0
    for name in wanted:
        print(f"== {name}", flush=True)
        done = subprocess.run([sys.executable, HERE / f"{name}.py"], check=False)
        worst = max(worst, done.returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main())
