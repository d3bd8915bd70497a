"""How a missing part is told."""

from typing import Final

ZEROS: Final = "zeros stand where picture data should be"


def beyond(end: int, size: int) -> str | None:
    """Tell how much is missing of a file that should reach to ``end``; None when it does."""
    if end <= size:
        return None
    return f"at least {end - size} bytes are missing at the end"


def absent(what: str) -> str:
    """Tell that a part is not there at all."""
    return f"{what} is missing"
