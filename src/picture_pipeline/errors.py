"""What ends a run, and with which exit status.

::

    PipelineError                  1
    +-- UsageError                 2   the call or the configuration is wrong
    |   +-- ConfigError            2   every fault of storage.yaml, listed at once
    +-- Unavailable                3   something we need is away; try again later
    |   +-- ArchiveUnavailable     3   NAS not mounted, full, read-only, or dropped out
    |   +-- CatalogUnavailable     3   database away
    |   +-- LocalDiskUnavailable   3   local disk full or read-only
    +-- IntegrityError             4   bytes are not what they must be
    +-- Interrupted              130   stopped by the person or the system
    +-- UnknownOriginal            2   no original has this digest (a FileNotFoundError)

What befalls one file is never an exception but a value (``model.outcome``).
Every message says what to do next.
"""


class PipelineError(Exception):
    """The root of what picture-pipeline raises on purpose."""

    exit_status = 1


class UsageError(PipelineError):
    """The call or the configuration is wrong."""

    exit_status = 2


class ConfigError(UsageError):
    """storage.yaml or the environment holds faults; ``faults`` lists all of them."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Unavailable(PipelineError):
    """Something we need is away. Nothing was lost; the next run goes on."""

    exit_status = 3


class ArchiveUnavailable(Unavailable):
    """The archive (NAS) is not mounted, dropped out, is full or read-only."""


class CatalogUnavailable(Unavailable):
    """The catalog's database does not answer."""


class LocalDiskUnavailable(Unavailable):
    """The local base path (thumbnails, cache, books) cannot be written."""


class IntegrityError(PipelineError):
    """Bytes in the archive are not what their name says."""

    exit_status = 4


class Interrupted(PipelineError):
    """A person or the system asked us to stop; what was in flight is finished."""

    exit_status = 130


class UnknownOriginal(UsageError, FileNotFoundError):
    """No original, or more than one, answers to this digest or prefix."""
