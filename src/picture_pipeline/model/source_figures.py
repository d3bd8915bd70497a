"""What the books say of one source."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """Counts of one source; sizes in bytes, times in UTC."""

    files: int = 0
    """Archived files that lay there when it was last looked at."""
    size: int = 0
    """Their bytes."""
    archived: int = 0
    """Originals that were seen there, and that no other bytes have taken the place of."""
    only_here: int = 0
    """Those of them that were seen in no other source that is still known."""
    incomplete: int = 0
    """Those of them that are cut short, and no whole one has come in their place."""
    last_new: str | None = None
    errors: tuple[tuple[str, int], ...] = ()
    """Files that could not be taken in, by reason."""
    new_by_week: tuple[int, ...] = ()
    """Files first seen in each of the last weeks, the oldest first."""
