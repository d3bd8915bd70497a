"""Another program's server that holds pictures."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Protocol

from picture_pipeline.model.server_asset import ServerAsset, Visibility


class AssetServer(Protocol):
    """An Immich server, as far as a source needs it.

    Every method raises Unavailable when the server does not answer after some
    patience, and UsageError, which says what to do, when it is no Immich or
    the key is wrong or may not do this. May be used by several threads.
    """

    def check(self) -> None:
        """Make sure that an Immich of a version we know answers, and knows the key."""
        ...

    def owner(self) -> str:
        """Give the id of the person whose key this is."""
        ...

    def assets(self, visibility: Visibility) -> Iterator[ServerAsset]:
        """Give every asset of this visibility, also those in the trash, by ``taken``.

        Page by page, in constant memory; others' assets that they share may be
        among them. One that changes meanwhile may come twice, or not at all.
        """
        ...

    def asset(self, asset: str) -> ServerAsset | None:
        """Give one asset; None when it is gone, or not this person's to see."""
        ...

    def size_of(self, asset: str) -> int | None:
        """Ask for the length of an asset's bytes; None when they cannot be had."""
        ...

    def albums(self) -> Mapping[str, str]:
        """Give the names of all albums by their ids."""
        ...

    def tags(self) -> Mapping[str, str]:
        """Give the tags, paths of words like ``A/B``, by their ids."""
        ...

    def stacks(self) -> Iterator[tuple[str, Collection[str]]]:
        """Give each stack's id, with its assets' ids."""
        ...

    def ids_in_album(self, album: str) -> Iterator[str]:
        """Give the ids of an album's assets."""
        ...

    def ids_with_tag(self, tag: str) -> Iterator[str]:
        """Give the ids of the assets with a tag, or with one below it."""
        ...

    def original(self, asset: str) -> AbstractContextManager[Iterator[bytes] | None]:
        """Open an asset's bytes, in pieces, as often as the block reads on.

        None when the server has them no longer. Reading raises
        ``ConnectionError`` when they break off before their end.
        """
        ...
