"""What runs jobs, and tells how far they are."""

from concurrent.futures import Future
from typing import Protocol, TypeVar

JobT_contra = TypeVar("JobT_contra", contravariant=True)
ResultT = TypeVar("ResultT")


class Workers(Protocol[JobT_contra, ResultT]):
    """A part of ``concurrent.futures.Executor``: processes that do one kind of job."""

    def submit(self, job: JobT_contra) -> Future[ResultT]:
        """Ask for a job to be done.

        The future raises an exception with an attribute ``code`` (exit code,
        negative for a signal) when the process died of it.
        """
        ...


class Progress(Protocol):
    """Tells a person how far a long command has come."""

    def advance(self, entries: int, size: int) -> None:
        """Count finished entries, and bytes taken in."""
        ...
