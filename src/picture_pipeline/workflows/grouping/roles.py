"""Roles, primaries and kinds; tables where they can be."""

from collections.abc import Callable, Sequence

from picture_pipeline.model.asset import AssetKind, Role
from picture_pipeline.model.media import Family
from picture_pipeline.model.stems import Trait
from picture_pipeline.workflows.grouping.cores import Core
from picture_pipeline.workflows.grouping.drafts import Draft
from picture_pipeline.workflows.grouping.shots import Shot

_Rank = tuple[bool, bool, bool, bool, bool, int, str, str]
_FORMATS = ("image/heic", "image/heif", "image/avif", "image/jpeg", "image/jxl")
"""A still's formats, the camera's own first: a JPEG beside a HEIC is the copy."""


def primary_of(core: Core) -> Shot:
    """Choose what stands for an asset: the camera's own whole still, before edits and RAW."""
    return min(core, key=rank)


def rank(shot: Shot) -> _Rank:
    """Give the order of choice for a primary; it follows from the member alone."""
    member, traits = shot.member, shot.traits
    formats = [*_FORMATS, member.media_type]
    return (
        member.superseded_by is not None,
        member.revises is not None,
        Trait.EDITED in traits,
        bool({Trait.ALTERNATIVE, Trait.REDUCED} & traits),
        member.family is Family.RAW,
        formats.index(member.media_type),
        f"{shot.moment.replace(tzinfo=None).isoformat(timespec='microseconds')}",
        member.digest,
    )


_CORE_ROLES: tuple[tuple[Callable[[Shot, Shot], bool], Role], ...] = (
    (lambda shot, _: shot.member.superseded_by is not None, Role.SUPERSEDED),
    (lambda shot, _: shot.member.revises is not None, Role.REVISION),
    (lambda shot, _: Trait.EDITED in shot.traits, Role.EDITED),
    (
        lambda shot, primary: (
            shot.member.family is Family.RAW and primary.member.family is not Family.RAW
        ),
        Role.RAW,
    ),
    (
        lambda shot, primary: (
            shot.member.burst is not None
            and shot.member.burst == primary.member.burst
            and shot.stems.isdisjoint(primary.stems)
        ),
        Role.BURST,
    ),
)


def core_role(shot: Shot, primary: Shot) -> Role:
    """Give the role of a core's member beside its primary."""
    if shot is primary:
        return Role.PRIMARY
    found = (role for holds, role in _CORE_ROLES if holds(shot, primary))
    return next(found, Role.ALTERNATIVE)


def _replaced(shot: Shot) -> Role | None:
    if shot.member.superseded_by is not None:
        return Role.SUPERSEDED
    return Role.REVISION if shot.member.revises is not None else None


def video_role(video: Shot, core: Core) -> Role:
    """Give the role of a moving half: an edit's has the edit's identifier, or its name."""
    replaced = _replaced(video)
    if replaced is not None:
        return replaced
    of = [s for s in core if s.member.content_identifier == video.member.content_identifier]
    edited = Trait.EDITED in video.traits or (
        video.member.content_identifier is not None
        and bool(of)
        and all(Trait.EDITED in still.traits for still in of)
    )
    return Role.EDITED_VIDEO if edited else Role.LIVE_VIDEO


_BY_TYPE = {
    "application/vnd.apple.photos": Role.ADJUSTMENTS,
    "audio/x-wav": Role.VOICE_MEMO,
    "application/xml": Role.CAMERA_METADATA,
    "application/rdf+xml": Role.SIDECAR,
    "application/json": Role.TAKEOUT,
}
_BY_TRAIT = (
    (Trait.THUMBNAIL, Role.THUMBNAIL),
    (Trait.LOW_RESOLUTION, Role.LOW_RESOLUTION),
    (Trait.ORIGINAL_ADJUSTMENTS, Role.ORIGINAL_ADJUSTMENTS),
)


def companion_role(shot: Shot) -> Role:
    """Give the role of what attached by name."""
    replaced = _replaced(shot)
    if replaced is not None:
        return replaced
    by_trait = next((role for trait, role in _BY_TRAIT if trait in shot.traits), None)
    return by_trait or _BY_TYPE.get(shot.member.media_type, Role.ALTERNATIVE)


def kind_of(draft: Draft) -> AssetKind:
    """Say what kind of picture an asset is."""
    families = {shot.member.family for shot in draft.core}
    if families == {Family.COMPANION}:
        return AssetKind.COMPANION
    if families == {Family.VIDEO}:
        return AssetKind.VIDEO
    if _frames(draft.core) > 1:
        return AssetKind.BURST
    if draft.videos:
        return AssetKind.LIVE_PHOTO
    return AssetKind.RAW_JPEG if {Family.RAW, Family.STILL} <= families else AssetKind.PHOTO


def _frames(core: Sequence[Shot]) -> int:
    """Count the frames of a core's burst."""
    primary = primary_of(tuple(core))
    return sum(core_role(shot, primary) in (Role.PRIMARY, Role.BURST) for shot in core)
