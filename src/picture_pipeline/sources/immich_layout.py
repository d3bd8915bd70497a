"""Folders and names for what an Immich server holds; pure.

Every asset lies in the folder of its UTC day. Of several that are called the
same there, the one that the server got first keeps the plain place, and the
others lie in a folder of their own, so that nothing moves when more arrive.
The film of a Live Photo lies beside its still, under the still's stem.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from picture_pipeline.model.server_asset import ServerAsset
from picture_pipeline.model.stems import fold

_LONGEST = 200
"""Bytes of a name; file systems take 255, and other programs add to it."""
_LONGEST_EXTENSION = 11
_UNUSABLE = {ord("/"): "_", 0: None}


@dataclass(frozen=True, slots=True)
class Shot:
    """A still or film, with the film that belongs to it in a Live Photo."""

    still: ServerAsset
    film: ServerAsset | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An asset with the place that it is given."""

    folder: bytes
    name: bytes
    asset: ServerAsset
    still: ServerAsset | None = None
    """Whose film this is."""


def day_folder(asset: ServerAsset) -> bytes:
    """Give the folder of an asset's day, ``2024/03/15``."""
    return asset.taken[:10].replace("-", "/").encode("ascii")


def lay_out(shots: Iterable[Shot], folder: bytes) -> Iterator[Placed]:
    """Give each asset of one folder its place; see the module's docstring."""
    taken: set[bytes] = set()
    for shot in sorted(shots, key=lambda shot: (shot.still.created, shot.still.id)):
        name = file_name(shot.still)
        film = _film_name(name, shot.film) if shot.film else None
        names = {fold(each) for each in (name, film) if each is not None}
        place = folder
        if names & taken:
            place = folder + b"/" + shot.still.id.encode("ascii")
        else:
            taken |= names
        yield Placed(place, name, shot.still)
        if shot.film is not None and film is not None:
            yield Placed(place, film, shot.film, shot.still)


def by_folder(placed: Iterable[Placed]) -> Iterator[tuple[bytes, list[Placed]]]:
    """Give the folders in byte order, each with its assets by name."""
    folders: dict[bytes, list[Placed]] = {}
    for one in placed:
        folders.setdefault(one.folder, []).append(one)
    for folder, inside in sorted(folders.items()):
        yield folder, sorted(inside, key=attrgetter("name"))


def file_name(asset: ServerAsset) -> bytes:
    """Make a name of an asset's: a plain one, whatever the server says."""
    plain = asset.name.translate(_UNUSABLE).strip()
    if plain in {"", ".", ".."}:
        plain = asset.id + _extension(asset.path)
    data = plain.encode("utf-8", "replace")
    if len(data) <= _LONGEST:
        return data
    extension = _extension(plain).encode("utf-8", "replace")
    short = data[: _LONGEST - len(extension)].decode("utf-8", "ignore")
    return short.encode() + extension


def _film_name(still: bytes, film: ServerAsset) -> bytes:
    extension = _extension(film.name) or _extension(film.path)
    stem = still.rpartition(b".")[0] or still
    name = stem + extension.encode("utf-8", "replace")
    return name if name != still else stem + b"." + film.id.encode("ascii")


def _extension(name: str) -> str:
    dot = name.rpartition("/")[2].rfind(".")
    extension = name.rpartition("/")[2][dot:] if dot > 0 else ""
    return extension if len(extension) <= _LONGEST_EXTENSION else ""
