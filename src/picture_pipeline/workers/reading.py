"""Reads files of a volume that may hang, in processes that can be left behind.

A thread or process that waits for a dead NFS server or FUSE daemon inside the
kernel cannot be interrupted, not even killed: it ends when the mount answers.
So a small process reads, and this one only ever waits for its pipe, with a
bound. One that does not answer is killed, which takes effect some day, and
nobody waits for it.
"""

import fcntl
import os
import select
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_PROGRAM = Path(__file__).with_name("reading_process.py")
_REQUEST = struct.Struct("<IQQI")
_FRAME = struct.Struct("<III")
_WRITING_FAILED = 1 << 31
_ALL = (1 << 64) - 1
_LARGEST_NUMBER = (1 << 32) - 1
_AT_ONCE = 1 << 20
_FRAMES_AT_ONCE = 1 << 12
_GOOD = bytes(4)
_PIPE = 1 << 20
"""Bytes; what an unprivileged process may ask for, pipe(7)."""
_KEPT = 4
"""Idle processes; more simultaneous readers than that are rare, and cost 10 ms each."""
_FAREWELL = 0.1
"""Seconds in which an idle process that was killed is gone."""
_STUCK_AT_MOST = 8
"""Abandoned processes that still hang; beyond it requests fail at once."""
_LET_BE = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT}


class NoAnswer(OSError):
    """The volume gave no byte and no error within the bound."""


class OutOfStep(NoAnswer):
    """The process answered another request than the last one; it cannot be trusted any more."""


class CannotWrite(OSError):
    """The file to copy to cannot be written."""


class FileReaders:
    """Reads files below root folders; for all threads, and across a fork.

    ``patience`` is the bound in seconds: for the first byte, and from each
    byte to the next.
    """

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._state = _State()

    def read(
        self, root: Path, path: str, start: int = 0, count: int | None = None
    ) -> Iterator[bytes]:
        """Give at most ``count`` bytes of a regular file from ``start`` on, in pieces.

        Raises the OSError that the file system gave, NoAnswer when it gave
        none within the bound. No link is followed.
        """
        with self._asked(root, path, start, count, None) as reader:
            for size in reader.frames(self.patience):
                yield from reader.data(size, self.patience)

    def copy(self, root: Path, path: str, target: int, start: int = 0) -> Iterator[int]:
        """Copy a regular file from ``start`` on to the same place of an open file.

        Tells after each step how many bytes it wrote. ``target`` is written
        by the other process, which may do so still after NoAnswer. Raises
        like ``read``, and CannotWrite.
        """
        with self._asked(root, path, start, None, target) as reader:
            yield from reader.steps(self.patience)

    def prepare(self, root: Path, path: str) -> None:
        """Start a process, and let it look at a file while other things are done.

        The next request waits for that first, and its bound counts from now.
        """
        state = self._here()
        reader = state.take()
        if reader.prepared_at is None:  # else another thread asked already, and nobody has heard
            reader.ask(root, path, (0, 0), None)
            reader.prepared_at = time.monotonic()
        state.give_back(reader)

    @contextmanager
    def _asked(
        self, root: Path, path: str, start: int, count: int | None, target: int | None
    ) -> Iterator["_Reader"]:
        state = self._here()
        reader = state.take()
        is_free = False
        try:
            reader.catch_up(self.patience)
            reader.ask(root, path, (start, _ALL if count is None else count), target)
            yield reader
            is_free = True
        except NoAnswer:
            raise
        except OSError:  # told by the process, which is ready for the next
            is_free = True
            raise
        finally:
            (state.give_back if is_free else state.abandon)(reader)

    def close(self) -> None:
        """End the idle processes; reading again afterwards starts new ones."""
        self._here().close()

    def _here(self) -> "_State":
        # After a fork the processes, and perhaps a lock, belong to the parent.
        if self._state.owner != os.getpid():
            self._state = _State()
        return self._state


@dataclass(slots=True)
class _State:
    """The processes of one process of ours."""

    owner: int = field(default_factory=os.getpid)
    lock: threading.Lock = field(default_factory=threading.Lock)
    idle: list["_Reader"] = field(default_factory=list)
    abandoned: list["_Reader"] = field(default_factory=list)

    def take(self) -> "_Reader":
        with self.lock:
            self.abandoned = [reader for reader in self.abandoned if not reader.has_ended()]
            if self.idle:
                return self.idle.pop()
            stuck = len(self.abandoned)
        if stuck >= _STUCK_AT_MOST:
            raise NoAnswer(f"{stuck} readers still wait for it")
        return _Reader.start()

    def give_back(self, reader: "_Reader") -> None:
        with self.lock:
            if len(self.idle) < _KEPT:
                self.idle.append(reader)
                return
        self.abandon(reader)

    def abandon(self, reader: "_Reader") -> None:
        reader.kill()
        with self.lock:
            self.abandoned.append(reader)

    def close(self) -> None:
        with self.lock:
            idle, self.idle = self.idle, []
            gone, self.abandoned = self.abandoned, []
        for reader in idle:
            reader.kill()
        left = [reader for reader in idle if not reader.has_ended(wait=True)]
        left += [reader for reader in gone if not reader.has_ended()]
        with self.lock:
            self.abandoned += left


