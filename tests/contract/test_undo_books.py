"""Promises of the books about runs that are taken back, on both databases."""

from dataclasses import replace

import pytest

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.imports import SqlRuns, list_runs
from picture_pipeline.errors import UsageError
from picture_pipeline.model.asset import AssetKind, Group, Membership, Role
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.event import Event, EventType
from picture_pipeline.model.run import Batch, Counts, RunId
from picture_pipeline.model.trashed import Trashed
from picture_pipeline.model.undoing import Added
from samples import (
    CAMERA,
    FIRST,
    LATER,
    LATEST,
    RECOGNISER,
    WRITER,
    batch_of,
    digest_of,
    lines_of,
    listing_of,
    publication_of,
    sighting_of,
    stamp_of,
)

ONE, TWO, THREE = RunId(1), RunId(2), RunId(3)
FOLDER = ".picture-pipeline/trash/2024-05-03-run1"
PRINT = {b"DCIM": b"f" * 32}


class Ledger:
    """Books batches under one writer's numbers, one after the other."""

    def __init__(self, catalog: SqlCatalog) -> None:
        self.catalog = catalog
        self.lines = 0
        for number in (ONE, TWO, THREE):
            assert catalog.start_run("import", WRITER, FIRST, [CAMERA.name]) == number

    def book(self, batch: Batch, run: RunId = ONE) -> None:
        """Book a batch of a run."""
        with self.catalog.publishing() as books:
            books.record(replace(batch, run=run), lines_of(batch, self.lines + 1))
        self.lines += len(batch.events)

    def told(self, name: str, run: RunId, *events: Event) -> None:
        """Book events alone."""
        self.book(replace(batch_of(name), events=events), run)

    def added(self, run: RunId = ONE) -> dict[Digest, Added]:
        """Give what a run added, by digest."""
        return {one.digest: one for one in SqlRuns(self.catalog).additions(run).originals}

    def trashed(self, *numbers: int) -> tuple[Trashed, ...]:
        """Give all that is booked of originals."""
        with self.catalog.publishing() as books:
            return tuple(books.trashed([digest_of(number) for number in numbers], FOLDER))

    def remove(self, *numbers: int) -> tuple[Trashed, ...]:
        """Take originals out of the books; gives what was booked of them."""
        gone = self.trashed(*numbers)
        events = tuple(deletion(number, "trashed", LATER) for number in numbers)
        self.book(replace(batch_of(f"gone {numbers}"), removed=gone, events=events), THREE)
        return gone


def deletion(number: int, outcome: str, time: str) -> Event:
    return Event(EventType.DELETION, time, outcome, digest_of(number), {})


@pytest.fixture
def ledger(catalog: SqlCatalog) -> Ledger:
    """Books in which run 1 archived originals 1 and 2."""
    made = Ledger(catalog)
    made.book(batch_of("first", [publication_of(1), publication_of(2)]))
    return made


def again(number: int, name: bytes = b"again.jpg", time: str = LATER) -> Batch:
    return batch_of(f"again {name!r}", sightings=[sighting_of(number, name, seen_at=time)])


def test_what_a_run_archived_is_what_it_added(ledger: Ledger) -> None:
    ledger.book(batch_of("second", [publication_of(3)]), TWO)

    assert set(ledger.added(ONE)) == {digest_of(1), digest_of(2)}
    assert set(ledger.added(TWO)) == {digest_of(3)}
    assert ledger.added(ONE)[digest_of(1)].assets == {digest_of(1)}


def test_a_run_that_nobody_knows_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="there is no run 9"):
        ledger.added(RunId(9))


def test_what_another_run_saw_again_is_told(ledger: Ledger) -> None:
    ledger.book(again(1), TWO)

    assert ledger.added()[digest_of(1)].seen_by == (TWO,)
    assert ledger.added()[digest_of(2)].seen_by == ()


def test_what_the_run_itself_saw_twice_is_its_own(ledger: Ledger) -> None:
    ledger.book(again(1), ONE)

    assert ledger.added()[digest_of(1)].seen_by == ()


def test_a_run_that_was_taken_back_has_seen_nothing(ledger: Ledger) -> None:
    ledger.book(again(1), TWO)
    SqlRuns(ledger.catalog).note_undone(TWO, LATER)
    assert ledger.added()[digest_of(1)].seen_by == ()

    SqlRuns(ledger.catalog).note_undone(TWO, None)
    assert ledger.added()[digest_of(1)].seen_by == (TWO,)


def test_what_was_trashed_and_archived_again_is_the_later_runs(ledger: Ledger) -> None:
    ledger.remove(1)
    later = replace(batch_of("anew", [publication_of(1)], time=LATEST))
    ledger.book(later, TWO)

    assert ledger.added(ONE)[digest_of(1)].seen_by == (TWO,)
    assert ledger.added(TWO)[digest_of(1)].seen_by == ()


@pytest.mark.parametrize("outcome", ["freed", "moved", "reclaimed"])
def test_what_is_gone_from_its_source_is_the_only_copy(ledger: Ledger, outcome: str) -> None:
    ledger.told("gone", TWO, deletion(1, outcome, LATER))

    assert ledger.added()[digest_of(1)].only_copy
    assert not ledger.added()[digest_of(2)].only_copy


def test_what_was_given_back_to_its_source_is_not(ledger: Ledger) -> None:
    back = Event(EventType.REPLICATION, LATEST, "restored", digest_of(1), {})
    ledger.told("gone", TWO, deletion(1, "reclaimed", LATER))
    ledger.told("back", TWO, back)

    assert not ledger.added()[digest_of(1)].only_copy


