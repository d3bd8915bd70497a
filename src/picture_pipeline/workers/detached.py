"""Starts a command that goes on after its parent, at low priority."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_NICE = 10


def start_detached(command: Sequence[str], log: Path, environ: Mapping[str, str], cwd: Path) -> int:
    """Start a command in a session of its own, niced, output to ``log``; gives its pid.

    Raises OSError when it cannot be started.
    """
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command, no shell
            ["nice", "-n", str(_NICE), *command],  # noqa: S607 - nice is POSIX
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=dict(environ),
            cwd=cwd,
        )
    # It is nobody's to wait for: without this, Python warns when it is collected.
    process.returncode = 0
    return process.pid
