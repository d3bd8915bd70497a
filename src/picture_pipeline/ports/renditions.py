"""What keeps renditions on the local disk, and the books on them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.rendition import (
    RenditionEntry,
    Unrenderable,
)


class RenditionStaging(Protocol):
    """Temp files of renditions on the local disk, as a worker sees them."""

    def stage(self, token: str, name: str, data: bytes) -> None:
        """Write one; not yet durable. Raises LocalDiskUnavailable."""
        ...


class RenditionPublisher(Protocol):
    """The local tree of renditions; what it holds can always be made again."""

    def publish_all(self, staged: Sequence[tuple[str, Digest, Sequence[str]]]) -> None:
        """Give staged renditions (token, digest, names) their final places.

        Durable first, then an atomic rename each. Those that are no longer
        staged (an earlier call, or a crash) are passed over, so it may be
        called again. Raises LocalDiskUnavailable.
        """
        ...

    def discard(self, token: str) -> None:
        """Remove what was staged under a token; twice does no harm."""
        ...

    def clear_leftovers(self, is_alive: Callable[[str], bool]) -> None:
        """Remove temp files of runs that are no longer alive."""
        ...


class LocalRenditions(Protocol):
    """The local tree of renditions, looked at."""

    def sound(self, digest: Digest) -> Mapping[str, RenditionEntry]:
        """Give by name the renditions that are there and whole."""
        ...

    def has_metadata(self, digest: Digest) -> bool:
        """Tell whether the quick metadata is there."""
        ...


class LocalRenditionBooks(Protocol):
    """The local books of renditions; they may be thrown away at any time."""

    def record(
        self,
        made: Mapping[Digest, Sequence[RenditionEntry]],
        failed: Mapping[Digest, Unrenderable],
        renderer: int,
    ) -> None:
        """Book what was made, and what a renderer of this version could not."""
        ...

    def forget(self, digest: Digest, names: Iterable[str]) -> None:
        """Strike out renditions that are gone or damaged."""
        ...


class GivenUp(Protocol):
    """The part of the local books that knows what could not be rendered."""

    def given_up(self, digests: Iterable[Digest], renderer: int) -> frozenset[Digest]:
        """Give those that a renderer at least this new could not decode."""
        ...
