"""A watch played with a clock of its own: hours pass in the time that its imports take.

Real folders, real archive, real catalog, real workers; only the clock, and what would wake the
watch from its sleep, are played. What happens meanwhile is a table of times and actions.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installed import Storage, environ
from picture_pipeline.bootstrap.watch import (
    Surroundings,
    WatchOptions,
    chosen_folders,
    make_watch,
)
from picture_pipeline.bootstrap.watching import read_health
from picture_pipeline.config import Config, load_config
from picture_pipeline.model.report import ImportReport
from picture_pipeline.model.watched import SourceHealth
from picture_pipeline.workers.service import ServiceManager
from picture_pipeline.workflows.watch import Watch
from picture_pipeline.workflows.watched import Clock

Action = Callable[[], object]
START = 1_800_000_000.0
"""Seconds since 1970 at which every play begins."""
INTERVAL, SETTLE = 60.0, 30.0


@dataclass
class Play:
    """A storage, and a clock that goes on from one watch to the next."""

    home: Path
    more: Mapping[str, str] = field(default_factory=dict)
    now: float = 0.0
    reports: list[ImportReport] = field(default_factory=list)
    sleeps: int = 0

    @property
    def storage(self) -> Storage:
        return Storage(self.home, self.more)

    @property
    def config(self) -> Config:
        return load_config(environ(self.home, self.more), None, Path("/"))

    def watch(
        self,
        *sources: Path | str,
        seconds: float,
        meanwhile: Sequence[tuple[float, Action]] = (),
        interval: float = INTERVAL,
        spoil: Callable[[Watch], object] = lambda _: None,
    ) -> list[ImportReport]:
        """Watch for so long; actions are done so many seconds after its beginning."""
        until = self.now + seconds
        script = sorted(((self.now + at, action) for at, action in meanwhile), key=lambda s: s[0])
        before = len(self.reports)

        def sleep(length: float) -> None:
            self.sleeps += 1
            wake = min(self.now + length, until)
            if script and script[0][0] <= wake:
                wake, action = script.pop(0)
                self.now = max(self.now, wake)
                action()
            self.now = max(self.now, wake)

        around = Surroundings(
            clock=Clock(lambda: self.now, lambda: START + self.now),
            sleep=sleep,
            wake=lambda: None,
            service=ServiceManager(),
            stopping=lambda: self.now >= until,
            tell=self.reports.append,
        )
        options = WatchOptions(settle=SETTLE, interval=interval, hints=False)
        names = [os.fsencode(source) for source in sources]
        specs = chosen_folders(self.config, names, Path("/"))
        made = make_watch(self.config, specs, options, around)
        spoil(made)
        made.run()
        return self.reports[before:]

    def health(self, name: object) -> SourceHealth:
        """Tell how a source stands, as the health check does."""
        told = read_health(self.config, START + self.now)
        return next(source for source in told.sources if source.name == str(name))

    def listed(self) -> list[str]:
        """Give the names of all originals in the catalog."""
        out = self.storage.here("list", "--json").out
        return sorted(json.loads(line)["original_name"] for line in out.splitlines())


def imported(reports: Sequence[ImportReport]) -> int:
    """Count what was taken in."""
    return sum(report.counts.imported for report in reports)
