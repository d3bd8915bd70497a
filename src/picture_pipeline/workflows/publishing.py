"""What an import hands its batches to: the publisher, or one that only says what would be."""

from collections.abc import Callable, Sequence
from typing import Protocol

from picture_pipeline.model.run import Batch, RunId
from picture_pipeline.workflows.plan import Finished


class BatchPublisher(Protocol):
    """Takes what came out of the workers, a batch at a time."""

    @property
    def writer(self) -> str:
        """Who writes."""
        ...

    @property
    def staging(self) -> str:
        """The run's name; tokens begin with it."""
        ...

    @property
    def recogniser(self) -> int:
        """Version of the recogniser at work."""
        ...

    @property
    def now(self) -> Callable[[], str]:
        """The clock: UTC, ``YYYY-MM-DDTHH:MM:SSZ``."""
        ...

    def publish(self, run: RunId, finished: Sequence[Finished]) -> Batch:
        """Publish; gives what was booked. Raises ArchiveUnavailable, CatalogUnavailable."""
        ...

    def discard(self, token: str) -> None:
        """Forget what was staged for a candidate; twice does no harm."""
        ...
