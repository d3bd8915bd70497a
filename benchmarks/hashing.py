"""What hashing a picture costs, as a share of the CPU of importing it; the limit is 10 %.

The import is the installed command on 12-megapixel JPEGs made from real iPhone pictures, its CPU
for one picture the slope between a large and a small set (as in import_speed). Hashing is
decoding the small rendition and PDQ, in this process, over the same pictures.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from import_speed import import_cost
from picture_pipeline.model.rendition import Rendered
from picture_pipeline.renditions.pdq import hash_jpeg, hashed_spec
from picture_pipeline.renditions.specs import DEFAULT_SPECS
from picture_pipeline.renditions.still import StillRenderer
from pictures import default_corpus, make_twelve_megapixel_set
from processes import adopt_orphans

SMALL_SET = 8
REPEATS = 20
LIMIT = 0.10


def small_renditions(paths: list[Path]) -> list[bytes]:
    """Make what is hashed of each picture."""
    from picture_pipeline.model.media import MediaType  # noqa: PLC0415 - beside its one use
    from picture_pipeline.workflows.contents import in_memory  # noqa: PLC0415 - likewise

    renderer, spec = StillRenderer(), hashed_spec(DEFAULT_SPECS)
    found = []
    for path in paths:
        content = in_memory(path.read_bytes())
        made = renderer.render(content, MediaType("image/jpeg", "jpg"), 1, (spec,))
        if isinstance(made, Rendered):
            found.append(made.pictures[0].jpeg)
    return found


def main() -> int:
    """Give 1 when the limit is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=40)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        large, small = scratch / "large", scratch / "small"
        paths = make_twelve_megapixel_set(default_corpus(), large, asked.count)
        small.mkdir()
        for path in paths[:SMALL_SET]:
            os.link(path, small / path.name)
        jpegs = small_renditions(paths[:SMALL_SET])
        imports, hashes = [], []
        for _ in range(asked.rounds):
            more, fewer = import_cost(large, scratch), import_cost(small, scratch)
            imports.append((more.cpu - fewer.cpu) / (len(paths) - SMALL_SET))
            began = time.process_time()
            for jpeg in jpegs * REPEATS:
                hash_jpeg(jpeg)
            hashes.append((time.process_time() - began) / (len(jpegs) * REPEATS))
    whole, part = statistics.median(imports), statistics.median(hashes)
    print(f"import {1000 * whole:.1f} ms CPU a picture, hashing {1000 * part:.2f} ms of it")
    print(f"share {part / whole:.1%}, limit {LIMIT:.0%}")
    return 0 if part <= LIMIT * whole else 1


if __name__ == "__main__":
    sys.exit(main())
