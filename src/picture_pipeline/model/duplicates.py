"""What the archive holds more than once."""

from dataclasses import dataclass

from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness


@dataclass(frozen=True, slots=True)
class Spotted:
    """One place at which an original lies, or lay when its source was last looked at."""

    source: SourceName
    path: bytes
    """Relative to the source."""


@dataclass(frozen=True, slots=True)
class ExactGroup:
    """One original, archived once, and the several places that hold its bytes."""

    digest: Digest
    size: int
    places: tuple[Spotted, ...]


@dataclass(frozen=True, slots=True)
class NearGroup:
    """Originals of different assets that show the same shot, the best one first."""

    members: tuple[Likeness, ...]
    why: str
    """By what the first is better than the second."""
    probable: bool
    """Whether some of them are the same shot in all likelihood only."""

    @property
    def best(self) -> Likeness:
        """The one to keep, if any were to go."""
        return self.members[0]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """All groups; the near ones only where they were asked for."""

    exact: tuple[ExactGroup, ...]
    near: tuple[NearGroup, ...] = ()
