"""What files that were only looked at add to the figures of their sources, on both databases."""

import pytest

from picture_pipeline.catalog.candidates import SqlLookBooks
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.looked_figures import (
    LookedFigures,
    count_hashes,
    looked_figures,
    looked_folders,
    seen_in,
)
from picture_pipeline.catalog.source_rows import remove_source
from picture_pipeline.model.candidate import SourceName, SourceSpec
from picture_pipeline.model.looked import Seen
from samples import (
    CAMERA,
    FIRST,
    LATER,
    RECOGNISER,
    batch_of,
    digest_of,
    lines_of,
    publication_of,
    stamp_of,
)

PHONE = SourceSpec(SourceName("phone"), b"/srv/phone")
OTHER = SourceSpec(SourceName("other"), b"/srv/other")


@pytest.fixture
def books(catalog: SqlCatalog) -> SqlLookBooks:
    for spec in (PHONE, OTHER):
        catalog.add_source(spec)
    return SqlLookBooks(catalog, RECOGNISER)


def seen(number: int, name: bytes = b"a.jpg", outcome: str = "looked") -> Seen:
    digest = digest_of(number) if outcome == "looked" else None
    return Seen(b"new", name, stamp_of(number), digest, outcome=outcome)


def archive(catalog: SqlCatalog, number: int) -> None:
    batch = batch_of("first", [publication_of(number)])
    with catalog.publishing() as books:
        books.record(batch, lines_of(batch, 1))


def figures(catalog: SqlCatalog, name: str) -> tuple[int, int, int, int]:
    """Give files, bytes, originals, and how many are only there."""
    with catalog.engine.connect() as connection:
        found: LookedFigures = looked_figures(connection)
        query = "SELECT id, name FROM sources"
        ids = {row.name: row.id for row in connection.exec_driver_sql(query)}
    key = ids[name]
    return found.files[key], found.size[key], found.archived[key], found.only_here[key]


def test_what_is_not_archived_is_only_there(catalog: SqlCatalog, books: SqlLookBooks) -> None:
    books.record(PHONE.name, [seen(7)], FIRST)

    assert figures(catalog, "phone") == (1, stamp_of(7).size, 0, 1)


def test_what_two_sources_show_is_only_in_neither(catalog: SqlCatalog, books: SqlLookBooks) -> None:
    books.record(PHONE.name, [seen(7)], FIRST)
    books.record(OTHER.name, [seen(7)], FIRST)

    assert figures(catalog, "phone")[-1] == figures(catalog, "other")[-1] == 0


def test_what_another_source_brought_is_archived_and_no_longer_only_there(
    catalog: SqlCatalog, books: SqlLookBooks
) -> None:
    archive(catalog, 1)
    books.record(PHONE.name, [seen(1)], FIRST)

    assert figures(catalog, "phone") == (1, stamp_of(1).size, 1, 0)
    assert figures(catalog, CAMERA.name) == (0, 0, 0, -1)


def test_what_was_refused_is_no_file(catalog: SqlCatalog, books: SqlLookBooks) -> None:
    books.record(PHONE.name, [seen(7, outcome="rejected")], FIRST)

    assert figures(catalog, "phone") == (0, 0, 0, 0)


def test_a_source_that_was_removed_shows_nothing(catalog: SqlCatalog, books: SqlLookBooks) -> None:
    books.record(PHONE.name, [seen(7)], FIRST)
    books.record(OTHER.name, [seen(7)], FIRST)
    remove_source(catalog.engine, PHONE.name, LATER)

    assert figures(catalog, "phone") == (0, 0, 0, 0)
    assert figures(catalog, "other")[-1] == 1
    assert looked_folders(catalog.engine) == {OTHER.name: [b"new"]}


def test_originals_are_found_by_the_sources_that_show_them(
    catalog: SqlCatalog, books: SqlLookBooks
) -> None:
    archive(catalog, 1)
    books.record(PHONE.name, [seen(7)], FIRST)

    assert seen_in(catalog.engine, [digest_of(1), digest_of(7)]) == {CAMERA.name: {digest_of(1)}}
    assert count_hashes(catalog.engine) == 0