def test_an_asset_with_a_member_of_another_run_is_occupied(ledger: Ledger) -> None:
    video = publication_of(3, asset=digest_of(1), role="live_video")
    live = Group(
        digest_of(1),
        AssetKind.LIVE_PHOTO,
        (
            Membership(digest_of(1), digest_of(1), Role.PRIMARY),
            Membership(digest_of(1), digest_of(3), Role.LIVE_VIDEO),
        ),
    )
    ledger.book(replace(batch_of("video", [video]), groups=(live,)), TWO)

    assert SqlRuns(ledger.catalog).additions(ONE).occupied == {digest_of(1)}
    assert SqlRuns(ledger.catalog).additions(TWO).occupied == {digest_of(1)}


def test_a_companion_is_in_every_asset_that_it_serves(ledger: Ledger) -> None:
    ledger.book(served(), TWO)

    assert ledger.added(TWO)[digest_of(3)].assets == {digest_of(1), digest_of(2)}


def served() -> Batch:
    """Original 3: a companion at home in the asset of 1, which serves that of 2 too."""
    companion = publication_of(3, asset=digest_of(1), role="sidecar")
    home = Membership(digest_of(1), digest_of(3), Role.SIDECAR)
    guest = Membership(digest_of(2), digest_of(3), Role.SIDECAR, home=False)
    groups = (
        Group(digest_of(1), AssetKind.PHOTO, (_primary(1), home)),
        Group(digest_of(2), AssetKind.PHOTO, (_primary(2), guest)),
    )
    return replace(batch_of("companion", [companion]), groups=groups)


def _primary(number: int) -> Membership:
    return Membership(digest_of(number), digest_of(number), Role.PRIMARY)


@pytest.mark.parametrize("field", ["superseded_by", "revises"])
def test_what_an_original_of_another_run_names_is_told(ledger: Ledger, field: str) -> None:
    naming = publication_of(3, **{field: digest_of(1)})
    ledger.book(batch_of("naming", [naming]), TWO)

    assert SqlRuns(ledger.catalog).additions(ONE).named == {digest_of(1)}
    assert ledger.added(TWO)[digest_of(3)].names == {digest_of(1)}


def test_news_are_what_was_booked_since(ledger: Ledger) -> None:
    heads = SqlRuns(ledger.catalog).additions(ONE).heads
    with ledger.catalog.publishing() as books:
        assert books.news(heads).digests == frozenset()
    ledger.book(batch_of("second", [publication_of(3, revises=digest_of(1))]), TWO)
    with ledger.catalog.publishing() as books:
        found = books.news(heads)

    assert found.digests == {digest_of(3)}
    assert found.assets == {digest_of(3)}
    assert found.named == {digest_of(1)}


def test_a_removed_original_leaves_nothing_behind(ledger: Ledger) -> None:
    ledger.book(served(), TWO)
    ledger.remove(1, 2, 3)

    with ledger.catalog.engine.connect() as connection:
        for table in ("originals", "sightings", "keywords", "memberships", "assets"):
            count = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()  # noqa: S608 - the names above
            assert count == 0, table


def test_its_folder_is_looked_at_again(ledger: Ledger) -> None:
    catalog = ledger.catalog
    catalog.note_unchanged(CAMERA.name, PRINT, FIRST)
    assert catalog.unchanged_folders(CAMERA.name, PRINT) == {b"DCIM"}
    ledger.remove(1)

    assert catalog.unchanged_folders(CAMERA.name, PRINT) == set()
    known = catalog.known_stamps(CAMERA.name, [listing_of()], RECOGNISER)
    assert set(known[b"DCIM"]) == {b"IMG_2.JPG"}


def test_what_was_removed_comes_back_as_it_was(ledger: Ledger) -> None:
    ledger.book(served(), TWO)
    before = ledger.trashed(1, 2, 3)
    gone = ledger.remove(1, 2, 3)
    ledger.book(replace(batch_of("back"), restored=gone), THREE)

    assert set(gone) == set(before)
    assert set(ledger.trashed(1, 2, 3)) == set(before)


def test_where_other_bytes_lie_now_the_sighting_is_a_past_one(ledger: Ledger) -> None:
    gone = ledger.remove(1)
    other = replace(publication_of(4), sighting=sighting_of(4, b"IMG_1.JPG"))
    ledger.book(batch_of("other", [other]), TWO)
    ledger.book(replace(batch_of("back", time=LATEST), restored=gone), THREE)

    ((seen,),) = (one.seen for one in ledger.trashed(1))
    assert not seen.current
    known = ledger.catalog.known_stamps(CAMERA.name, [listing_of()], RECOGNISER)
    assert known[b"DCIM"][b"IMG_1.JPG"] == stamp_of(4)


def test_runs_are_listed_newest_first_with_their_sources(ledger: Ledger) -> None:
    catalog = ledger.catalog
    catalog.finish_run(TWO, "finished", Counts(imported=2, skipped=1, bytes_imported=30), LATER)
    SqlRuns(catalog).note_undone(TWO, LATEST)
    first, second = list_runs(catalog.engine, 2)

    assert (first.run, first.status, first.undone_at) == (THREE, "running", None)
    assert (second.run, second.status, second.undone_at) == (TWO, "finished", LATEST)
    assert second.counts == Counts(imported=2, skipped=1, bytes_imported=30)
    assert second.sources == (CAMERA.name,)


def test_runs_that_take_nothing_in_are_not_listed(ledger: Ledger) -> None:
    ledger.catalog.start_run("imports undo", WRITER, LATER)
    watched = ledger.catalog.start_run("watch", WRITER, LATER, [SourceName("phone")])

    assert [one.run for one in list_runs(ledger.catalog.engine, 9)] == [watched, 3, 2, 1]
