"""Promises of the port ``Books``, and of the transaction it stands in, on every database."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.queries import page_through, totals
from picture_pipeline.catalog.showing import show
from picture_pipeline.errors import CatalogUnavailable, IntegrityError
from picture_pipeline.model.original import Original
from picture_pipeline.model.query import Filter
from picture_pipeline.model.run import Batch
from samples import (
    FIRST,
    LATER,
    LATEST,
    batch_of,
    digest_of,
    lines_of,
    listing_of,
    original_of,
    publication_of,
    refusal_of,
    sighting_of,
    stamp_of,
)

FORK = multiprocessing.get_context("fork")
PATIENCE = 60
PROCESSES, ROUNDS = 4, 10


def book(catalog: SqlCatalog, batch: Batch, first_line: int = 1) -> None:
    with catalog.publishing() as books:
        books.record(batch, lines_of(batch, first_line))


def originals_of(catalog: SqlCatalog) -> list[Original]:
    return list(page_through(catalog.engine, Filter()))


def events_of(catalog: SqlCatalog) -> list[tuple[object, ...]]:
    query = "SELECT writer, seq, outcome, digest, batch FROM events ORDER BY seq"
    with catalog.engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


@contextmanager
def process(work: Callable[[], None]) -> Iterator[None]:
    """Do some work in another process meanwhile."""
    other = FORK.Process(target=work)
    other.start()
    try:
        yield
    finally:
        other.join(PATIENCE)
    assert other.exitcode == 0


def test_an_original_comes_back_as_it_was_booked(catalog: SqlCatalog) -> None:
    full = original_of(
        1,
        taken_at="2024-03-15T10:11:12.705+02:00",
        taken_at_utc="2024-03-15T08:11:12.705Z",
        offset="+02:00",
        subsecond="705",
        make="Apple",
        exposure_time=1 / 30,
        iso=100,
        latitude=-33.8688197,
        longitude=151.2092955,
        altitude=-1.5,
        rating=-1,
        keywords=("Meer", "Meer", "Sommer"),
        tags=("Orte/Sydney", "A/B"),
        title="Am Strand",
        original_name=b"\xff.JPG",
        notes=("gps: latitude 999", "iso: 2^70"),
        favourite=True,
        hidden=False,
        stack="s-1",
        albums=("Sea", "Alps"),
        people=("Anna",),
    )

    book(catalog, batch_of("a", [replace(publication_of(1), original=full)]))

    assert show(catalog.engine, digest_of(1)).original == full


@pytest.mark.parametrize(
    ("given", "booked"),
    [
        ("a\x00b", "ab"),
        ("a\ud800b", "a?b"),
        ("Urlaub 🏖 \U0010fffd", "Urlaub 🏖 \U0010fffd"),
        ("x" * 100_000, "x" * 100_000),
        ("".join(chr(0x4E00 + n) for n in range(9000)), None),
    ],
    ids=["nul", "lone surrogate", "four bytes", "long", "long and incompressible"],
)
def test_hostile_text_is_booked(catalog: SqlCatalog, given: str, booked: str | None) -> None:
    hostile = original_of(1, title=given, keywords=(given,), tags=(given,), notes=(given,))

    book(catalog, batch_of("a", [replace(publication_of(1), original=hostile)]))

    found = show(catalog.engine, digest_of(1)).original
    expected = given if booked is None else booked
    assert (found.title, found.keywords, found.tags) == (expected, (expected,), (expected,))
    assert found.notes == (expected,)


def test_a_refusal_with_hostile_text_is_booked(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", refusals=[refusal_of(b"n", detail="\x00\ud800")]))

    assert catalog.known_stamps(refusal_of(b"n").source, [listing_of()], 0)[b"DCIM"]


def test_further_sightings_stand_beside_the_first(catalog: SqlCatalog) -> None:
    more = [sighting_of(1, b"copy.jpg", folder=b"", seen_at=LATER)]
    book(catalog, batch_of("a", [publication_of(1)]))
    book(catalog, batch_of("b", sightings=more, time=LATER), 2)

    seen = show(catalog.engine, digest_of(1)).sightings

    assert [(s.path, s.first_seen) for s in seen] == [
        (b"DCIM/IMG_1.JPG", FIRST),
        (b"copy.jpg", LATER),
    ]


def test_a_path_that_shows_new_bytes_retires_the_old_sighting(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))
    new = replace(publication_of(2), sighting=sighting_of(2, b"IMG_1.JPG", seen_at=LATER))

    book(catalog, batch_of("b", [new], time=LATER), 2)

    catalog.note_scan(new.sighting.source, [listing_of(b"IMG_1.JPG")], {}, LATEST)
    assert [s.last_seen for s in show(catalog.engine, digest_of(1)).sightings] == [LATER]
    assert [s.last_seen for s in show(catalog.engine, digest_of(2)).sightings] == [LATEST]


def test_a_path_that_shows_its_old_bytes_again_has_them_as_its_sighting(
    catalog: SqlCatalog,
) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))
    new = replace(publication_of(2), sighting=sighting_of(2, b"IMG_1.JPG"))
    book(catalog, batch_of("b", [new], time=LATER), 2)

    again = sighting_of(1, stamp=stamp_of(3), seen_at=LATEST)
    book(catalog, batch_of("c", sightings=[again], time=LATEST), 3)

    known = catalog.known_stamps(again.source, [listing_of()], 0)
    assert known == {b"DCIM": {b"IMG_1.JPG": stamp_of(3)}}
    seen = show(catalog.engine, digest_of(1)).sightings
    assert [s.first_seen for s in seen] == [FIRST]


def test_of_a_file_seen_twice_in_one_batch_the_later_bytes_count(catalog: SqlCatalog) -> None:
    changed = replace(publication_of(2), sighting=sighting_of(2, b"IMG_1.JPG"))

    book(catalog, batch_of("a", [publication_of(1), changed], time=LATER))

    known = catalog.known_stamps(changed.sighting.source, [listing_of()], 0)
    assert known == {b"DCIM": {b"IMG_1.JPG": stamp_of(2)}}
    assert totals(catalog.engine).sources[0].files == 1


def test_a_file_refused_twice_in_one_batch_is_booked_once(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", refusals=[refusal_of(b"n"), refusal_of(b"n", stamp=stamp_of(2))]))

    known = catalog.known_stamps(refusal_of(b"n").source, [listing_of()], 0)
    assert known == {b"DCIM": {b"n": stamp_of(2)}}


def test_a_batch_is_known_by_its_events(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))

    with catalog.publishing() as books:
        assert (books.has_batch("a"), books.has_batch("b")) == (True, False)


def test_paths_are_given_of_known_originals_only(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))

    with catalog.publishing() as books:
        paths = books.paths_of([digest_of(1), digest_of(2)])

    assert paths == {digest_of(1): original_of(1).path}


def test_what_was_found_in_the_archive_is_given_until_it_is_booked(catalog: SqlCatalog) -> None:
    places = {digest_of(1): "originals/2001/01/01/x.jpg", digest_of(2): "originals/y.jpg"}
    catalog.note_found(places.items())
    catalog.note_found(places.items())

    with catalog.publishing() as books:
        before = books.found_paths([digest_of(1), digest_of(2), digest_of(3)])
        books.record(batch := batch_of("a", [publication_of(1)]), lines_of(batch))
        after = books.found_paths([digest_of(1), digest_of(2)])

    assert before == places
    assert after.keys() == {digest_of(2)}


def test_an_exception_undoes_the_whole_batch(catalog: SqlCatalog) -> None:
    with pytest.raises(ZeroDivisionError), catalog.publishing() as books:  # noqa: PT012 - the block is the point
        books.record(batch := batch_of("a", [publication_of(1)]), lines_of(batch))
        raise ZeroDivisionError

    assert originals_of(catalog) == []
    assert events_of(catalog) == []


def test_a_digest_cannot_be_booked_twice(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))

    with pytest.raises(IntegrityError, match="contradicts the archive"):
        book(catalog, batch_of("b", [publication_of(1, path="originals/else.jpg")]), 2)

    assert [o.path for o in originals_of(catalog)] == [original_of(1).path]


def test_a_ledger_older_than_the_catalog_is_not_written_on(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]), 7)

    with pytest.raises(IntegrityError, match="from an older copy"):
        book(catalog, batch_of("b", [publication_of(2)]), 7)

    assert len(originals_of(catalog)) == 1


def test_a_transaction_that_stands_passes_the_check(catalog: SqlCatalog) -> None:
    with catalog.publishing() as books:
        books.check()
        books.record(batch := batch_of("a", [publication_of(1)]), lines_of(batch))

    assert len(originals_of(catalog)) == 1


@pytest.mark.postgres
def test_a_transaction_whose_connection_was_cut_fails_the_check(postgres_url: str) -> None:
    catalog, other = SqlCatalog.open(postgres_url), SqlCatalog.open(postgres_url)
    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND datname = current_database() AND state LIKE 'idle in%%'"
    )

    with pytest.raises(CatalogUnavailable), catalog.publishing() as books:  # noqa: PT012 - the block is the point
        books.has_batch("a")
        with other.engine.connect() as connection:
            connection.exec_driver_sql(cut)
        books.check()

    catalog.close()
    other.close()


def test_only_one_process_at_a_time_publishes(catalog_url: str, tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")
    SqlCatalog.open(catalog_url).close()

    def count_up() -> None:
        catalog = SqlCatalog.open(catalog_url)
        for _ in range(ROUNDS):
            with catalog.publishing():
                counter.write_text(str(int(counter.read_text()) + 1))
        catalog.close()

    with ExitStack() as stack:
        for _ in range(PROCESSES):
            stack.enter_context(process(count_up))

    assert int(counter.read_text()) == PROCESSES * ROUNDS


def test_a_publisher_that_is_killed_books_nothing_and_frees_the_lock(
    catalog: SqlCatalog, catalog_url: str
) -> None:
    def publish_and_die() -> None:
        mine = SqlCatalog.open(catalog_url)
        with mine.publishing() as books:
            books.record(batch := batch_of("a", [publication_of(1)]), lines_of(batch))
            os.kill(os.getpid(), signal.SIGKILL)

    other = FORK.Process(target=publish_and_die)
    other.start()
    other.join(PATIENCE)

    assert other.exitcode == -9
    book(catalog, batch_of("b", [publication_of(2)]))
    assert [o.digest for o in originals_of(catalog)] == [digest_of(2)]
