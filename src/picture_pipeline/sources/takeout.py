"""What a Google Takeout tells of its pictures: the JSON of each, and its albums' own.

The JSON beside a picture is archived as its companion, and read again from
there (``metadata.companions.notes``); here only what no companion says is
told: people, favourite, archived, trashed, and the album that the folder is.

Rules of names as seen in exports of 2019 to 2025, and in simulot/immich-go's
``adapters/googlePhotos/matchers.go`` (v0.31): ``x.jpg.json``, since 2024
``x.jpg.supplemental-metadata.json``, cut to 46 characters before ``.json``; the
number of a duplicate behind the extension; none for an edited copy and for the
moving half of a live photo. ``model.stems`` knows them.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from picture_pipeline.model.stems import NameParts, fold, take_apart
from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.sources.telling import Tell, Tree

_JSON = b".json"
_LARGEST_NOTE = 1 << 20
_LARGEST_ALBUM = 1 << 18
_MOST_TRIED = 16
"""JSONs of a folder that are tried for an album's; most folders have one, year folders none."""
_MOST_PEOPLE = 100
_LONGEST_TEXT = 1000
_OF_A_PICTURE = frozenset(("photoTakenTime", "creationTime", "geoDataExif", "imageViews"))
_OF_A_YEAR = re.compile(
    r"(?:(?:photos|fotos?|foto\W?s|foton|bilder|billeder|valokuvat|zdjęcia|fotky|fotografie"
    r"|fotografii|poze|immagini|фото|фотографии) "
    r"(?:from|von|aus|de|del|dal|da|do|di|uit|van|z|fra|från|vuodelta|za|z roku|din|od) \d{4}"
    r"(?: \w+)?"
    r"|\d{4} ?年?(?:の写真|的照片|的相片)|\d{4}년의 사진"
    r"|\d{4}-\d\d-\d\d(?: ?#\d+)?)\Z",
    re.IGNORECASE,
)
"""Google's own folders: by year, and by day in exports before 2020."""

_Json = Mapping[str, object]


def takeout_notes(tree: Tree) -> Tell:
    """Give what tells of candidates by the JSONs of their folder."""
    return _Notes(tree).tell


@dataclass(frozen=True, slots=True)
class _Folder:
    """One folder's JSONs, by what of a picture's name they speak of; and its album."""

    by_target: Mapping[bytes, bytes] = field(default_factory=dict)
    by_exact: Mapping[bytes, bytes] = field(default_factory=dict)
    by_stem: Mapping[bytes, bytes] = field(default_factory=dict)
    albums: tuple[str, ...] = ()

    @classmethod
    def of(cls, tree: Tree, folder: bytes) -> "_Folder":
        names = [name for name in tree.names(folder) if name.lower().endswith(_JSON)]
        taken = [(take_apart(name, -1), name) for name in names]
        return cls(
            {parts.target: name for parts, name in taken if parts.target},
            {parts.exact: name for parts, name in taken},
            {parts.stem: name for parts, name in taken},
            _album(tree, folder, (name for parts, name in taken if parts.target is None)),
        )

    def note_of(self, name: bytes) -> bytes | None:
        """Find the JSON that speaks of a picture, the most certain first."""
        parts = take_apart(name, -1)
        found = (
            self.by_target.get(fold(name)),
            self.by_exact.get(parts.exact),
            *(self.by_stem.get(stem) for stem in _stems(parts)),
        )
        return next(filter(None, found), None)


def _stems(parts: NameParts) -> Iterable[bytes]:
    return (stem for stem in (parts.stem, parts.also) if stem)


@dataclass(slots=True)
class _Notes:
    """The JSONs of a tree; remembers those of the folder it was asked for last."""

    tree: Tree
    _at: bytes | None = None
    _here: _Folder = field(default_factory=_Folder)

    def tell(self, folder: bytes, name: bytes) -> Told:
        """Tell of one candidate; nothing where no JSON speaks of it."""
        if folder != self._at:
            self._at, self._here = folder, _Folder.of(self.tree, folder)
        note = self._here.note_of(name)
        said = _read(self.tree, folder, note, _LARGEST_NOTE) if note else {}
        if not said and not self._here.albums:
            return NOTHING
        return Told(
            albums=self._here.albums,
            people=_people(said),
            favourite=_flag(said, "favorited"),
            hidden=_flag(said, "archived") or _flag(said, "inLockedFolder"),
            deleted=_flag(said, "trashed"),
        )


def _album(tree: Tree, folder: bytes, names: Iterable[bytes]) -> tuple[str, ...]:
    """Give the album that a folder is: its own JSON has a title, in whatever language it is called.

    Tried are JSONs that speak of no picture, those that are called like
    ``metadata.json``, ``Metadaten.json``, ``métadonnées.json`` first.
    """
    likely = sorted(names, key=lambda name: (not name.lower().startswith(b"m"), len(name), name))
    for name in likely[:_MOST_TRIED]:
        said = _read(tree, folder, name, _LARGEST_ALBUM)
        inner = said.get("albumData")
        title = (inner if isinstance(inner, dict) else said).get("title")
        if _OF_A_PICTURE.isdisjoint(said) and isinstance(title, str) and title.strip():
            return () if _OF_A_YEAR.match(title.strip()) else (title.strip()[:_LONGEST_TEXT],)
    return ()


def _read(tree: Tree, folder: bytes, name: bytes, most: int) -> _Json:
    """Read a JSON object; what cannot be read says nothing."""
    try:
        said = json.loads(
            tree.read(folder, name, most) or b"{}", parse_int=float, parse_constant=str
        )
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _flag(said: _Json, key: str) -> bool | None:
    """Give True or nothing: Google writes no key where it is not so."""
    return said.get(key) is True or None


def _people(said: _Json) -> tuple[str, ...]:
    people = said.get("people")
    if not isinstance(people, list):
        return ()
    names = (person.get("name") for person in people[:_MOST_PEOPLE] if isinstance(person, dict))
    words = (name.strip()[:_LONGEST_TEXT] for name in names if isinstance(name, str))
    return tuple(dict.fromkeys(filter(None, words)))
