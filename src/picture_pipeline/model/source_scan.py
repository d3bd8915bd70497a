"""What a whole look at a source counted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceScan:
    """Counts of one day's last whole look."""

    time: str
    """UTC, ``YYYY-MM-DDTHH:MM:SSZ``."""
    files: int
    """Entries that are no folders."""
    size: int
    """Their bytes."""
