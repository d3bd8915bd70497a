"""What a whole import costs, beside the floor and the corrected naive loop, in one run.

The set: 12-megapixel JPEGs made from real iPhone pictures. The import is the installed
command with fsync, metadata, sidecars, ledger and catalog, two workers, a fresh home each
time. Its CPU for one picture is the slope between a large and a small set, so that the
start of the processes (told apart) counts for neither. The floor is a half-scale decode by
libjpeg-turbo, sha256, and encoding the three final sizes; the naive loop decodes whole with
Pillow, converts the colours at full size, and scales a copy for each size with Lanczos.
Contenders take turns; figures are medians over the rounds, ratios are taken round by round.
"""

import argparse
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import simplejpeg

from naive import naive
from pictures import default_corpus, make_twelve_megapixel_set
from processes import Cost, adopt_orphans, cost_of

COMMAND = Path(sys.executable).with_name("picture-pipeline")
HALF = {"min_width": 2016, "min_height": 1512}
SMALL_SET = 8


def floor(data: bytes, finals: list[object]) -> None:
    """Do the least that any program must do for one picture."""
    hashlib.sha256(data).hexdigest()
    simplejpeg.decode_jpeg(data, **HALF)
    for pixels in finals:
        simplejpeg.encode_jpeg(pixels, quality=85, colorsubsampling="420")


def per_picture(work: Callable[[bytes], object], pictures: list[bytes]) -> Cost:
    """Measure a contender of one process; seconds a picture."""
    cpu, wall = time.process_time(), time.perf_counter()
    for data in pictures:
        work(data)
    count = len(pictures)
    return Cost((time.process_time() - cpu) / count, (time.perf_counter() - wall) / count)


def import_cost(folder: Path, scratch: Path) -> Cost:
    """Import a folder into a fresh home."""
    with tempfile.TemporaryDirectory(dir=scratch) as home:
        environ = {
            **os.environ,
            "PICTURE_PIPELINE_HOME": home,
            "PICTURE_PIPELINE_STORAGE__IMPORT__WORKERS": "2",
        }
        return cost_of([str(COMMAND), "import", "--quiet", "--json", str(folder)], environ)


def measure(corpus: Path, scratch: Path, count: int, rounds: int) -> dict[str, object]:
    """Let all contenders take turns."""
    large, small = scratch / "large", scratch / "small"
    paths = make_twelve_megapixel_set(corpus, large, count)
    small.mkdir()
    for path in paths[:SMALL_SET]:
        os.link(path, small / path.name)
    pictures = [path.read_bytes() for path in paths[:12]]
    finals = {
        data: [simplejpeg.decode_jpeg(jpeg) for jpeg in naive(data).values()] for data in pictures
    }
    seen: list[dict[str, float]] = []
    for number in range(rounds):
        bottom = per_picture(lambda data: floor(data, finals[data]), pictures)
        loop = per_picture(naive, pictures)
        few, many = import_cost(small, scratch), import_cost(large, scratch)
        slope = (many.cpu - few.cpu) / (count - SMALL_SET)
        seen.append(
            {
                "floor_ms": bottom.cpu * 1000,
                "naive_ms": loop.cpu * 1000,
                "import_ms": slope * 1000,
                "start_ms": (few.cpu - SMALL_SET * slope) * 1000,
                "import / floor": slope / bottom.cpu,
                "naive / import": loop.cpu / slope,
                "clock: naive / import, 2 workers, start included": loop.wall * count / many.wall,
            }
        )
        print(f"round {number + 1}: {seen[-1]}", file=sys.stderr)
    return {key: round(statistics.median(r[key] for r in seen), 2) for key in seen[0]}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=default_corpus())
    parser.add_argument("--count", type=int, default=56)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as scratch:
        figures = measure(arguments.corpus, Path(scratch), arguments.count, arguments.rounds)
    if arguments.json:
        print(json.dumps(figures, indent=2))
    else:
        for key, value in figures.items():
            print(f"{value:10.2f}  {key}")


if __name__ == "__main__":
    main()
