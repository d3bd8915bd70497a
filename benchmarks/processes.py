"""CPU and wall time of a command with everything it starts, orphans included."""

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """Seconds; ``cpu`` is user and system of all processes."""

    cpu: float
    wall: float


def adopt_orphans() -> None:
    """Make the processes whose parents end ours, so that none escapes the count."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def cost_of(command: Sequence[str], environ: Mapping[str, str]) -> Cost:
    """Run a command to its end, and that of all its descendants."""
    before, began = _children(), time.perf_counter()
    process = subprocess.Popen(
        command, env=dict(environ), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    _, told = process.communicate()
    wall = time.perf_counter() - began
    if process.returncode != 0:
        raise SystemExit(f"{command} ended with {process.returncode}: {told.decode()}")
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    return Cost(_children() - before, wall)


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
