"""Runs an outside program to its end, and hears what it says."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

_HEARD = 1 << 16
"""Bytes of what a program says that are read."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and what it said."""

    status: int
    said: str
    """Output and errors together, as far as they are of use."""


def run_program(command: Sequence[str], seconds: float = 60.0) -> Ran:
    """Run a program found on the PATH, without a shell, its words in English.

    What it leaves running in the background may go on. Raises FileNotFoundError
    when there is no such program, TimeoutError when it takes too long.
    """
    # A file, no pipe: a program that goes on in the background may hold a pipe open for ever.
    with tempfile.TemporaryFile() as out:
        try:
            ended = subprocess.run(  # noqa: S603 - a list, no shell; the caller chose the program
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env={**os.environ, "LC_ALL": "C"},
                cwd="/",
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"{command[0]} did not end within {seconds:g} s") from error
        out.seek(0)
        return Ran(ended.returncode, out.read(_HEARD).decode("utf-8", "replace").strip())
