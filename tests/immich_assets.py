"""Assets as an Immich server tells of them, made by number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from picture_pipeline.model.server_asset import ServerAsset, Visibility


def identity(number: int) -> str:
    return str(UUID(int=number))


def asset(number: int, name: str = "IMG_1.JPG", created: str = "2024-05-01") -> ServerAsset:
    return ServerAsset(
        id=identity(number),
        name=name,
        path=f"/data/upload/{number}.jpg",
        taken="2024-03-15T10:11:12.000Z",
        created=created,
        modified_ns=0,
        size=1,
        checksum="",
        sha1=None,
        owner="anna",
        visibility=Visibility.TIMELINE,
        favourite=False,
        trashed=False,
        offline=False,
        live_film=None,
    )


@dataclass(slots=True)
class Shelf:
    """A server without a network: ``ports.AssetServer``."""

    held: dict[str, ServerAsset] = field(default_factory=dict)
    named_albums: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    named_tags: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    stacked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, *assets: ServerAsset) -> "Shelf":
        return cls({asset.id: asset for asset in assets})

    @contextmanager
    def connect(self) -> Iterator["Shelf"]:
        yield self

    def check(self) -> None:
        self.asked.append("check")

    def owner(self) -> str:
        return "anna"

    def assets(self, visibility: Visibility) -> Iterator[ServerAsset]:
        found = (asset for asset in self.held.values() if asset.visibility is visibility)
        yield from sorted(found, key=lambda asset: (asset.taken, asset.id))

    def asset(self, asset: str) -> ServerAsset | None:
        self.asked.append(asset)
        return self.held.get(asset)

    def size_of(self, asset: str) -> int | None:
        self.asked.append(asset)
        return None

    def albums(self) -> dict[str, str]:
        return {identity: name for identity, (name, _) in self.named_albums.items()}

    def tags(self) -> dict[str, str]:
        return {identity: name for identity, (name, _) in self.named_tags.items()}

    def stacks(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from self.stacked.items()

    def ids_in_album(self, album: str) -> Iterator[str]:
        yield from self.named_albums[album][1]

    def ids_with_tag(self, tag: str) -> Iterator[str]:
        """As Immich does: also those with a tag below it."""
        path = self.named_tags[tag][0]
        for value, assets in self.named_tags.values():
            yield from assets if f"{value}/".startswith(f"{path}/") else ()

    @contextmanager
    def original(self, asset: str) -> Iterator[Iterator[bytes] | None]:
        self.asked.append(asset)
        yield None
