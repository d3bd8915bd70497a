"""A watch that runs on and on, while writers write and things go away and come back."""

import os
import random
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from check import invariants
from check.evidence import gather
from scenarios.pictures import png
from scenarios.product import Home, Started
from scenarios.trial import Result, tidy

EVERY_SECONDS = 1.0
SETTLING_SECONDS = 15.0
WARMING = 0.3
"""The first part of the time, in which memory may grow: what is imported once stays."""
MORE_MEMORY, MORE_BYTES = 1.1, 16 << 20
MORE_DESCRIPTORS = 3
OFTEN = (("PICTURE_PIPELINE_STORAGE__SYNC__FULL_SCAN_INTERVAL_SECONDS", "5"),)
INTERVAL = ("--interval", "1", "--settle", "0.5", "--json")


@dataclass(slots=True)
class Soak:
    """What was written, and what was seen of the watch from outside."""

    home: Home
    dice: random.Random
    written: int = 0
    growing: Path | None = None
    samples: list[tuple[int, int]] = field(default_factory=list)
    """Resident bytes and open descriptors of the first process, a pair a second."""
    away: dict[Path, int] = field(default_factory=dict)
    """What is away, and for how many seconds more."""

    @property
    def sources(self) -> tuple[Path, Path]:
        """The folders that are watched."""
        return self.home.folder / "phone", self.home.folder / "card"

    @property
    def archive(self) -> Path:
        """What goes away now and then."""
        return self.home.home / "archive"

    def second(self, pid: int) -> None:
        """Let something happen; look at the watch."""
        self._come_back()
        self.dice.choice((self._write, self._write_slowly, self._rewrite, self._take_away, int))()
        self.samples.append(look(pid))

    def end(self) -> None:
        """Bring everything back, finish what is being written."""
        for path in list(self.away):
            self.away[path] = 0
        self._come_back()
        self._finish()

    def _write(self) -> None:
        source = self.dice.choice(self.sources)
        if source not in self.away:
            self.written += 1
            folder = source / f"{self.written // 20:03d}"
            folder.mkdir(exist_ok=True)
            part = folder / f"IMG_{self.written:05d}.part"
            part.write_bytes(png(60, 40, self.written))
            part.rename(part.with_suffix(".PNG"))

    def _write_slowly(self) -> None:
        if self.sources[0] in self.away:
            return
        if self.growing is not None:
            self._finish()
            return
        self.written += 1
        self.growing = self.sources[0] / f"SLOW_{self.written:05d}.PNG"
        self.growing.write_bytes(png(60, 40, self.written)[:3000])

    def _finish(self) -> None:
        if self.growing is not None:
            number = int(self.growing.stem.partition("_")[2])
            with self.growing.open("ab") as file:
                file.write(png(60, 40, number)[3000:])
            self.growing = None

    def _rewrite(self) -> None:
        """Do as icloudpd does with an exif date: other bytes in place, the same time."""
        files = [] if self.sources[1] in self.away else sorted(self.sources[1].rglob("IMG_*.PNG"))
        if files:
            path = self.dice.choice(files)
            before = path.stat()
            self.written += 1
            path.write_bytes(png(60, 40, self.written))
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    def _take_away(self) -> None:
        path = self.dice.choice((*self.sources, self.archive))
        if path in self.away or not path.exists() or (path == self.sources[0] and self.growing):
            return
        path.rename(aside(path))
        if path != self.archive and self.dice.random() < 0.5:
            path.mkdir()  # an empty mount point
        self.away[path] = self.dice.randint(2, 6)

    def _come_back(self) -> None:
        for path, left in list(self.away.items()):
            if left > 0:
                self.away[path] = left - 1
                continue
            with suppress(FileNotFoundError):
                path.rmdir()
            aside(path).rename(path)
            del self.away[path]


def aside(path: Path) -> Path:
    """Say where something lies while it is away."""
    return path.with_name(f"{path.name}-away")


def look(pid: int) -> tuple[int, int]:
    """Give a process's resident bytes and open descriptors."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE"), len(os.listdir(f"/proc/{pid}/fd"))


def one(command: tuple[str, ...], folder: Path, seed: int, seconds: float) -> Result:
    """Watch for so long; memory and descriptors stay flat, and all that stood still is there."""
    home = Home(command, folder, settings=OFTEN)
    soak = Soak(home, random.Random(seed))  # noqa: S311 - replayable, no secret
    for source in soak.sources:
        source.mkdir(parents=True)
    result = Result("1", f"{seconds / 60:.1f} minutes of watching", hit=True)
    names = [f"{source.name}={source}" for source in soak.sources]
    started = home.start("watch", *names, *INTERVAL)
    end = time.monotonic() + seconds
    while started.process.poll() is None and time.monotonic() < end:
        time.sleep(EVERY_SECONDS)
        soak.second(started.process.pid)
    soak.end()
    time.sleep(SETTLING_SECONDS)
    result.blame("watch", _ended(started))
    result.blame("watch", {"flat": list(_grown(soak.samples))})
    result.blame("after", _taken_in(soak, names))
    memory = [sample[0] for sample in soak.samples] or [0]
    result.notes.update(
        written=soak.written,
        memory_mib=round(max(memory) / (1 << 20), 1),
        descriptors=max((sample[1] for sample in soak.samples), default=0),
    )
    return tidy(home, result)


def _ended(started: Started) -> dict[str, list[str]]:
    died = started.process.poll()
    if died is None:
        started.process.send_signal(signal.SIGTERM)
    run, overdue = started.finish(60.0)
    lines = ["it ended by itself"] if died is not None else []
    lines += ["SIGTERM did not end it"] if overdue else []
    lines += [] if run.status == 0 else [f"exit status {run.status}: {run.stderr[-500:]}"]
    return {"I14": lines, "I11": ["a traceback"] if "Traceback" in run.stderr else []}


def _grown(samples: list[tuple[int, int]]) -> Iterator[str]:
    warm = samples[int(len(samples) * WARMING) :]
    middle = len(warm) // 2
    early, late = warm[:middle], warm[middle:]
    if not early or not late:
        yield "too short to tell"
        return
    before, after = (statistics.median(s[0] for s in part) for part in (early, late))
    if after > max(before * MORE_MEMORY, before + MORE_BYTES):
        yield f"memory grew from {before / 1e6:.0f} to {after / 1e6:.0f} MB"
    idle_before, idle_after = (min(s[1] for s in part) for part in (early, late))
    if idle_after > idle_before + MORE_DESCRIPTORS:
        yield f"descriptors grew from {idle_before} to {idle_after}"


def _taken_in(soak: Soak, names: list[str]) -> dict[str, list[str]]:
    """Ask whether all is in the archive already, and whether the archive is sound."""
    done = soak.home.run("import", *names, "--json")
    new = done.run.count("imported")
    missed = [f"{new} files stood still and were not taken"] if new else []
    where = soak.home.where(*soak.sources)
    evidence = gather(where, settled=True, loose=True, runs=[done.run])
    return {"I2": missed, **invariants.broken(evidence)}
