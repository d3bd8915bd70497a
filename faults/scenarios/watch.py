"""Look at a run from outside: which file each process has open for how long, and its memory."""

import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from scenarios.product import descendants

EVERY_SECONDS = 0.1


@dataclass(slots=True)
class Watch:
    """What was seen of a run whose source files lie below ``source``."""

    source: Path
    limit: float
    """Seconds after which watching ends."""
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)
    """When each file was first and last seen open, over all attempts at it."""
    peaks: dict[int, int] = field(default_factory=dict)
    """The most memory that each process ever had (VmHWM), in bytes."""

    def __call__(self, process: "subprocess.Popen[bytes]") -> None:
        """Watch until the run ends."""
        end = time.monotonic() + self.limit
        while process.poll() is None and time.monotonic() < end:
            for pid in descendants(process.pid):
                self._look(pid)
            with suppress(subprocess.TimeoutExpired):
                process.wait(EVERY_SECONDS)

    def _look(self, pid: int) -> None:
        with suppress(OSError, ValueError):
            self.peaks[pid] = max(self.peaks.get(pid, 0), _peak_of(pid))
            for entry in os.scandir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    self._saw(str(Path(entry.path).readlink()))

    def _saw(self, target: str) -> None:
        if target.startswith(f"{self.source}/"):
            now = time.monotonic()
            self.spans[target] = (self.spans.get(target, (now, now))[0], now)

    def slowest(self) -> tuple[float, str]:
        """Give the longest time that a file was open, and its path."""
        return max(
            ((last - first, path) for path, (first, last) in self.spans.items()), default=(0.0, "")
        )

    def largest(self) -> int:
        """Give the most memory that any process below the first ever had, in bytes."""
        return max(self.peaks.values(), default=0)


def _peak_of(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0
