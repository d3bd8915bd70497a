"""What the doctor tells."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from picture_pipeline.errors import CatalogUnavailable
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.finding import Finding, Severity
from picture_pipeline.model.watched import SourceHealth, SourceStatus, WatchHealth
from picture_pipeline.workflows.doctor import (
    GIB,
    Space,
    examine,
    is_well,
    judge_space,
    judge_watch,
    judge_watched,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def well() -> Iterator[Finding]:
    yield Finding("archive", Severity.OK, "there")


def silent() -> Iterator[Finding]:
    yield from ()


def broken() -> Iterator[Finding]:
    raise CatalogUnavailable("the database does not answer; start it")


def test_a_look_that_fails_is_an_error_that_says_what_to_do() -> None:
    (found,) = examine({"catalog": [broken]})

    assert found == Finding("catalog", Severity.ERROR, "the database does not answer", "start it")


def test_what_fails_hides_nothing_else() -> None:
    found = examine({"catalog": [broken, well], "archive": [well]})

    assert [finding.severity for finding in found] == ["error", "ok", "ok"]


def test_an_area_without_findings_is_well() -> None:
    assert [f.severity for f in examine({"watch": [silent]})] == [Severity.OK]


def test_only_the_areas_asked_for_are_looked_at() -> None:
    assert [f.area for f in examine({"catalog": [broken], "archive": [well]}, ["archive"])] == [
        "archive"
    ]


def test_warnings_are_still_well() -> None:
    assert is_well([Finding("x", Severity.WARNING, "w"), Finding("x", Severity.NOTE, "n")])
    assert not is_well([Finding("x", Severity.ERROR, "e")])


@pytest.mark.parametrize(
    ("free", "severity"),
    [(50, Severity.OK), (5, Severity.OK), (4, Severity.WARNING), (0, Severity.ERROR)],
)
def test_a_disk_is_judged_by_what_is_left(free: int, severity: Severity) -> None:
    assert judge_space("local", "/x", Space(free * GIB, 100 * GIB)).severity is severity


def source(**changes: Any) -> SourceHealth:
    plain = SourceHealth(
        name=SourceName("icloud"),
        path=b"/nas/icloud",
        status=SourceStatus.WATCHED,
        detail="",
        last_pass=NOW,
        last_new=NOW,
        files=12,
        waiting=0,
        is_stale=False,
    )
    return replace(plain, **changes)


@pytest.mark.parametrize(
    ("health", "severity"),
    [
        (WatchHealth(None, is_alive=False, trouble="", sources=()), Severity.NOTE),
        (WatchHealth(NOW, is_alive=False, trouble="", sources=()), Severity.ERROR),
        (WatchHealth(NOW, is_alive=False, trouble="", sources=(), was_stopped=True), "warning"),
        (WatchHealth(NOW, is_alive=True, trouble="NAS away", sources=()), Severity.WARNING),
        (WatchHealth(NOW, is_alive=True, trouble="", sources=()), Severity.OK),
    ],
)
def test_a_watch_is_judged_by_when_it_was_last_heard_of(
    health: WatchHealth, severity: Severity
) -> None:
    assert [finding.severity for finding in judge_watch(health)] == [severity]


@pytest.mark.parametrize(
    ("changes", "severity", "word"),
    [
        ({}, Severity.OK, "12 files"),
        ({"waiting": 3}, Severity.OK, "3 waiting"),
        ({"is_stale": True}, Severity.WARNING, "nothing new since 2026-11-22"),
        ({"status": SourceStatus.UNMOUNTED}, Severity.WARNING, "unmounted"),
    ],
)
def test_a_source_is_judged_by_what_the_watch_saw(
    changes: dict[str, Any], severity: Severity, word: str
) -> None:
    health = WatchHealth(NOW, is_alive=True, trouble="", sources=(source(**changes),))

    (found,) = judge_watched(health)

    assert found.severity is severity
    assert word in found.what
