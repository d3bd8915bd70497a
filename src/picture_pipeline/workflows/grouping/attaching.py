"""What attaches to cores: live videos, and companions that speak of a picture by its name.

One companion may serve several pictures: a video whose content identifier two
stills carry, an AAE that lies beside a RAW and its JPEG of another shot.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from picture_pipeline.workflows.grouping.cores import Core
from picture_pipeline.workflows.grouping.drafts import Draft
from picture_pipeline.workflows.grouping.shots import Named, Shot, Spot, same_shot

_Key = tuple[Spot, bytes]
_Index = Mapping[_Key, list[tuple[Shot, Draft]]]
_NameKey = Callable[[Named], bytes]


_LEVELS: tuple[_NameKey, ...] = (
    lambda named: named.name,
    lambda named: named.parts.exact,
    lambda named: named.parts.stem,
    lambda named: named.parts.also or named.parts.stem,
)
"""What of a picture's name a companion may speak of, most certain first."""


def pair_videos(videos: Sequence[Core], drafts: Sequence[Draft]) -> list[Core]:
    """Add to each draft the moving halves of its stills; give the videos left over.

    By content identifier; else by stem and capture time. A video comes with its
    revisions and those it supersedes, which may tell neither.
    """
    by_id: defaultdict[str, list[Draft]] = defaultdict(list)
    by_stem: defaultdict[_Key, list[tuple[Shot, Draft]]] = defaultdict(list)
    for draft in drafts:
        for still in draft.core:
            if still.member.content_identifier:
                by_id[still.member.content_identifier].append(draft)
            for key in still.stems:
                by_stem[key].append((still, draft))
    left = []
    for core in videos:
        found = [
            draft
            for video in core
            for draft in by_id.get(video.member.content_identifier or "") or _near(video, by_stem)
        ]
        for draft in _once(found):
            draft.videos.extend(core)
        if not found:
            left.append(core)
    return left


def _near(video: Shot, by_stem: _Index) -> list[Draft]:
    near = (pair for key in video.stems for pair in by_stem.get(key, ()))
    return [draft for still, draft in near if same_shot(video, still)]


def _once(drafts: Sequence[Draft]) -> list[Draft]:
    return list({id(draft): draft for draft in drafts}.values())


def attach_by_name(companions: Sequence[Shot], drafts: Sequence[Draft]) -> list[Shot]:
    """Add to each draft what speaks of one of its pictures; give what speaks of none.

    A companion that names a file (``a.jpg.xmp``) means that file; one with a
    picture's exact name means that picture; else the stem decides. All in the
    same folder of the same source.
    """
    levels = tuple(_index(drafts, key) for key in _LEVELS)
    left = []
    for companion in companions:
        found = list(_meant_by(companion, levels))
        for draft in _once([draft for _, draft in found]):
            about = dict.fromkeys(shot for shot, its in found if its is draft)
            draft.companions.append((companion, tuple(about)))
        if not found:
            left.append(companion)
    return left


def _index(drafts: Sequence[Draft], key: _NameKey) -> _Index:
    index: defaultdict[_Key, list[tuple[Shot, Draft]]] = defaultdict(list)
    for draft in drafts:
        for shot in draft.pictures:
            for named in shot.names:
                index[named.spot, key(named)].append((shot, draft))
    return index


def _meant_by(companion: Shot, levels: Sequence[_Index]) -> Iterator[tuple[Shot, Draft]]:
    for named in companion.names:
        parts = named.parts
        keys = zip(levels, (parts.target, parts.exact, parts.stem, parts.stem), strict=True)
        hits = (level.get((named.spot, key), []) for level, key in keys if key is not None)
        yield from next((hit for hit in hits if hit), [])
