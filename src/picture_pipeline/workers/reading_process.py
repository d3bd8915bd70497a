"""The program of a process that reads files for another one, and may be abandoned.

Run by path, isolated, with nothing but what Python itself starts with: 10 ms.
A request comes on the socket that is stdin: ``length, start, count, number``
(little-endian u32, u64, u64, u32), then ``length`` bytes: the root folder and a
path below it, with a zero byte between. With the request may come a
descriptor. The answer on stdout is frames of ``error, size, number`` (u32 each),
where ``number`` is the request's, so that nobody can take one answer for another.
Without a descriptor ``size`` bytes follow; with one they were written to it,
at the same place. The last frame is empty, or holds the error: an errno, with
the highest bit set when writing failed and not reading. No file of the root
is held between two requests, so that a NAS can be unmounted meanwhile.
"""

import errno
import os
import stat
import time
from _socket import AF_UNIX, SOCK_STREAM, socket  # the module around it costs 6 ms at each start

_IN, _OUT = 0, 1
_HEAD = 24
_LEAST, _MOST = 1 << 16, 1 << 18
"""Bytes read at once: few while the file system is slow, so that each step is heard of."""
_QUICK_NS, _SLOW_NS = 20_000_000, 200_000_000
_WRITING_FAILED = 1 << 31
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class WriteError(Exception):
    """The descriptor that came with the request cannot be written."""


def main() -> None:
    """Answer requests until the other side is gone."""
    os.closerange(3, 1 << 20)  # what we inherited is not ours to keep open
    buffer = bytearray(_MOST)
    requests = socket(AF_UNIX, SOCK_STREAM, 0, _IN)
    while True:
        head, target = _head(requests)
        if not head:
            return
        names = _exactly(requests, int.from_bytes(head[:4], "little"))
        start, count = (int.from_bytes(head[at : at + 8], "little") for at in (4, 12))
        number = head[20:24]
        code = _answer(names, start, count, target, buffer, number)
        if target is not None:
            os.close(target)
        if not _put(code, b"", number):
            return


def _answer(
    names: bytes, start: int, count: int, target: int | None, buffer: bytearray, number: bytes
) -> int:
    root, _, path = names.partition(b"\0")
    try:
        _give(root, path, (start, count), target, memoryview(buffer), number)
    except OSError as error:
        return error.errno or errno.EIO
    except WriteError as error:
        return _WRITING_FAILED | int(str(error))
    return 0


def _give(
    root: bytes,
    path: bytes,
    part: tuple[int, int],
    target: int | None,
    view: memoryview,
    number: bytes,
) -> None:
    folder = os.open(root, _FOLDER)
    try:
        if not part[1]:  # only to find out whether anybody answers
            os.stat(path, dir_fd=folder, follow_symlinks=False)
            return
        file = os.open(path, _FILE, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.ENOENT, "not a regular file")
        _stream(file, part, target, view, number)
    finally:
        os.close(file)


def _stream(
    file: int, part: tuple[int, int], target: int | None, view: memoryview, number: bytes
) -> None:
    at, count = part
    step = _LEAST
    while count:
        began = time.monotonic_ns()
        size = os.preadv(file, [view[: min(step, count)]], at)
        if not size:
            return
        took = time.monotonic_ns() - began
        if took < _QUICK_NS:
            step = min(step * 4, _MOST)
        elif took > _SLOW_NS:
            step = _LEAST
        if target is not None:
            _write(target, view[:size], at)
        if not _put(0, view[:size], number, with_data=target is None):
            return
        at, count = at + size, count - size


def _write(target: int, data: memoryview, at: int) -> None:
    try:
        while data:
            done = os.pwrite(target, data, at)
            data, at = data[done:], at + done
    except OSError as error:
        raise WriteError(str(error.errno or errno.EIO)) from None


def _put(code: int, data: memoryview | bytes, number: bytes, *, with_data: bool = False) -> bool:
    """Send a frame; False when nobody is there to hear it."""
    head = code.to_bytes(4, "little") + len(data).to_bytes(4, "little") + number
    rest = [memoryview(head), memoryview(data if with_data else b"")]
    try:
        while rest:
            done = os.writev(_OUT, rest)
            while rest and done >= len(rest[0]):
                done -= len(rest.pop(0))
            if rest:
                rest[0] = rest[0][done:]
    except BrokenPipeError:
        return False
    return True


def _head(requests: socket) -> tuple[bytes, int | None]:
    data, extra, _, _ = requests.recvmsg(_HEAD, 32)
    target = int.from_bytes(extra[0][2][:4], "little") if extra else None
    if data:
        data += _exactly(requests, _HEAD - len(data))
    return (data, target) if len(data) == _HEAD else (b"", target)


def _exactly(requests: socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = requests.recv(size - len(data))
        if not more:
            break
        data += more
    return data


if __name__ == "__main__":
    main()
