"""Count, for each source, what shows the same shot as another archived original. Pure."""

from collections.abc import Iterable, Mapping

from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import Likeness
from picture_pipeline.workflows.compare import Comparison
from picture_pipeline.workflows.duplicates import find_near
from picture_pipeline.workflows.matching import Matching

Looked = Mapping[SourceName, Mapping[Digest, Likeness | None]]
"""What was looked at in each source; None: of the same bytes as an original."""


def near_copies(comparison: Comparison, looked: Looked) -> frozenset[Digest]:
    """Give all, archived or only looked at, that show the same shot as another original.

    Members of one asset are no copies of each other.
    """
    archived = {its.digest for group in find_near(comparison) for its in group.members}
    candidates = {
        likeness.digest: likeness
        for its in looked.values()
        for likeness in its.values()
        if likeness is not None
    }
    held = comparison.archive.held(candidates)
    new = [likeness for digest, likeness in candidates.items() if digest not in held]
    matches = Matching(comparison.archive, comparison.near).with_archive(new) if new else ()
    return frozenset(archived | {match.one for match in matches})


def count_near(
    near: frozenset[Digest],
    seen: Mapping[SourceName, Iterable[Digest]],
    looked: Looked,
) -> dict[SourceName, int]:
    """Count them source by source; what lies in a source twice counts once."""
    names = {*seen, *looked}
    return {name: len(near & {*seen.get(name, ()), *looked.get(name, {})}) for name in names}
