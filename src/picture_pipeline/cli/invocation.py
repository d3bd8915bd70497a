"""What a command is called with, besides its own arguments."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Invocation:
    """Environment, working directory and global options of one call.

    Commands receive it by ``@click.pass_obj``. ``config_file`` is what
    ``--config`` said, before or after the command's name.
    """

    environ: Mapping[str, str]
    cwd: Path
    config_file: Path | None = None
    verbosity: int = field(default=0)
    """0: warnings, 1: what is done, 2: everything."""

    @classmethod
    def of_process(cls) -> "Invocation":
        """Give the invocation of this very process."""
        return cls(environ=dict(os.environ), cwd=Path.cwd())
