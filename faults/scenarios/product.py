"""Start the installed command, undisturbed, killed or traced, and keep what it said."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from check.evidence import Run, Where
from scenarios import kernel
from scenarios.tracer import GRACE_SECONDS, Command, Ended, Judge, Tracer

LIMIT_SECONDS = 120.0
TICK_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Done:
    """A run, and what the runner saw of it."""

    run: Run
    seconds: float
    orphans: int = 0
    overdue: bool = False
    trace: Ended | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """One installation: a folder of its own, perhaps with the archive elsewhere."""

    command: tuple[str, ...]
    folder: Path
    """Holds ``home`` (ours to fault), ``temp`` and the output of the runs."""
    nas: Path | None = None
    settings: tuple[tuple[str, str], ...] = ()
    """Keys of storage.yaml, as environment variables."""

    @property
    def home(self) -> Path:
        """PICTURE_PIPELINE_HOME."""
        return self.folder / "home"

    def where(self, *sources: Path) -> Where:
        """Tell the check where things lie."""
        archive = self.nas or self.home / "archive"
        return Where(archive, self.home, str(self.home / "catalog.db"), sources)

    @property
    def roots(self) -> tuple[Path, ...]:
        """Trees whose system calls count."""
        return (self.home, self.nas) if self.nas else (self.home,)

    def environment(self) -> dict[str, str]:
        """Give the product nothing but what it is promised; no HOME, no terminal."""
        temp = self.folder / "temp"
        temp.mkdir(parents=True, exist_ok=True)
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "TMPDIR": str(temp),
            "PICTURE_PIPELINE_HOME": str(self.home),
            "PYTHONDONTWRITEBYTECODE": "1",
            **dict(self.settings),
        }

    def set_up(self) -> None:
        """Run ``setup-storage`` for an archive that lies elsewhere."""
        if self.nas is not None:
            arguments = ("setup-storage", "--nas", str(self.nas), "--local", str(self.home))
            run = self.run(*arguments).run
            if run.status != 0:
                raise RuntimeError(f"setup-storage answered {run.status}: {run.stderr}")

    def take_in(self, *sources: Path) -> tuple[str, ...]:
        """Give the arguments of an import."""
        return ("import", *map(str, sources), "--json")

    def run(self, *arguments: str, limit: float = LIMIT_SECONDS) -> Done:
        """Run undisturbed, to the end."""
        return self._watched(arguments, lambda _process: None, limit)

    def run_beside(
        self,
        arguments: tuple[str, ...],
        beside: Callable[["subprocess.Popen[bytes]"], None],
        limit: float,
    ) -> Done:
        """Run undisturbed, to the end, with something looking on."""
        return self._watched(arguments, beside, limit)

    def run_killed(self, arguments: tuple[str, ...], victim: "Victim", after: float) -> Done:
        """Run and kill after so many seconds, unless it ended before."""

        def disturb(process: "subprocess.Popen[bytes]") -> None:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=after)
            if process.poll() is None:
                victim(process.pid)

        return self._watched(arguments, disturb, LIMIT_SECONDS)

    def run_traced(self, arguments: tuple[str, ...], judge: Judge) -> Done:
        """Run with a verdict on every write-class system call below the roots."""
        out, err = self._outputs()
        start = time.monotonic()
        with out, err:
            command = Command((*self.command, *arguments), self.environment(), out, err)
            ended = Tracer(self.roots, judge).run(command, LIMIT_SECONDS)
        seconds = time.monotonic() - start
        run = _said(ended.status, out.name, err.name)
        return Done(run, seconds, ended.orphans, ended.overdue, ended)

    def start(self, *arguments: str) -> "Started":
        """Start without waiting."""
        out, err = self._outputs()
        process = subprocess.Popen(
            (*self.command, *arguments),
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        return Started(process, out, err)

    def _watched(
        self,
        arguments: tuple[str, ...],
        disturb: Callable[["subprocess.Popen[bytes]"], None],
        limit: float,
    ) -> Done:
        kernel.adopt_orphans()
        ours = frozenset(descendants(os.getpid()))
        start = time.monotonic()
        started = self.start(*arguments)
        disturb(started.process)
        run, overdue = started.finish(limit)
        seconds = time.monotonic() - start
        return Done(run, seconds, _reap(ours), overdue)

    def _outputs(self) -> tuple[BinaryIO, BinaryIO]:
        self.folder.mkdir(parents=True, exist_ok=True)
        number = len(list(self.folder.glob("*.out")))
        return (
            (self.folder / f"{number}.out").open("wb"),
            (self.folder / f"{number}.err").open("wb"),
        )


@dataclass(frozen=True, slots=True)
class Started:
    """A run under way."""

    process: "subprocess.Popen[bytes]"
    out: BinaryIO
    err: BinaryIO

    def finish(self, limit: float) -> tuple[Run, bool]:
        """Wait for the end; kill what takes longer than ``limit`` seconds."""
        overdue = False
        try:
            self.process.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            overdue = True
            kill_group(self.process.pid)
            self.process.wait()
        self.out.close()
        self.err.close()
        return _said(self.process.returncode, self.out.name, self.err.name), overdue


Victim = Callable[[int], None]
"""Kills something of the run whose first process has this id."""


def kill_group(pid: int) -> None:
    """Kill all, as when a container is stopped."""
    family = descendants(pid)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    for member in family:
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)


def kill_main(pid: int) -> None:
    """Kill the first process only, as the kernel does when memory is short."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Name the processes below one, nearest first."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            children = [int(child) for child in (task / "children").read_text().split()]
            found += children
            for child in children:
                found += descendants(child)
    return found


def _reap(ours: frozenset[int]) -> int:
    """Wait for processes that outlived their run; kill and count those that stay.

    ``ours`` are processes of the harness itself.
    """
    end = time.monotonic() + GRACE_SECONDS
    while stayed := [pid for pid in descendants(os.getpid()) if pid not in ours]:
        if time.monotonic() > end:
            for pid in stayed:
                kill_main(pid)
            return len(stayed)
        for pid in stayed:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(TICK_SECONDS)
    return 0


def _said(status: int, out: str, err: str) -> Run:
    stderr = Path(err).read_text(errors="replace")
    try:
        report = json.loads(Path(out).read_bytes())
    except ValueError:
        report = None
    return Run(status, report if isinstance(report, dict) else None, stderr)


def installed(root: Path) -> tuple[str, ...]:
    """Give the command that the checkout's own environment holds."""
    return (str(root / ".venv" / "bin" / "picture-pipeline"),)


def words(text: str) -> tuple[str, ...]:
    """Split ``--command``; ``python`` stands for the interpreter we run in."""
    first, *rest = text.split()
    return (sys.executable if first == "python" else first, *rest)
