"""The installed command, run as a person or a script would."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from picture_pipeline.cli.invocation import Invocation
from picture_pipeline.cli.main import main

COMMAND = Path(sys.executable).with_name("picture-pipeline")
PATIENCE = 60  # seconds; a hang, not a measured limit
PERSONAL = ("PICTURE_PIPELINE_", "XDG_", "LC_", "LANG")

Answer = TypeVar("Answer")
Argument = str | bytes | Path


def environ(home: Path, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give this process's environment with a storage of its own."""
    kept = {key: text for key, text in os.environ.items() if not key.startswith(PERSONAL)}
    return kept | {"PICTURE_PIPELINE_HOME": str(home), "LC_ALL": "C.UTF-8"} | dict(more or {})


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """Stdout as text."""
        return self.out.decode()

    @property
    def json(self) -> Any:
        """Stdout as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Storage:
    """A storage in a folder of its own, and the command that works on it."""

    home: Path
    more: Mapping[str, str] = field(default_factory=dict)
    """Further environment."""

    @property
    def archive(self) -> Path:
        """The archive of the embedded defaults."""
        return self.home / "archive"

    @property
    def environ(self) -> dict[str, str]:
        """The environment that the command gets."""
        return environ(self.home, self.more)

    def given(self, **more: str) -> "Storage":
        """Give the same storage with further environment."""
        return Storage(self.home, {**self.more, **more})

    def call(self, *arguments: Argument, before: Sequence[str] = ()) -> Said:
        """Run the command to its end; ``before`` is what runs it, for instance ``nice``."""
        done = subprocess.run(
            [*before, COMMAND, *arguments],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        return Said(done.returncode, done.stdout, done.stderr.decode(errors="backslashreplace"))

    def here(self, *arguments: Argument, cwd: Path = Path("/")) -> Said:
        """Run the same command inside this process: much cheaper, and as good for most."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        invocation = Invocation(self.environ, cwd)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main([os.fsdecode(each) for each in arguments], invocation)
            out.flush()
            err.flush()
        told, talk = (stream.buffer.getvalue() for stream in (out, err))
        return Said(status, told, talk.decode(errors="backslashreplace"))

    def start(self, *arguments: Argument, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        """Start the command in a process group of its own."""
        return subprocess.Popen(
            [*before, COMMAND, *arguments],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            process_group=0,
        )

    def originals(self) -> list[Path]:
        """List the originals in the archive."""
        found = sorted((self.archive / "originals").rglob("*.*"))
        return [path for path in found if path.suffix != ".xmp"]

    def incoming(self) -> list[Path]:
        """List what lies in ``incoming/``."""
        return list((self.archive / ".picture-pipeline" / "incoming").iterdir())


def end(process: subprocess.Popen[bytes]) -> Said:
    """Wait for a started command; one that hangs is ended, with all it started."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return Said(process.returncode, out, err.decode(errors="backslashreplace"))


def children(pid: int) -> list[int]:
    """Give the processes that a process, or one below it, started."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == pid:
                found += [int(entry.name), *children(int(entry.name))]
    return found


def workers(pid: int) -> list[int]:
    """Give the worker processes of a running import: the fork server's children."""
    return [below for child in children(pid) for below in children(child)]


def is_alive(pid: int) -> bool:
    """Tell whether a process still runs; one that only waits to be counted does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(is_so: Callable[[], Answer]) -> Answer:
    """Look again and again until something holds; what it then gives."""
    for _ in range(PATIENCE * 100):
        if answer := is_so():
            return answer
        time.sleep(0.01)  # between two looks; nothing is taken to have happened by then
    raise AssertionError(f"not so after {PATIENCE} seconds")
