"""Import mutants of real files of every format, a folder of them at a time."""

import random
import subprocess
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from check import snap
from check.evidence import Run
from scenarios import pictures
from scenarios.mutate import mutant
from scenarios.product import Done, Home
from scenarios.trial import Result, Stage, check, tidy
from scenarios.watch import Watch

A_FOLDER = 250
"""Mutants that one import takes in."""
LARGEST_SEED = 150_000
SEEDS_A_FORMAT = 8
A_FILE_SECONDS = 30.0
"""A file's bound, for all attempts together."""
GIB = 1 << 30
MEMORY = 2 * GIB
SLACK = GIB // 4
"""What the libraries take by themselves; the product's limit does not count it."""
RUN_SECONDS = 900.0
UNSOUND = frozenset({"decoder_crashed", "decoder_timeout"})
"""What decoders came to that a later version may mend; the files are named."""
NO_SEEDS = frozenset({"csv", "md", "py", "txt"})

Seeds = Mapping[str, Sequence[tuple[str, bytes]]]
"""By suffix: names and contents."""


@dataclass(frozen=True, slots=True)
class Herd:
    """What all trials share."""

    command: tuple[str, ...]
    folder: Path
    seeds: Path
    corpus: Path | None
    seed: int
    without: frozenset[str]


def make_seeds(command: tuple[str, ...], folder: Path) -> Path:
    """Let the interpreter beside the command make small files of rare formats, if it can."""
    script = Path(__file__).resolve().parents[1] / "make_seeds.py"
    interpreter = Path(command[-1]).with_name("python")
    if interpreter.exists():
        subprocess.run(
            (str(interpreter), str(script), str(folder)),
            check=False,
            capture_output=True,
            timeout=RUN_SECONDS,
        )
    return folder


def gather(folders: Sequence[Path]) -> Seeds:
    """Give the smallest files of every format, and a PNG whatever is there."""
    found: dict[str, list[tuple[int, Path]]] = defaultdict(list)
    for folder in folders:
        for path in folder.rglob("*"):
            suffix = path.suffix.lower().removeprefix(".")
            if path.is_file() and 0 < path.stat().st_size <= LARGEST_SEED:
                found[suffix].append((path.stat().st_size, path))
    whole = {
        suffix: [(path.name, path.read_bytes()) for _, path in sorted(paths)[:SEEDS_A_FORMAT]]
        for suffix, paths in sorted(found.items())
        if suffix and suffix not in NO_SEEDS
    }
    return whole | {"png": [*whole.get("png", []), ("drawn.png", pictures.png(40, 30, 1))]}


def lay_out(folder: Path, seeds: Seeds, seed: int, number: int, count: int) -> None:
    """Write ``count`` mutants, the formats by turns; each depends on seed and numbers alone."""
    folder.mkdir(parents=True)
    formats = list(seeds)
    everything = [data for held in seeds.values() for _, data in held]
    for index in range(count):
        dice = random.Random(f"{seed}/{number}/{index}")  # noqa: S311 - replayable, no secret
        suffix = formats[(number * A_FOLDER + index) % len(formats)]
        name, data = dice.choice(seeds[suffix])
        path = folder / f"{index:04}-{name}"
        path.write_bytes(mutant(data, everything, dice))


def one(herd: Herd, number: int, count: int) -> Result:
    """Import a folder of mutants, and ask whether all are accounted for."""
    home = Home(herd.command, herd.folder / f"mutants-{number}")
    source = home.folder / "source"
    folders = [herd.seeds, *([herd.corpus] if herd.corpus else [])]
    lay_out(source, gather(folders), herd.seed, number, count)
    before = snap.take(source)
    watch = Watch(source, RUN_SECONDS)
    done = home.run_beside(home.take_in(source), watch, RUN_SECONDS)
    result = Result(str(number), f"{count} mutants", hit=True)
    result.saw(done)
    result.blame("bounds", {"I14": _beyond(watch)})
    result.blame("report", {"I11": _dishonest(done, count)})
    stage = Stage(
        *(herd.command, herd.folder, (source,), before, None, frozenset(), done.seconds, count),
        without=herd.without,
    )
    result.blame("after", check(stage, home, [done.run], settled=True))
    result.notes = _notes(done.run, watch)
    return tidy(home, result)


def _beyond(watch: Watch) -> list[str]:
    seconds, path = watch.slowest()
    slow = [f"{path}: {seconds:.1f} s"] if seconds > A_FILE_SECONDS else []
    most = watch.largest()
    large = [f"a process of {most / GIB:.2f} GiB"] if most > MEMORY + SLACK else []
    return slow + large


def _dishonest(done: Done, count: int) -> list[str]:
    run = done.run
    ended = [] if run.status in {0, 1} else [f"exit status {run.status}"]
    seen = run.count("seen")
    return ended + ([] if seen == count else [f"{seen} seen, there are {count}"])


def _notes(run: Run, watch: Watch) -> dict[str, float | list[str]]:
    """Count what came of the mutants, name those that decoders died of, and the bounds met."""
    warnings = (run.report or {}).get("warnings")
    told = [*run.problems, *(warnings if isinstance(warnings, list) else [])]
    unsound = [f"{each['path']}: {each['reason']}" for each in told if each["reason"] in UNSOUND]
    return {
        "imported": run.count("imported"),
        **Counter(each["reason"] for each in told),
        "slowest file s": round(watch.slowest()[0], 1),
        "largest process MiB": watch.largest() >> 20,
        "unsound": [line.rpartition("/")[2] for line in unsound],
    }
