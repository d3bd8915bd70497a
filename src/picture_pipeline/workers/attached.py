"""Starts an outside program that ends with this process, whatever ends it."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

_BOUND = """
import ctypes, os, resource, sys
parent, memory = int(sys.argv[1]), int(sys.argv[2])
ctypes.CDLL(None).prctl(1, 9)  # PR_SET_PDEATHSIG, SIGKILL: also where the program hangs
if os.getppid() != parent:     # it ended before it could be said
    os._exit(1)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
most = resource.getrlimit(resource.RLIMIT_DATA)[1]
memory = memory if most == resource.RLIM_INFINITY else min(memory, most)
resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
os.execv(sys.argv[3], sys.argv[3:])
"""
"""Run in the child before the program takes its place: Python's own way (``preexec_fn``)
may hang in a process that has threads, as native decoders start them."""


def start_attached(
    command: Sequence[str], memory: int, environ: dict[str, str], cwd: str = "/"
) -> subprocess.Popen[bytes]:
    """Start a program that reads from a pipe and writes into one; its errors go nowhere.

    ``command`` begins with the program's whole path. It may take ``memory``
    bytes, and write no file. Raises OSError when it cannot be started.
    """
    bound = (sys.executable, "-I", "-S", "-c", _BOUND, str(os.getpid()), str(memory))
    return subprocess.Popen(  # noqa: S603 - a list, no shell; the caller chose the program
        [*bound, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environ,
        cwd=cwd,
        bufsize=0,
        process_group=0,
    )


def end_attached(process: subprocess.Popen[bytes]) -> None:
    """End a program and whatever it started; twice does no harm."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()
