"""Run a command and let any one of its write-class system calls fail, in any process or thread.

Own ptrace instead of strace, whose ``when=N`` counts for each thread by itself
and whose ``-P`` compares whole paths only (6.1): here the N-th call counts
over all processes of a run, and only calls on paths below given roots count.
"""

import ctypes
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from . import calls, kernel

CONT, GETREGS, SETREGS, SEIZE, LISTEN = 7, 12, 13, 0x4206, 0x4208
# TRACEFORK, TRACEVFORK, TRACECLONE, TRACESECCOMP, EXITKILL
OPTIONS = 0x2 | 0x4 | 0x8 | 0x80 | 0x100000
EVENT_SECCOMP, EVENT_STOP = 7, 128
WALL = 0x40000000
GROUP_STOPS = {signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU}
REGISTERS = ctypes.c_ulonglong * 27
# Positions in struct user_regs_struct: rdi, rsi, rdx, r10, r8, r9; then rax and orig_rax.
ARGUMENTS = (14, 13, 12, 7, 9, 8)
RAX, ORIG_RAX = 10, 15
GRACE_SECONDS = 10.0
PATH_MAX = 4096

PASS, KILL = 0, -1
"""Verdicts on a call: let it be, or kill all processes before it; any errno lets it fail."""


@dataclass(frozen=True, slots=True)
class Call:
    """A write-class call below the roots; ``number`` counts from 1 over all processes."""

    number: int
    name: str
    path: bytes
    tid: int


Judge = Callable[[Call], int]


@dataclass(slots=True)
class Ended:
    """How a traced command ended. ``status`` is negative for a signal."""

    status: int = 0
    calls: list[Call] = field(default_factory=list)
    orphans: int = 0
    """Processes that still ran GRACE_SECONDS after the command itself."""
    overdue: bool = False


class Overdue(Exception):
    """The time allowed is over."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to start, and where its output goes."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    stdout: BinaryIO
    stderr: BinaryIO


class Tracer:
    """Traces one command. Use once, from the main thread."""

    def __init__(self, roots: Sequence[Path], judge: Judge) -> None:
        self._roots = tuple(os.fsencode(root) for root in roots)
        self._judge = judge
        self._ended = Ended()
        self._tids: set[int] = set()
        self._killing = False

    def run(self, command: Command, limit: float) -> Ended:
        """Run to the end, at most ``limit`` seconds, and GRACE_SECONDS for what it leaves."""
        main = self._start(command)
        try:
            with _limit(limit):
                self._follow(main)
        except Overdue:
            self._ended.overdue = main in self._tids
            self._ended.orphans = len(self._tids)
            self._kill()
            self._follow(main)
        return self._ended

    def _start(self, command: Command) -> int:
        ours, theirs = os.pipe()
        program, _code = calls.program()
        child = os.fork()
        if child == 0:
            _become(command, ours, program)
        kernel.LIBC.ptrace(SEIZE, child, None, OPTIONS)
        self._tids.add(child)
        os.write(theirs, b"!")
        os.close(ours)
        os.close(theirs)
        return child

    def _follow(self, main: int) -> None:
        while True:
            try:
                tid, status = os.waitpid(-1, WALL)
            except ChildProcessError:
                return
            if os.WIFSTOPPED(status):
                self._tids.add(tid)
                self._stopped(tid, status)
                continue
            self._tids.discard(tid)
            if tid == main:
                self._ended.status = os.waitstatus_to_exitcode(status)
                signal.setitimer(signal.ITIMER_REAL, GRACE_SECONDS)

    def _stopped(self, tid: int, status: int) -> None:
        event, number = status >> 16, os.WSTOPSIG(status)
        if self._killing:
            _kill(tid)
        elif event == EVENT_SECCOMP:
            self._at_call(tid)
        elif event == EVENT_STOP and number in GROUP_STOPS:
            _ptrace(LISTEN, tid, None)
        else:
            _ptrace(CONT, tid, None if event else number)

    def _at_call(self, tid: int) -> None:
        registers = REGISTERS()
        _ptrace(GETREGS, tid, ctypes.addressof(registers))
        call = self._call(tid, registers)
        verdict = PASS if call is None else self._judge(call)
        if verdict == KILL:
            self._kill()
            return
        if verdict != PASS:
            registers[ORIG_RAX] = (1 << 64) - 1
            registers[RAX] = (1 << 64) - verdict
            _ptrace(SETREGS, tid, ctypes.addressof(registers))
        _ptrace(CONT, tid, None)

    def _call(self, tid: int, registers: ctypes.Array[ctypes.c_ulonglong]) -> Call | None:
        shape = calls.SHAPES[registers[ORIG_RAX]]
        arguments = [registers[position] for position in ARGUMENTS]
        for path in _paths(tid, shape, arguments):
            if any(path == root or path.startswith(root + b"/") for root in self._roots):
                call = Call(len(self._ended.calls) + 1, shape.name, path, tid)
                self._ended.calls.append(call)
                return call
        return None

    def _kill(self) -> None:
        self._killing = True
        for tid in self._tids:
            _kill(tid)


def _become(command: Command, ours: int, program: calls.Program) -> None:
    """Turn the forked child into the command, once it is traced."""
    try:
        os.read(ours, 1)
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(command.stdout.fileno(), 1)
        os.dup2(command.stderr.fileno(), 2)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(program))
        os.execvpe(command.arguments[0], list(command.arguments), dict(command.environment))  # noqa: S606 - no shell is the point
    finally:
        os._exit(127)


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        raise Overdue

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _kill(tid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(tid, signal.SIGKILL)


def _ptrace(request: int, tid: int, data: int | None) -> None:
    """Ask; a tracee that died meanwhile is reported by waitpid."""
    kernel.LIBC.ptrace(request, tid, None, data)


def _paths(tid: int, shape: calls.Shape, arguments: list[int]) -> Iterator[bytes]:
    with suppress(OSError):
        for position in shape.handles:
            yield _of_handle(tid, arguments[position])
        for folder, position in shape.paths:
            name = _text(tid, arguments[position])
            handle = calls.AT_FDCWD if folder is None else arguments[folder]
            yield os.path.normpath(os.path.join(_of_handle(tid, handle), name))  # noqa: PTH118 - bytes


def _of_handle(tid: int, handle: int) -> bytes:
    number = ctypes.c_int(handle & 0xFFFFFFFF).value
    link = "cwd" if number == calls.AT_FDCWD else f"fd/{number}"
    return os.readlink(os.fsencode(f"/proc/{tid}/{link}"))  # noqa: PTH115 - bytes


def _text(tid: int, address: int) -> bytes:
    """Read a path out of a process, never over a page that may not be there."""
    found = b""
    with Path(f"/proc/{tid}/mem").open("rb", buffering=0) as memory:
        while b"\0" not in found and len(found) < PATH_MAX:
            memory.seek(address + len(found))
            found += memory.read(PATH_MAX - (address + len(found)) % PATH_MAX)
    return found.partition(b"\0")[0]
