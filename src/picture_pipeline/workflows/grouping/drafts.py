"""An asset in the making."""

from dataclasses import dataclass, field

from picture_pipeline.model.digest import Digest
from picture_pipeline.workflows.grouping.cores import Core
from picture_pipeline.workflows.grouping.shots import Shot


@dataclass(frozen=True, slots=True)
class Draft:
    """A core, and the companions found for it so far."""

    core: Core
    videos: list[Shot] = field(default_factory=list)
    """Moving halves of its stills."""
    companions: list[tuple[Shot, tuple[Shot, ...]]] = field(default_factory=list)
    """What attached by name, each with the members that it speaks of."""

    @property
    def guests(self) -> list[Shot]:
        """All that may serve other assets too."""
        return [*self.videos, *(companion for companion, _ in self.companions)]

    @property
    def pictures(self) -> tuple[Shot, ...]:
        """Core and videos."""
        return (*self.core, *self.videos)


def digest_of(shot: Shot) -> Digest:
    """Give a shot's digest."""
    return shot.member.digest
