"""What an Immich server tells of an asset besides its bytes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from picture_pipeline.model.server_asset import ServerAsset, Visibility
from picture_pipeline.model.told import Told
from picture_pipeline.ports import AssetServer

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Belongings:
    """Albums, tags and stacks by asset: ids as numbers, and words that are shared."""

    albums: Mapping[int, Words]
    tags: Mapping[int, Words]
    stacks: Mapping[int, str]

    @classmethod
    def ask(cls, server: AssetServer) -> "Belongings":
        """Ask a server for all of them."""
        return cls(
            albums=_collect(server.albums(), server.ids_in_album),
            tags=_collect(server.tags(), server.ids_with_tag),
            stacks={
                UUID(asset).int: stack for stack, assets in server.stacks() for asset in assets
            },
        )

    def of(self, asset: ServerAsset) -> Told:
        """Put together what is told of an asset that a person sees."""
        key = UUID(asset.id).int
        latitude, longitude = asset.position or (None, None)
        return Told(
            albums=self.albums.get(key, ()),
            people=asset.people,
            tags=_lowest(self.tags.get(key, ())),
            favourite=asset.favourite,
            hidden=asset.visibility is not Visibility.TIMELINE,
            deleted=asset.trashed,
            caption=asset.caption,
            rating=asset.rating,
            latitude=latitude,
            longitude=longitude,
            stack=self.stacks.get(key),
        )


def _collect(
    names: Mapping[str, str], ids: Callable[[str], Iterator[str]]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, Words] = {}
    shared: dict[Words, Words] = {}
    for identity, name in sorted(names.items(), key=lambda pair: (pair[1], pair[0])):
        for asset in ids(identity):
            key = UUID(asset).int
            before = found.get(key, ())
            words = before if name in before else (*before, name)
            found[key] = shared.setdefault(words, words)
    return found


def _lowest(tags: Words) -> Words:
    """Leave out what a longer path says too: asked for ``A``, Immich also gives ``A/B``."""
    return tuple(tag for tag in tags if not any(other.startswith(tag + "/") for other in tags))
