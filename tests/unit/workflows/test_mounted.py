"""Whether a source is all there."""

import pytest

from picture_pipeline.model.watched import Baseline, Root, SourceStatus
from picture_pipeline.workflows.mounted import judge, why_unmounted

DAY = 86_400
NO_MARKER: frozenset[bytes] = frozenset()
MARKER = frozenset({b".mounted"})


def root(device: int = 1, *, is_empty: bool = False, markers: frozenset[bytes] = MARKER) -> Root:
    return Root(device, 2, is_empty, markers)


def test_a_folder_that_is_missing_is_unmounted() -> None:
    assert why_unmounted(None, None) == "the folder is not there"


def test_a_new_folder_may_be_empty() -> None:
    assert why_unmounted(root(is_empty=True, markers=NO_MARKER), None) is None


def test_a_folder_that_held_files_may_not() -> None:
    told = why_unmounted(root(is_empty=True, markers=NO_MARKER), Baseline(1, 7, NO_MARKER))
    assert told == "the folder is empty; it held 7 files"


def test_a_marker_that_was_seen_before_has_to_be_there() -> None:
    told = why_unmounted(root(markers=NO_MARKER), Baseline(1, 7, MARKER))
    assert told == "its marker .mounted is missing"


def test_a_marker_that_is_new_is_remembered() -> None:
    baseline = judge(root(), 7, Baseline(1, 7, NO_MARKER), 0)[2]
    assert baseline.markers == MARKER


@pytest.mark.parametrize(
    ("device", "files", "status"),
    [
        (1, 100, SourceStatus.WATCHED),
        (1, 80, SourceStatus.WATCHED),
        (1, 79, SourceStatus.SHRUNKEN),
        (2, 100, SourceStatus.WATCHED),
        (2, 79, SourceStatus.UNMOUNTED),
    ],
)
def test_what_a_full_pass_counts_decides(device: int, files: int, status: SourceStatus) -> None:
    assert judge(root(device), files, Baseline(1, 100, MARKER), 0)[0] is status


def test_a_shrunken_source_is_compared_with_what_it_was() -> None:
    kept = judge(root(), 10, Baseline(1, 100, MARKER), 5000)[2]
    assert kept == Baseline(1, 100, MARKER, shrunken_since=5000)


def test_after_a_day_a_shrunken_source_is_believed() -> None:
    before = Baseline(1, 100, MARKER, shrunken_since=5000)
    assert judge(root(), 10, before, 5000 + DAY - 1)[0] is SourceStatus.SHRUNKEN
    assert judge(root(), 10, before, 5000 + DAY) == (
        SourceStatus.WATCHED,
        "",
        Baseline(1, 10, MARKER),
    )


def test_a_source_that_grew_back_is_whole() -> None:
    before = Baseline(1, 100, MARKER, shrunken_since=5000)
    assert judge(root(), 90, before, 6000)[2] == Baseline(1, 90, MARKER)
