"""Assign a batch's originals to their assets, together with what the archive holds already.

Runs inside the publishing transaction, so that two publishers cannot group
the same originals differently. Reads sidecars, writes nothing.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from picture_pipeline.model.asset import Group, Membership, Role
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.inspected import Tie, Tied
from picture_pipeline.model.original import Original
from picture_pipeline.model.run import Batch, Change, Publication
from picture_pipeline.model.sidecar import SidecarContent, SidecarOrigin
from picture_pipeline.model.told import NOTHING
from picture_pipeline.ports import Books, OriginalPath
from picture_pipeline.workflows.describe import Enrich, described, without_companions
from picture_pipeline.workflows.flat import metadata_of
from picture_pipeline.workflows.grouping.group import Grouping, group
from picture_pipeline.workflows.members import Scene, scene_of
from picture_pipeline.workflows.plan import Finished, with_events

_FOLLOWERS = frozenset(Role) - {
    *(Role.PRIMARY, Role.RAW, Role.ALTERNATIVE, Role.EDITED, Role.BURST),
    *(Role.REVISION, Role.SUPERSEDED),
}
"""Roles of companions: the day of their asset's primary decides their folder."""


@dataclass(frozen=True, slots=True)
class Sidecars:
    """What reads and renders sidecars."""

    render: Callable[[SidecarContent], bytes]
    origin: Callable[[bytes], SidecarOrigin]
    """Raises ValueError for bytes that ``render`` did not write."""
    read: Callable[[str], bytes | None]
    """Given the original's path."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A batch with its assets, and the staged sidecars that must say something else now."""

    batch: Batch
    amended: Mapping[str, bytes]
    """By token."""


@dataclass(frozen=True, slots=True)
class Assigner:
    """Gives the originals of a batch their assets, and what companions say of them."""

    enrich: Enrich
    sidecars: Sidecars

    def assign(
        self,
        books: Books,
        batch: Batch,
        finished: Sequence[Finished],
        path_of: OriginalPath,
        *,
        anew: bool = False,
    ) -> Assigned:
        """Find the assets of a batch, and what changes for originals archived before.

        ``anew``: the staged sidecars may say anything; all of them are rendered.
        """
        if not batch.publications and not batch.sightings:
            return Assigned(batch, {})
        new = {p.original.digest: p.original for p in batch.publications}
        scene = scene_of(books, batch, finished, new)
        grouping = group(scene.members)
        booked = {(g.id, g.kind, frozenset(g.members)) for g in scene.groups}
        groups = tuple(
            g for g in grouping.groups if (g.id, g.kind, frozenset(g.members)) not in booked
        )
        originals = self._assigned(books, new, scene, grouping, groups)
        planned = self._planned(replace(batch, groups=groups), originals, new, path_of)
        return Assigned(planned, self._amended(planned, new, anew=anew))

    def _assigned(
        self,
        books: Books,
        new: Mapping[Digest, Original],
        scene: Scene,
        grouping: Grouping,
        groups: Sequence[Group],
    ) -> dict[Digest, tuple[Original, Original]]:
        """Give each original of the changed assets, and each retold, as it was and is to be."""
        homes = {m.digest: m for g in groups for m in g.members if m.home}
        changed = homes.keys() | scene.ties.keys() | scene.retold
        about = {
            digest: companions
            for digest, companions in grouping.about.items()
            if digest in changed or not scene.present.isdisjoint(companions)
        }
        touched = changed | about.keys()
        wanted = {*touched, *(c for companions in about.values() for c in companions)}
        known = {**books.originals([digest for digest in wanted if digest not in new]), **new}
        placed = {
            digest: _at_home(original, homes.get(digest), scene.ties)
            for digest, original in known.items()
        }
        return {
            digest: (
                known[digest],
                described(
                    placed[digest],
                    [without_companions(placed[c]) for c in about.get(digest, ())],
                    scene.told.get(digest, NOTHING),
                    self.enrich,
                ),
            )
            for digest in sorted(touched)
        }

    def _planned(
        self,
        batch: Batch,
        originals: Mapping[Digest, tuple[Original, Original]],
        new: Mapping[Digest, Original],
        path_of: OriginalPath,
    ) -> Batch:
        days = _days(batch.groups, originals)
        publications = tuple(_placed(p, originals, days, path_of) for p in batch.publications)
        before = (pair for digest, pair in originals.items() if digest not in new)
        changes = (self._change(was, now) for was, now in before)
        known = tuple(change for change in changes if change is not None)
        return with_events(replace(batch, publications=publications, changes=known))

    def _amended(
        self, batch: Batch, new: Mapping[Digest, Original], *, anew: bool
    ) -> dict[str, bytes]:
        return {
            p.token: self._fresh_sidecar(p)
            for p in batch.publications
            if anew or _sidecar_differs(new[p.original.digest], p.original)
        }

    def _fresh_sidecar(self, publication: Publication) -> bytes:
        original, sighting = publication.original, publication.sighting
        path = sighting.folder + b"/" + sighting.name if sighting.folder else sighting.name
        return self.sidecars.render(_content(original, SidecarOrigin(sighting.source, path, 1)))

    def _change(self, was: Original, now: Original) -> Change | None:
        data = self._rewritten(was, now)
        if data is None:
            return Change(now) if was != now else None
        after = hashlib.sha256(data).hexdigest()
        return Change(replace(now, sidecar_sha256=after), data, was.sidecar_sha256)

    def _rewritten(self, was: Original, now: Original) -> bytes | None:
        """Render the sidecar anew when it must say something else, and is still what we wrote.

        One that was written before sidecars named their asset must say that.
        """
        there = self.sidecars.read(was.path)
        if there is None or hashlib.sha256(there).hexdigest() != was.sidecar_sha256:
            return None
        if b"<pp:asset>" in there and not _sidecar_differs(was, now):
            return None
        try:
            origin = self.sidecars.origin(there)
        except ValueError:
            return None
        return self.sidecars.render(_content(now, replace(origin, revision=origin.revision + 1)))


