"""The one way times are written: in JSON, sidecars, ledger and catalog."""

from datetime import UTC, datetime


def format_time(time: datetime) -> str:
    """Write ``YYYY-MM-DDTHH:MM:SS[.ffffff][+HH:MM]``; the offset only where one is known."""
    return time.isoformat()


def format_utc(time: datetime) -> str:
    """Write an aware time as UTC, ``YYYY-MM-DDTHH:MM:SS[.ffffff]Z``.

    Raises ValueError for a time without offset: it cannot be told in UTC.
    """
    if time.tzinfo is None:
        message = f"no offset known for {time.isoformat()}"
        raise ValueError(message)
    return time.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def format_offset(time: datetime) -> str | None:
    """Write the offset alone, ``+HH:MM``; None where none is known."""
    return time.isoformat()[-6:] if time.tzinfo is not None else None
