"""Plan what taking an import back does. Pure: what is to be known comes in, actions come out."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from picture_pipeline.model.digest import Digest
from picture_pipeline.model.undoing import (
    Added,
    Additions,
    Leave,
    News,
    OnDisk,
    Stay,
    Staying,
    UndoPlan,
)

_PART = 200
"""Originals that go in one batch, at least; what belongs together is never parted."""

Why = tuple[Staying, str]


def plan_undo(
    additions: Additions, on_disk: Mapping[Digest, OnDisk], *, also_edited: bool = False
) -> UndoPlan:
    """Decide for each original that the run archived whether it goes or stays.

    It goes only if nothing else refers to it; and what is of one asset goes
    together or stays together.
    """
    why: dict[Digest, Why] = {}
    for added in additions.originals:
        reason = _own_reason(added, on_disk[added.digest], additions.started_at)
        if reason and not (also_edited and reason[0] is Staying.EDITED):
            why[added.digest] = reason
    _hold_together(additions, why)
    leaving = [added for added in additions.originals if added.digest not in why]
    return UndoPlan(
        run=additions.run,
        parts=tuple(_parts(_together(leaving))),
        stays=tuple(
            Stay(added.digest, added.path, *why[added.digest])
            for added in additions.originals
            if added.digest in why
        ),
    )


def _own_reason(added: Added, there: OnDisk, started_at: str) -> Why | None:
    for reason, detail_of in _REASONS:
        detail = detail_of(added, there, started_at)
        if detail is not None:
            return reason, detail
    return None


def _only_copy(added: Added, _there: OnDisk, _started_at: str) -> str | None:
    return "its file in the source was freed or reclaimed" if added.only_copy else None


def _seen_again(added: Added, _there: OnDisk, _started_at: str) -> str | None:
    runs = ", ".join(str(run) for run in added.seen_by)
    return f"also seen by run {runs}" if runs else None


def _missing(_added: Added, there: OnDisk, _started_at: str) -> str | None:
    return None if there.present else "it does not lie where the catalog says"


def _older(_added: Added, there: OnDisk, started_at: str) -> str | None:
    since = there.ingested_at
    return f"in the archive since {since}" if since and since < started_at else None


def _edited(added: Added, there: OnDisk, _started_at: str) -> str | None:
    if there.sidecar_sha256 in (None, added.sidecar_sha256):
        return None
    return "another program has changed its sidecar (--also-edited takes it too)"


_REASONS: tuple[tuple[Staying, Callable[[Added, OnDisk, str], str | None]], ...] = (
    (Staying.ONLY_COPY, _only_copy),
    (Staying.SEEN_AGAIN, _seen_again),
    (Staying.MISSING, _missing),
    (Staying.OLDER, _older),
    (Staying.EDITED, _edited),
)
"""The first that applies is told."""


def _hold_together(additions: Additions, why: dict[Digest, Why]) -> None:
    """Let all stay that belong to one that stays, and all that belong to those."""
    ours = {added.digest: added for added in additions.originals}
    by_asset = _by_asset(additions.originals)
    for asset in additions.occupied:
        for added in by_asset.get(asset, ()):
            why.setdefault(added.digest, _member_of(asset))
    for digest in additions.named & ours.keys():
        why.setdefault(digest, (Staying.NEEDED, "an original that stays names it"))
    new = list(why)
    while new:
        for near, reason in _held_by(ours[new.pop()], by_asset):
            if near in ours and near not in why:
                why[near] = reason
                new.append(near)


def _held_by(
    stays: Added, by_asset: Mapping[Digest, Sequence[Added]]
) -> Iterator[tuple[Digest, Why]]:
    for asset in stays.assets:
        for member in by_asset[asset]:
            yield member.digest, _member_of(asset)
    for named in stays.names:
        yield named, (Staying.NEEDED, f"{stays.digest} names it, and stays")


def _member_of(asset: Digest) -> Why:
    return Staying.MEMBER, f"of asset {asset}, of which others stay"


def _by_asset(originals: Iterable[Added]) -> dict[Digest, list[Added]]:
    found: defaultdict[Digest, list[Added]] = defaultdict(list)
    for added in originals:
        for asset in added.assets:
            found[asset].append(added)
    return found


def _together(leaving: Sequence[Added]) -> Iterator[tuple[Leave, ...]]:
    """Give those that go in lots: whole assets, and assets that share a companion as one."""
    ours = {added.digest: added for added in leaving}
    by_asset = _by_asset(leaving)
    done: set[Digest] = set()
    for first in leaving:
        lot: list[Leave] = []
        new = [first]
        while new:
            added = new.pop()
            if added.digest not in done:
                done.add(added.digest)
                lot.append(Leave(added.digest, added.path, added.size))
                new += [member for asset in added.assets for member in by_asset[asset]]
                new += [ours[named] for named in added.names if named in ours]
        if lot:
            yield tuple(lot)


def _parts(lots: Iterable[tuple[Leave, ...]]) -> Iterator[tuple[Leave, ...]]:
    part: list[Leave] = []
    for lot in lots:
        part += lot
        if len(part) >= _PART:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


def concerns(news: News, additions: Additions) -> bool:
    """Tell whether what others booked meanwhile may change the plan."""
    ours = {added.digest for added in additions.originals}
    assets = {asset for added in additions.originals for asset in added.assets}
    return not (ours.isdisjoint(news.digests | news.named) and assets.isdisjoint(news.assets))
