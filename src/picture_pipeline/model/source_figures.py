"""What the books say of one source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """Counts of one source; sizes in bytes, times in UTC."""

    files: int = 0
    """Files that lay there when it was last looked at: archived, or seen by ``consolidate``."""
    size: int = 0
    """Their bytes."""
    archived: int = 0
    """Originals that were seen there, and that no other bytes have taken the place of."""
    only_here: int = 0
    """Originals, and looked-at files, that were seen in no other source that is still known."""
    near_duplicates: int | None = None
    """What shows the same shot as another archived original; None: not compared."""
    incomplete: int = 0
    """Originals that are cut short, and no whole one has come in their place."""
    last_new: str | None = None
    errors: tuple[tuple[str, int], ...] = ()
    """Files that could not be taken in, by reason."""
    new_by_week: tuple[int, ...] = ()
    """Files first seen in each of the last weeks, the oldest first."""
