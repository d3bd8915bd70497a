"""Limits on a worker process, set from inside it."""

import ctypes
import fcntl
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_PR_SET_PDEATHSIG = 1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STDOUT, _STDERR = 1, 2


@contextmanager
def memory_limit(limit: int) -> Iterator[None]:
    """Let allocations in the block fail once ``limit`` bytes more are taken than now.

    What the libraries themselves took (a quarter of a GiB) is not counted, so
    that no limit is too small to begin with. RLIMIT_DATA counts private
    writable memory; mapped files, which share pages, do not use it up.
    """
    before, hard = resource.getrlimit(resource.RLIMIT_DATA)
    soft = _private_memory() + limit
    soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, hard))


def _private_memory() -> int:
    """Give the bytes that RLIMIT_DATA counts (proc(5), ``statm``), and the stack."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[5]) * resource.getpagesize()
    except OSError:
        return 0


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """End the process by SIGALRM when the block takes longer.

    The default action is left in place on purpose: a Python handler would
    wait for the native code that hangs.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def leave_stopping_to_the_parent() -> None:
    """Ignore Ctrl-C and SIGTERM: the main process decides, and lets us finish a file.

    A terminal and a service manager send them to every process of a group.
    """
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)


def die_with_parent() -> None:
    """Ask the kernel to end this process when the fork server, or the main process, ends.

    The fork server lives as long as any of us does. Of the main process only
    a pipe tells; its end may interrupt a decoder, so it comes as a signal.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    signal.signal(signal.SIGIO, signal.SIG_DFL)  # whose default action is to terminate
    fcntl.fcntl(parent.sentinel, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(parent.sentinel, fcntl.F_GETFL)
    fcntl.fcntl(parent.sentinel, fcntl.F_SETFL, flags | os.O_ASYNC)


def leave_no_core() -> None:
    """Write no core dump: it would hold somebody's picture."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def hush_native_code() -> None:
    """Drop what native libraries print; what Python says still goes to stderr.

    LibRaw and others complain about every hurt file by printing a line, which
    tells a person nothing; stdout carries the command's result.
    """
    own = os.dup(_STDERR)
    with open(os.devnull, "wb") as null:
        os.dup2(null.fileno(), _STDOUT)
        os.dup2(null.fileno(), _STDERR)
    sys.stderr = sys.stdout = open(own, "w", buffering=1, errors="backslashreplace")  # noqa: SIM115 - for as long as the process lives
