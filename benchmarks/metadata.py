"""What reading metadata costs, beside exiftool in batch mode on the same files, in one run.

The files are those of the corpus that are taken in. exiftool reads all tags of all files
in one process (``-json -n -a -G1``); its start, measured with no file, is left out. Ours gets the
bytes in memory, where the import has them for the digests (exiftool reads parts of each
file); counted is all else: recognising the type, the metadata, the offset from GPS. CPU
times are user and system; both take turns; figures are medians over the rounds, ratios
are taken round by round.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from picture_pipeline.metadata.reader import FileReader
from picture_pipeline.metadata.recognition.recognise import recognise
from picture_pipeline.model.media import MediaType
from picture_pipeline.workflows.contents import in_memory
from pictures import default_corpus
from processes import cost_of

BOUND = 1 / 20
"""Of exiftool's CPU time, at most."""
TIMES = 3
"""How often each file is read in a round, so that starting counts for little."""
HEAD = 1 << 16


@dataclass(frozen=True)
class File:
    """One file of the corpus, in memory: there the import has it for the digests."""

    path: Path
    data: bytes
    media_type: MediaType


def read_one(reader: FileReader, path: Path, data: bytes) -> MediaType | None:
    """Read one file as the import does; None for what is not taken in."""
    name = path.name.encode()
    with in_memory(data) as content:
        media_type = recognise(data[:HEAD], name, len(data), content.read_at)
        if not isinstance(media_type, MediaType):
            return None
        reader.read(content, media_type, name, 0)
        return media_type


def ours(files: Sequence[File]) -> float:
    """Give the CPU seconds of our reader."""
    reader, before = FileReader(), time.process_time()
    for file in files:
        read_one(reader, file.path, file.data)
    return time.process_time() - before


def exiftool(files: Sequence[File], folder: Path) -> float:
    """Give the CPU seconds of exiftool, those of its start among them."""
    names = folder / "names"
    names.write_text("".join(f"{file.path}\n" for file in files))
    # It ends with 1 when it complains of a file.
    script = 'exiftool -config "" -json -n -a -G1 -@ "$0" || [ $? -eq 1 ]'
    return cost_of(["/bin/sh", "-c", script, str(names)], os.environ).cpu


def by_type(corpus: Path) -> dict[str, list[File]]:
    """Sort the corpus by what its files are; what is not taken in is left out."""
    found: dict[str, list[File]] = defaultdict(list)
    reader = FileReader()
    for path in sorted(path for path in corpus.rglob("*") if path.is_file()):
        data = path.read_bytes()
        media_type = read_one(reader, path, data)
        if media_type is not None:
            found[media_type.name].append(File(path, data, media_type))
    return found


def rounds_of(files: Sequence[File], count: int, folder: Path) -> Iterator[tuple[float, float]]:
    """Give our and exiftool's CPU milliseconds a file, round by round."""
    many = [file for file in files for _ in range(TIMES)]
    for number in range(count):
        start = exiftool([], folder)
        first = ours(many) if number % 2 == 0 else 0.0
        theirs = exiftool(many, folder) - start
        mine = first or ours(many)
        yield 1000 * mine / len(many), 1000 * theirs / len(many)


def told(name: str, count: int, rounds: Sequence[tuple[float, float]]) -> float:
    """Print one line; give how many times less we cost."""
    times = statistics.median(theirs / mine for mine, theirs in rounds)
    mine, theirs = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"{name:32} {count:5} files  {mine:7.3f} ms  {theirs:7.2f} ms  {times:6.1f} times less")
    return times


def measure(types: Mapping[str, Sequence[File]], rounds: int, folder: Path) -> float:
    """Measure the whole corpus, then the types with most files; give the ratio of the whole."""
    print(f"{'':32} {'':5}        {'ours':>10}  {'exiftool':>10}")
    every = [file for files in types.values() for file in files]
    ratio = told("all", len(every), list(rounds_of(every, rounds, folder)))
    for name in sorted(types, key=lambda name: -len(types[name])):
        told(name, len(types[name]), list(rounds_of(types[name], 3, folder)))
    return ratio


def main() -> int:
    """Give 1 when the bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--corpus", type=Path, default=default_corpus())
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ratio = measure(by_type(chosen.corpus), chosen.rounds, Path(folder))
    print(
        f"bound: at least {1 / BOUND:.0f} times less CPU than exiftool in batch mode: {ratio:.1f}"
    )
    return 0 if ratio * BOUND >= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
