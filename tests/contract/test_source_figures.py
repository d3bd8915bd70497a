"""What the catalog says of each source, on both databases."""

from dataclasses import replace

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.source_reports import figures_of_sources
from picture_pipeline.catalog.source_rows import remove_source
from picture_pipeline.model.candidate import SourceName, SourceSpec
from picture_pipeline.model.run import Batch
from picture_pipeline.model.source_figures import SourceFigures
from samples import (
    CAMERA,
    FIRST,
    LATER,
    RECOGNISER,
    batch_of,
    lines_of,
    listing_of,
    publication_of,
    refusal_of,
    sighting_of,
    stamp_of,
)

PHONE = SourceSpec(SourceName("phone"), b"/srv/phone")
WEEKS = ["2024-04-20T00:00:00Z", "2024-04-27T00:00:00Z", LATER]


def book(catalog: SqlCatalog, *batches: Batch) -> None:
    first = 1
    for batch in batches:
        with catalog.publishing() as books:
            books.record(batch, lines_of(batch, first))
        first += len(batch.events)


def figures(catalog: SqlCatalog, name: str = CAMERA.name) -> SourceFigures:
    return figures_of_sources(catalog.engine, WEEKS)[name]


def test_a_source_of_which_nothing_is_known_has_noughts(catalog: SqlCatalog) -> None:
    assert figures(catalog) == SourceFigures(new_by_week=(0, 0, 0))


def test_files_and_bytes_are_those_that_lie_there(catalog: SqlCatalog) -> None:
    copy = sighting_of(1, b"copy.jpg")
    book(catalog, batch_of("first", [publication_of(1), publication_of(2)], [copy]))
    found = figures(catalog)

    assert (found.files, found.archived, found.only_here) == (3, 2, 2)
    assert found.size == sum(stamp_of(number).size for number in (1, 1, 2))
    assert found.last_new == FIRST


def test_a_file_that_is_gone_is_no_file_and_still_an_original(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("first", [publication_of(1)]))
    known = catalog.known_stamps(CAMERA.name, [listing_of()], RECOGNISER)
    catalog.note_scan(CAMERA.name, [listing_of()], known, LATER)
    found = figures(catalog)

    assert (found.files, found.size, found.archived) == (0, 0, 1)


def test_what_two_sources_hold_is_only_in_neither(catalog: SqlCatalog) -> None:
    catalog.add_source(PHONE)
    book(
        catalog,
        batch_of("first", [publication_of(1), publication_of(2)]),
        batch_of("second", sightings=[sighting_of(1, source=PHONE.name)]),
    )

    assert figures(catalog).only_here == 1
    assert figures(catalog, "phone").only_here == 0


def test_a_source_that_was_removed_holds_nothing(catalog: SqlCatalog) -> None:
    catalog.add_source(PHONE)
    book(
        catalog,
        batch_of("first", [publication_of(1)]),
        batch_of("second", sightings=[sighting_of(1, source=PHONE.name)]),
    )
    remove_source(catalog.engine, "phone", LATER)

    assert figures(catalog).only_here == 1


def test_what_other_bytes_took_the_place_of_does_not_count(catalog: SqlCatalog) -> None:
    new = replace(publication_of(2), sighting=sighting_of(2, b"IMG_1.JPG"))
    book(catalog, batch_of("first", [publication_of(1)]), batch_of("second", [new]))
    found = figures(catalog)

    assert (found.files, found.archived, found.only_here) == (1, 1, 1)


def test_those_cut_short_are_counted_until_a_whole_one_came(catalog: SqlCatalog) -> None:
    cut = publication_of(1, incomplete=True)
    replaced = publication_of(2, incomplete=True, superseded_by=publication_of(3).original.digest)
    book(catalog, batch_of("first", [cut, replaced, publication_of(3)]))

    assert figures(catalog).incomplete == 1


def test_failures_are_counted_by_reason(catalog: SqlCatalog) -> None:
    failed = [
        refusal_of(b"%d.jpg" % number, outcome="failed", reason="unreadable") for number in range(2)
    ]
    crashed = refusal_of(b"c.jpg", outcome="failed", reason="decoder_crashed")
    book(catalog, batch_of("first", refusals=[*failed, crashed, refusal_of(b"notes.txt")]))

    assert figures(catalog).errors == (("decoder_crashed", 1), ("unreadable", 2))


def test_new_files_are_counted_by_week(catalog: SqlCatalog) -> None:
    later = replace(publication_of(2), sighting=sighting_of(2, seen_at=LATER))
    long_ago = replace(publication_of(3), sighting=sighting_of(3, seen_at="2023-01-01T00:00:00Z"))
    book(catalog, batch_of("first", [publication_of(1), later, long_ago]))

    assert figures(catalog).new_by_week == (0, 1, 1)
