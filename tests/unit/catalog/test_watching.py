"""The watch's own books, which may vanish at any time."""

from pathlib import Path

import pytest

from picture_pipeline.catalog.watching import SqlWatchBooks
from picture_pipeline.errors import LocalDiskUnavailable
from picture_pipeline.model.candidate import FileStamp, SourceName
from picture_pipeline.model.watched import (
    Baseline,
    Place,
    SourceState,
    SourceStatus,
    StandingStill,
)

PHONE = SourceName("phone")
STATE = SourceState(
    PHONE,
    b"/srv/ph\xf6ne",
    SourceStatus.SHRUNKEN,
    "fewer",
    noted_at=5.5,
    last_pass=4.5,
    last_new=3.5,
    waiting=2,
    baseline=Baseline(7, 100, frozenset({b".mounted", b".stfolder"}), 1.5),
)
STILL = StandingStill(
    Place(b"2024", b"IMG_\xff.HEIC"), FileStamp(1, 1_700_000_000_123_456_789, 3, 4), 99.25, 2
)


@pytest.fixture
def books(tmp_path: Path) -> SqlWatchBooks:
    return SqlWatchBooks(tmp_path / "local.db")


def test_a_state_comes_back_as_it_was_noted(books: SqlWatchBooks) -> None:
    books.note(6.5, "the archive is away", [STATE])
    assert books.states() == (STATE,)
    assert books.heartbeat() == (6.5, "the archive is away")


def test_a_source_that_was_never_seen_has_no_baseline(books: SqlWatchBooks) -> None:
    bare = SourceState(PHONE, b"/srv/phone", SourceStatus.UNMOUNTED)
    books.note(1, "", [bare])
    assert books.states() == (bare,)


def test_what_stands_still_comes_back_as_it_was_noted(books: SqlWatchBooks) -> None:
    books.note_standing_still(PHONE, [STILL])
    assert books.standing_still(PHONE) == (STILL,)
    assert books.standing_still(SourceName("card")) == ()


def test_what_stands_still_replaces_what_was_noted(books: SqlWatchBooks) -> None:
    books.note_standing_still(PHONE, [STILL])
    books.note_standing_still(PHONE, [])
    assert books.standing_still(PHONE) == ()


def test_a_source_can_be_forgotten(books: SqlWatchBooks) -> None:
    books.note(1, "", [STATE])
    books.note_standing_still(PHONE, [STILL])
    books.forget(PHONE)
    assert (books.states(), books.standing_still(PHONE)) == ((), ())


def test_books_that_vanish_are_made_anew(books: SqlWatchBooks, tmp_path: Path) -> None:
    books.note(1, "", [STATE])
    (tmp_path / "local.db").unlink()
    assert (books.states(), books.heartbeat()) == ((), None)


def test_a_disk_that_is_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(LocalDiskUnavailable):
        SqlWatchBooks(tmp_path / "away" / "local.db").states()
