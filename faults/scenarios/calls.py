"""Write-class system calls on x86-64, how each names its file, and a filter to stop at them."""

import ctypes
import platform
import struct
from dataclasses import dataclass

AT_FDCWD = -100
O_CREAT = 0o100
FICLONE = 0x40049409


@dataclass(frozen=True, slots=True)
class Shape:
    """Which arguments of a call name files; positions count from 0.

    ``paths`` are (folder handle or None, path) pairs, ``handles`` open files.
    ``needs`` is (argument, bits or value): the call only counts with it.
    """

    name: str
    handles: tuple[int, ...] = ()
    paths: tuple[tuple[int | None, int], ...] = ()
    needs: tuple[int, int] | None = None


# Numbers from arch/x86/entry/syscalls/syscall_64.tbl.
SHAPES = {
    1: Shape("write", (0,)),
    18: Shape("pwrite64", (0,)),
    20: Shape("writev", (0,)),
    296: Shape("pwritev", (0,)),
    328: Shape("pwritev2", (0,)),
    40: Shape("sendfile", (0,)),
    326: Shape("copy_file_range", (2,)),
    16: Shape("ioctl_ficlone", (0,), needs=(1, FICLONE)),
    74: Shape("fsync", (0,)),
    75: Shape("fdatasync", (0,)),
    277: Shape("sync_file_range", (0,)),
    306: Shape("syncfs", (0,)),
    77: Shape("ftruncate", (0,)),
    285: Shape("fallocate", (0,)),
    91: Shape("fchmod", (0,)),
    93: Shape("fchown", (0,)),
    2: Shape("open_creat", paths=((None, 0),), needs=(1, O_CREAT)),
    257: Shape("openat_creat", paths=((0, 1),), needs=(2, O_CREAT)),
    85: Shape("creat", paths=((None, 0),)),
    86: Shape("link", paths=((None, 0), (None, 1))),
    265: Shape("linkat", paths=((0, 1), (2, 3))),
    88: Shape("symlink", paths=((None, 1),)),
    266: Shape("symlinkat", paths=((1, 2),)),
    82: Shape("rename", paths=((None, 0), (None, 1))),
    264: Shape("renameat", paths=((0, 1), (2, 3))),
    316: Shape("renameat2", paths=((0, 1), (2, 3))),
    87: Shape("unlink", paths=((None, 0),)),
    263: Shape("unlinkat", paths=((0, 1),)),
    84: Shape("rmdir", paths=((None, 0),)),
    83: Shape("mkdir", paths=((None, 0),)),
    258: Shape("mkdirat", paths=((0, 1),)),
    90: Shape("chmod", paths=((None, 0),)),
    268: Shape("fchmodat", paths=((0, 1),)),
    260: Shape("fchownat", paths=((0, 1),)),
    76: Shape("truncate", paths=((None, 0),)),
    280: Shape("utimensat", paths=((0, 1),)),
}

LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, TRACE = 0x7FFF0000, 0x7FF00000
AUDIT_ARCH_X86_64 = 0xC000003E
NUMBER_AT, ARCH_AT, ARGUMENTS_AT = 0, 4, 16


class Program(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def supported() -> bool:
    """Tell whether the numbers above are this machine's."""
    return platform.machine() == "x86_64"


def program() -> tuple[Program, ctypes.Array[ctypes.c_char]]:
    """Build the filter: stop at write-class calls only, so that all others run at full speed.

    The second value holds the code and must live as long as the first.
    """
    code = _step(LOAD, ARCH_AT) + _step(EQUAL, AUDIT_ARCH_X86_64, 1, 0) + _step(RETURN, ALLOW)
    code += b"".join(_rule(number, shape) for number, shape in SHAPES.items())
    code += _step(RETURN, ALLOW)
    buffer = ctypes.create_string_buffer(code, len(code))
    return Program(len(code) // 8, ctypes.addressof(buffer)), buffer


def _rule(number: int, shape: Shape) -> bytes:
    if shape.needs is None:
        body = _step(RETURN, TRACE)
    else:
        argument, value = shape.needs
        test = EQUAL if value == FICLONE else ANY_BIT
        body = _step(LOAD, ARGUMENTS_AT + 8 * argument) + _step(test, value, 0, 1)
        body += _step(RETURN, TRACE) + _step(RETURN, ALLOW)
    return _step(LOAD, NUMBER_AT) + _step(EQUAL, number, 0, len(body) // 8) + body


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
