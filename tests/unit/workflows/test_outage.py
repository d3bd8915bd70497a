"""Something is away: said once, tried ever more rarely."""

import pytest

from picture_pipeline.errors import ArchiveUnavailable
from picture_pipeline.workflows.outage import Outage

AWAY = ArchiveUnavailable("no archive")


def test_it_is_tried_ever_more_rarely_but_every_five_minutes() -> None:
    outage = Outage(lambda: 0.0)
    pauses = []
    for _ in range(9):
        outage.strike(AWAY)
        pauses.append(outage.not_before)
    assert pauses == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_it_is_said_once_and_when_it_is_back(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(lambda: 0.0)
    for _ in range(3):
        outage.strike(AWAY)
    outage.back()
    outage.back()
    assert [record.message.split()[0] for record in caplog.records] == ["event=away", "event=back"]


def test_another_reason_is_said_too(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(lambda: 0.0)
    outage.strike(AWAY)
    outage.strike(ArchiveUnavailable("full"))
    assert len(caplog.records) == 2


def test_after_it_was_back_it_is_tried_soon_again() -> None:
    outage = Outage(lambda: 0.0)
    for _ in range(5):
        outage.strike(AWAY)
    outage.back()
    assert outage.is_over
    outage.strike(AWAY)
    assert (outage.not_before, outage.is_over) == (5, False)
