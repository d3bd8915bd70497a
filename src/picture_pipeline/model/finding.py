"""What ``doctor`` finds."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"
    """Works; could be better."""
    WARNING = "warning"
    """Works for now."""
    ERROR = "error"
    """Does not work, or endangers pictures."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, for people."""

    area: str
    """A word, for instance ``archive``."""
    severity: Severity
    what: str
    do: str | None = None
    """What to do about it; None where nothing is to be done."""
