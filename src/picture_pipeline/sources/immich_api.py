"""An Immich server as a source, by its API: ``ports.Source``.

Its assets stand in folders that only we see (``immich_layout``). A stamp is
made of what the API tells: size and time of the file, its ctime of the
checksum, its inode of all else. So a second run asks for no bytes, and one
that only became a favourite comes home without them.
"""

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Self

from picture_pipeline.model.candidate import (
    Candidate,
    Entry,
    EntryKind,
    FileStamp,
    FolderListing,
    NotYet,
    SourceSpec,
    Unlistable,
    Unopenable,
    Way,
    Within,
)
from picture_pipeline.model.server_asset import ServerAsset, Visibility
from picture_pipeline.model.told import Told
from picture_pipeline.ports import AssetServer
from picture_pipeline.sources.immich_films import Films
from picture_pipeline.sources.immich_layout import Placed, Shot, by_folder, day_folder, lay_out
from picture_pipeline.sources.immich_told import Belongings

KIND = "immich_api"

_MADE_BY_IMMICH = "/encoded-video/"
"""Films cut out of motion photos: their bytes are in the still."""
_ORPHANS = b"hidden/"
_SIGNED = (1 << 63) - 1

Found = Candidate | Unopenable


class AssetEntry(Entry):
    """An entry that knows what it stands for."""

    found: Found

    def __new__(cls, found: Found) -> Self:
        """Make the entry of what was found."""
        entry = super().__new__(cls, found.name, EntryKind.FILE, found.stamp)
        entry.found = found
        return entry


@dataclass(frozen=True, slots=True)
class ImmichSource:
    """All that a person has in an Immich; ``connect`` opens the server for one walk."""

    spec: SourceSpec
    connect: Callable[[], AbstractContextManager[AssetServer]]

    @property
    def shows_all(self) -> bool:
        """Whether a name that the listings lack is gone."""
        return True

    def listings(self) -> Iterator[FolderListing | Unlistable]:
        """Walk day by day, in constant memory but for the ids in albums; see ``ports.Source``.

        Raises Unavailable when the server is away.
        """
        with self.connect() as server:
            server.check()
            walk = _Walk(self.spec, server, Belongings.ask(server), server.owner())
            for folder, placed in walk.folders():
                yield FolderListing(folder, tuple(AssetEntry(walk.found(one)) for one in placed))

    def classify(self, folder: bytes, entry: Entry) -> Candidate | Unopenable | NotYet:
        """Give what the entry of a listing stands for."""
        if isinstance(entry, AssetEntry):
            return entry.found
        return NotYet(folder, entry.name, entry.stamp, "the server has to be asked for it anew")


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk over all assets."""

    spec: SourceSpec
    server: AssetServer
    belongings: Belongings
    owner: str

    def folders(self) -> Iterator[tuple[bytes, list[Placed]]]:
        """Give the folders of all days, then those of films without a still."""
        films = Films(self.server, self._own(Visibility.HIDDEN))
        seen = (self._own(each) for each in (Visibility.TIMELINE, Visibility.ARCHIVE))
        for folder, assets in itertools.groupby(_merged(seen), key=day_folder):
            films.move_to(folder.decode().replace("/", "-"))
            shots = [_shot(asset, films.of(asset)) for asset in assets]
            yield from by_folder(lay_out(shots, folder))
        for folder, assets in itertools.groupby(films.left_over(), key=day_folder):
            yield from by_folder(lay_out(map(Shot, assets), _ORPHANS + folder))

    def _own(self, visibility: Visibility) -> Iterator[ServerAsset]:
        """Give the person's own: what partners share comes with their own keys."""
        return (
            asset
            for asset in self.server.assets(visibility)
            if asset.owner == self.owner and _MADE_BY_IMMICH not in asset.path
        )

    def found(self, placed: Placed) -> Found:
        """Make a candidate of an asset; one without bytes is never opened."""
        asset = placed.asset
        size = asset.size or self.server.size_of(asset.id) or 0
        told = self._told(placed)
        stamp = FileStamp(size, asset.modified_ns, _number(asset.checksum), _number(told.encoded()))
        if asset.offline or not size:
            detail = "Immich says that the file is not there; look at its library"
            return Unopenable(placed.folder, placed.name, stamp, "unreadable", detail)
        return Candidate(
            folder=placed.folder,
            name=placed.name,
            stamp=stamp,
            within=Within(Way.IMMICH, self.spec.path, f"{asset.id} {asset.path}"),
            told=told,
            sha1=asset.sha1,
            told_in_inode=True,
        )

    def _told(self, placed: Placed) -> Told:
        asset = placed.asset
        own = asset.name if asset.name.encode("utf-8", "replace") != placed.name else None
        if placed.still is not None:
            return Told(original_name=own, deleted=placed.still.trashed)
        return replace(self.belongings.of(asset), original_name=own)


def _shot(still: ServerAsset, film: ServerAsset | None) -> Shot:
    return Shot(still, None if film is None or _MADE_BY_IMMICH in film.path else film)


def _merged(streams: Iterable[Iterator[ServerAsset]]) -> Iterator[ServerAsset]:
    """Merge what comes by time into one stream by day."""
    return heapq.merge(*streams, key=lambda asset: asset.taken)


def _number(text: str) -> int:
    """Give 63 bits that change with a text."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "little") & _SIGNED
