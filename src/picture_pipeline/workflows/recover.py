"""Recover: finish what a crash cut short, and clear what it left behind."""

from collections.abc import Callable
from dataclasses import dataclass

from picture_pipeline.ports import IncomingFolders, RenditionPublisher
from picture_pipeline.workflows.publish import Publisher

_STRANGER_SECONDS = 7 * 24 * 3600.0
"""Another computer's folder is taken for abandoned after a week without a change."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found at the start."""

    batches: int
    leftovers: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """Runs at the start of every command that writes to the archive."""

    publisher: Publisher
    incoming: IncomingFolders
    renditions: RenditionPublisher
    is_ours: Callable[[str], bool]
    """Tells whether a run's folder was made by this computer."""
    is_alive: Callable[[str], bool]
    """Tells whether the run behind a folder of ours still works."""
    wall_seconds: Callable[[], float]

    def recover(self) -> Recovered:
        """Finish interrupted batches, then clear ``incoming/`` of dead runs."""
        # Who is dead is decided first: a run that dies after that keeps what it left.
        runs = dict(self.incoming.stagings())
        dead = {name for name, changed in runs.items() if self._is_dead(name, changed)}
        kept = runs.keys() - dead
        batches = self.publisher.finish_interrupted()
        for staging in sorted(dead):
            self.incoming.end(staging)
        self.renditions.clear_leftovers(lambda run: run in kept or self.is_alive(run))
        return Recovered(batches, len(dead))

    def _is_dead(self, staging: str, changed: float) -> bool:
        if self.is_ours(staging):
            return not self.is_alive(staging)
        return self.wall_seconds() - changed > _STRANGER_SECONDS
