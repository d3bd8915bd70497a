"""Why a fetch was given up, told to all who wait for the same original."""

import json
from contextlib import suppress

from picture_pipeline.errors import (
    ArchiveUnavailable,
    IntegrityError,
    LocalDiskUnavailable,
    PipelineError,
)

_TOLD: dict[str, type[PipelineError]] = {
    kind.__name__: kind for kind in (ArchiveUnavailable, IntegrityError, LocalDiskUnavailable)
}
"""Failures that they share; after any other one each tries for itself."""


def note_on(error: BaseException) -> bytes:
    """Put a failure into bytes; none when others need not share it."""
    kind = type(error).__name__
    return json.dumps([kind, str(error)]).encode() if kind in _TOLD else b""


def raise_told(note: bytes) -> None:
    """Raise the failure that a note tells of; nothing happens when it is no note."""
    # A process that was left behind may write into the file after all: then it is no note.
    with suppress(ValueError):
        kind, message = json.loads(note)
        raise _TOLD[kind](message)