def _content(original: Original, origin: SidecarOrigin) -> SidecarContent:
    return SidecarContent(
        digest=original.digest,
        metadata=metadata_of(original),
        original_name=original.original_name,
        source=origin.source,
        path=origin.path,
        ingested_at=original.ingested_at,
        revision=origin.revision,
        asset=original.asset,
    )


def _at_home(original: Original, home: Membership | None, ties: Mapping[Digest, Tied]) -> Original:
    if home is not None:
        original = replace(original, asset=home.asset, role=home.role.value)
    tied = ties.get(original.digest)
    if tied is not None and tied.tie is Tie.SUPERSEDES:
        original = replace(original, superseded_by=tied.earlier)
    return original


def _sidecar_differs(was: Original, now: Original) -> bool:
    return was.asset != now.asset or metadata_of(was) != metadata_of(now)


def _days(
    groups: Iterable[Group], originals: Mapping[Digest, tuple[Original, Original]]
) -> dict[Digest, str]:
    """Give for each companion at home in an asset the day of its primary, ``YYYY-MM-DD``."""
    days: dict[Digest, str] = {}
    for each in groups:
        primary = originals[next(m.digest for m in each.members if m.role is Role.PRIMARY)]
        followers = (m for m in each.members if m.home and m.role in _FOLLOWERS)
        days.update((member.digest, _day(*primary)) for member in followers)
    return days


def _day(was: Original, now: Original) -> str:
    """Give the day of an original's folder: where it lies, or will lie."""
    if was.sidecar_sha256:
        return "-".join(was.path.split("/")[1:4])
    return now.taken_at[:10]


def _placed(
    publication: Publication,
    originals: Mapping[Digest, tuple[Original, Original]],
    days: Mapping[Digest, str],
    path_of: OriginalPath,
) -> Publication:
    was = publication.original
    now = originals[was.digest][1] if was.digest in originals else was
    day = days.get(was.digest, now.taken_at[:10])
    path = path_of(was.digest, was.path.rpartition(".")[2], date.fromisoformat(day))
    return replace(publication, original=replace(now, path=path))
