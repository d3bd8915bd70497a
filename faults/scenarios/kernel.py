"""The few kernel calls that Python does not offer: prctl, ptrace, mount namespaces."""

import ctypes
import os
import subprocess
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.ptrace.restype = ctypes.c_long
LIBC.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)

PR_SET_SECCOMP = 22
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
SECCOMP_MODE_FILTER = 2
CLONE_NEWNS = 0x00020000


class Refused(OSError):
    """The kernel does not let us; the scenario cannot be run here."""


def prctl(option: int, *arguments: int) -> None:
    """Call prctl(2). Raises Refused."""
    numbers = [ctypes.c_ulong(value) for value in (*arguments, 0, 0, 0, 0)[:4]]
    _must(LIBC.prctl(option, *numbers), f"prctl {option}")


def adopt_orphans() -> None:
    """Become the parent of every process whose own parent dies, so that none escapes."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def own_mounts() -> None:
    """Enter a mount namespace of our own: whatever we mount ends with us."""
    _must(LIBC.unshare(CLONE_NEWNS), "unshare")
    mount("--make-rprivate", "/")


def may_mount() -> bool:
    """Tell whether this process may mount; asked in a child, which then ends."""
    child = os.fork()
    if child == 0:
        os._exit(_try_mounts())
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def _try_mounts() -> int:
    try:
        own_mounts()
        mount("-t", "tmpfs", "none", "/mnt")
    except OSError:
        return 1
    return 0


def mount(*arguments: str) -> None:
    """Call mount(8). Raises Refused."""
    _command("mount", *arguments)


def unmount(place: Path) -> None:
    """Take a mount away under everybody's feet, as a NAS that drops out. Raises Refused."""
    _command("umount", "-l", str(place))


def _command(*arguments: str) -> None:
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(done.stderr.strip())


def _must(answer: int, what: str) -> None:
    if answer != 0:
        raise Refused(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