@dataclass(slots=True)
class _Reader:
    """One process, by a descriptor of it, so that no other's number is ever meant."""

    process: int
    requests: socket.socket
    answers: int
    prepared_at: float | None = None
    """When it was asked for something of which nobody has heard the answer yet."""
    closed: bool = False
    number: int = 0
    """Of the last request; every frame of its answer bears it."""

    @classmethod
    def start(cls) -> "_Reader":
        theirs, requests = socket.socketpair()
        answers, theirs_out = os.pipe()
        with suppress(OSError):  # a slower pipe will do
            fcntl.fcntl(answers, fcntl.F_SETPIPE_SZ, _PIPE)
        try:
            pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", str(_PROGRAM)],
                os.environ,  # where its libraries lie; it reads nothing else of it
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
                    (os.POSIX_SPAWN_DUP2, theirs_out, 1),
                    # Whoever waits for the end of our own output must not wait for a stuck one.
                    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_RDWR, 0),
                ],
                setsigmask=_LET_BE,
            )
        except OSError:
            requests.close()
            os.close(answers)
            raise
        finally:
            theirs.close()
            os.close(theirs_out)
        return cls(os.pidfd_open(pid), requests, answers)

    def ask(self, root: Path, path: str, part: tuple[int, int], target: int | None) -> None:
        names = os.fsencode(root) + b"\0" + os.fsencode(path)
        self.number = (self.number + 1) & _LARGEST_NUMBER
        request = [_REQUEST.pack(len(names), *part, self.number) + names]
        with suppress(BrokenPipeError):  # hearing tells that it is gone
            socket.send_fds(self.requests, request, [] if target is None else [target])

    def catch_up(self, patience: float) -> None:
        """Hear the end of what it was prepared with."""
        if self.prepared_at is None:
            return
        left = max(0.0, self.prepared_at + patience - time.monotonic())
        self.prepared_at = None
        try:
            for size in self.frames(left):
                list(self.data(size, left))
        except NoAnswer as error:
            raise NoAnswer(f"no byte within {patience:g} s") from error
        except OSError:
            pass  # what is asked for now tells better what is wrong

    def frames(self, patience: float) -> Iterator[int]:
        """Give the sizes of the frames, whose data is to be heard in between."""
        while size := self._size_in(b"".join(self.data(_FRAME.size, patience))):
            yield size

    def steps(self, patience: float) -> Iterator[int]:
        """Give the sizes of frames without data, several in one when they come quickly."""
        pending = b""
        while True:
            pending += self._some(_FRAMES_AT_ONCE, patience)
            done = 0
            while len(pending) >= _FRAME.size:
                head, pending = pending[: _FRAME.size], pending[_FRAME.size :]
                if head[:4] != _GOOD or not (size := self._size_in(head)):
                    if done:
                        yield done
                    self._size_in(head)
                    return
                done += size
            if done:
                yield done

    def _size_in(self, head: bytes) -> int:
        """Give a frame's size, 0 for the last one; raises what it tells, and OutOfStep."""
        code, size, request = _FRAME.unpack(head)
        if request != self.number:
            raise OutOfStep("a reader answered another request")
        number = int(code & ~_WRITING_FAILED)
        if code & _WRITING_FAILED:
            raise CannotWrite(number, os.strerror(number))
        if code:
            raise OSError(number, os.strerror(number))
        return int(size)

    def data(self, size: int, patience: float) -> Iterator[bytes]:
        """Give exactly so many bytes."""
        while size:
            data = self._some(min(size, _AT_ONCE), patience)
            size -= len(data)
            yield data

    def _some(self, size: int, patience: float) -> bytes:
        ready = select.poll()
        ready.register(self.answers, select.POLLIN)
        if not ready.poll(patience * 1000):
            raise NoAnswer(f"no byte within {patience:g} s")
        data = os.read(self.answers, size)
        if not data:
            raise NoAnswer("the process that reads it ended")
        return data

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process, signal.SIGKILL)
        self.requests.close()
        os.close(self.answers)

    def has_ended(self, *, wait: bool = False) -> bool:
        """Tell whether it is gone, and let the system forget it."""
        if self.closed:
            return True
        if wait:
            ended = select.poll()
            ended.register(self.process, select.POLLIN)
            ended.poll(_FAREWELL * 1000)
        found = True
        with suppress(ChildProcessError):  # somebody else waited for it
            found = bool(os.waitid(os.P_PIDFD, self.process, os.WEXITED | os.WNOHANG))
        if found:
            os.close(self.process)
            self.closed = True
        return found
