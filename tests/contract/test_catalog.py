"""Promises of the port ``Catalog``, on every database."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.queries import totals
from picture_pipeline.catalog.showing import show
from picture_pipeline.catalog.tables import originals
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import FileStamp, FolderListing, SourceName
from picture_pipeline.model.query import SightingShown
from picture_pipeline.model.run import Batch, Counts
from samples import (
    CAMERA,
    FIRST,
    LATER,
    LATEST,
    RECOGNISER,
    batch_of,
    bytes_of,
    digest_of,
    lines_of,
    listing_of,
    publication_of,
    refusal_of,
    sighting_of,
    stamp_of,
)


def book(catalog: SqlCatalog, batch: Batch, first_line: int = 1) -> None:
    with catalog.publishing() as books:
        books.record(batch, lines_of(batch, first_line))


def known(catalog: SqlCatalog, *listings: FolderListing) -> dict[bytes, dict[bytes, FileStamp]]:
    return catalog.known_stamps(CAMERA.name, listings or [listing_of()], RECOGNISER)


def scan(catalog: SqlCatalog, time: str, *names: bytes) -> None:
    listings = [listing_of(*names)]
    catalog.note_scan(CAMERA.name, listings, known(catalog, *listings), time)


def seen(catalog: SqlCatalog, number: int) -> tuple[SightingShown, ...]:
    return show(catalog.engine, digest_of(number)).sightings


def test_an_archived_file_needs_no_second_look(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))

    assert known(catalog) == {b"DCIM": {b"IMG_1.JPG": stamp_of(1)}}


def test_a_folder_never_seen_is_not_among_the_known(catalog: SqlCatalog) -> None:
    assert known(catalog, listing_of(b"a", folder=b"new")) == {}


def test_a_stamp_counts_for_its_own_source_only(catalog: SqlCatalog) -> None:
    other = replace(CAMERA, name=SourceName("other"))
    catalog.add_source(other)
    book(catalog, batch_of("a", [publication_of(1)]))

    assert catalog.known_stamps(other.name, [listing_of()], RECOGNISER) == {}


@pytest.mark.parametrize(
    ("refused_by", "looked_at_again"),
    [(RECOGNISER - 1, True), (RECOGNISER, False), (RECOGNISER + 1, False)],
)
def test_a_refused_file_is_looked_at_again_by_a_newer_recogniser(
    catalog: SqlCatalog,
    refused_by: int,
    looked_at_again: bool,  # noqa: FBT001 - a row of the table
) -> None:
    book(catalog, batch_of("a", refusals=[refusal_of(b"notes.txt", refused_by)]))

    assert (b"notes.txt" not in known(catalog)[b"DCIM"]) is looked_at_again


def test_with_retry_every_refused_file_is_looked_at_again(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)], refusals=[refusal_of(b"notes.txt")]))

    found = catalog.known_stamps(CAMERA.name, [listing_of()], 1 << 30)

    assert found == {b"DCIM": {b"IMG_1.JPG": stamp_of(1)}}


def test_a_file_refused_twice_is_remembered_as_it_was_last(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", refusals=[refusal_of(b"notes.txt", 1)]))
    book(catalog, batch_of("b", refusals=[refusal_of(b"notes.txt", stamp=stamp_of(7))]))

    assert known(catalog) == {b"DCIM": {b"notes.txt": stamp_of(7)}}


def test_a_refused_file_that_becomes_a_picture_is_an_archived_file(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", refusals=[refusal_of(b"IMG_1.JPG")]))
    book(catalog, batch_of("b", [publication_of(1)]))

    assert known(catalog) == {b"DCIM": {b"IMG_1.JPG": stamp_of(1)}}


def test_an_archived_file_that_becomes_something_else_is_known_as_that(
    catalog: SqlCatalog,
) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))
    book(catalog, batch_of("b", refusals=[refusal_of(b"IMG_1.JPG")], time=LATER))

    assert known(catalog) == {b"DCIM": {b"IMG_1.JPG": stamp_of(9)}}
    assert [s.last_seen for s in seen(catalog, 1)] == [LATER]


@pytest.mark.parametrize("sizes", [[], [1], [1, len(bytes_of(1))]])
def test_digests_are_found_by_exact_size(catalog: SqlCatalog, sizes: list[int]) -> None:
    book(catalog, batch_of("a", [publication_of(1), publication_of(2)]))
    expected = {size: frozenset({digest_of(1), digest_of(2)}) for size in sizes if size > 1}

    assert catalog.digests_of_size(sizes) == expected


def test_an_original_is_found_by_its_size_and_its_sha1(catalog: SqlCatalog) -> None:
    one, other = publication_of(1), publication_of(2)
    two = replace(other, original=replace(other.original, sha1="22" * 20))
    book(catalog, batch_of("a", [one, two]))
    first, second = one.original, two.original

    found = catalog.digests_of_sha1([(first.size, first.sha1), (second.size + 1, second.sha1)])

    assert found == {(first.size, first.sha1): first.digest}


def test_a_sha1_that_two_originals_share_tells_neither(catalog: SqlCatalog) -> None:
    """Such pairs of files can be made (SHAttered, 2017)."""
    publications = [publication_of(1), publication_of(2)]
    book(catalog, batch_of("a", publications))
    original = publications[0].original

    assert original.sha1 == publications[1].original.sha1
    assert catalog.digests_of_sha1([(original.size, original.sha1)]) == {}


def test_one_folder_of_a_hundred_thousand_sizes_can_be_asked_about(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))

    assert catalog.digests_of_size(range(100_000)).keys() == {len(bytes_of(1))}


def test_a_hundred_thousand_empty_folders_can_be_asked_about(catalog: SqlCatalog) -> None:
    listings = [listing_of(folder=b"%d" % number) for number in range(100_000)]

    assert known(catalog, *listings) == {}


def test_fifty_thousand_names_of_one_folder_may_be_gone_at_once(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))
    listings = [listing_of()]
    before = {b"DCIM": {b"%d" % n: stamp_of(n) for n in range(50_000)} | known(catalog)[b"DCIM"]}

    catalog.note_scan(CAMERA.name, listings, before, LATER)

    assert [s.last_seen for s in seen(catalog, 1)] == [FIRST]


def test_a_sighting_is_as_fresh_as_the_last_scan_of_its_folder(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))

    scan(catalog, LATER, b"IMG_1.JPG")

    assert seen(catalog, 1) == (SightingShown("camera", b"DCIM/IMG_1.JPG", FIRST, LATER),)


def test_a_file_that_is_gone_was_last_seen_at_the_scan_before(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))
    scan(catalog, LATER, b"IMG_1.JPG")

    scan(catalog, LATEST)
    scan(catalog, "2024-06-01T00:00:00Z")

    assert [s.last_seen for s in seen(catalog, 1)] == [LATER]


def test_a_file_that_is_gone_keeps_its_stamp_for_the_day_it_is_back(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))

    scan(catalog, LATER)

    assert known(catalog) == {b"DCIM": {b"IMG_1.JPG": stamp_of(1)}}


def test_a_file_that_is_back_is_seen_again(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))
    scan(catalog, LATER)

    scan(catalog, LATEST, b"IMG_1.JPG")

    assert [s.last_seen for s in seen(catalog, 1)] == [LATEST]


def test_a_scan_says_nothing_of_other_folders(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))

    catalog.note_scan(CAMERA.name, [listing_of(folder=b"else")], {}, LATER)

    assert [s.last_seen for s in seen(catalog, 1)] == [FIRST]


def test_a_scan_of_nothing_books_nothing(catalog: SqlCatalog) -> None:
    catalog.note_scan(CAMERA.name, [], {}, LATER)

    assert known(catalog) == {}


def test_a_source_may_be_added_again_and_again(catalog: SqlCatalog) -> None:
    catalog.add_source(CAMERA)

    assert catalog.named_source(CAMERA.name) == CAMERA


def test_a_source_name_cannot_mean_two_paths(catalog: SqlCatalog) -> None:
    with pytest.raises(UsageError, match="camera is known at another path"):
        catalog.add_source(replace(CAMERA, path=b"/srv/other"))

    assert catalog.named_source(CAMERA.name) == CAMERA


def test_a_source_nobody_named_is_not_there(catalog: SqlCatalog) -> None:
    assert catalog.named_source("nobody") is None


def test_a_source_whose_path_is_not_utf8_comes_back_as_it_was(catalog: SqlCatalog) -> None:
    strange = replace(CAMERA, name=SourceName("strange"), path=b"/srv/\xff\xfe\n\xe2\x80\xae")

    catalog.add_source(strange)

    assert catalog.named_source("strange") == strange


def test_a_run_is_booked_with_its_counts(catalog: SqlCatalog) -> None:
    first = catalog.start_run("import", "host-1", FIRST)
    second = catalog.start_run("import", "host-1", FIRST)

    catalog.finish_run(first, "finished", Counts(imported=3, skipped=4, bytes_imported=99), LATER)

    assert first < second
    with catalog.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT status, ended_at, seen, imported, skipped, bytes_imported FROM runs ORDER BY id"
        ).all()
    assert [tuple(row) for row in rows] == [
        ("finished", LATER, 7, 3, 4, 99),
        ("running", None, 0, 0, 0, 0),
    ]


@pytest.mark.parametrize(
    "folder",
    [b"", b"\xff\xfe", b"a\nb", "Urlaub 🏖".encode(), os.urandom(3800).replace(b"\0", b"x")],
    ids=["root", "not utf-8", "newline", "emoji", "very long"],
)
@pytest.mark.parametrize("name", [b"\xff.jpg", b"\xe2\x80\xaegpj.exe", b"n" * 255, b"%_'\"\\"])
def test_any_folder_and_name_comes_back_as_it_was(
    catalog: SqlCatalog, folder: bytes, name: bytes
) -> None:
    sighting = sighting_of(1, name, folder=folder)
    book(catalog, batch_of("a", [replace(publication_of(1), sighting=sighting)]))

    assert known(catalog, listing_of(folder=folder)) == {folder: {name: stamp_of(1)}}
    assert [s.path for s in seen(catalog, 1)] == [folder + b"/" + name if folder else name]


@pytest.mark.parametrize(
    "given",
    [
        stamp_of(1, inode=(1 << 63) - 1),
        stamp_of(1, mtime_ns=-1),
        stamp_of(1, size=1 << 50, ctime_ns=(1 << 63) - 1),
    ],
)
def test_a_stamp_comes_back_as_it_was(catalog: SqlCatalog, given: FileStamp) -> None:
    publication = replace(publication_of(1), sighting=sighting_of(1, stamp=given))
    book(catalog, batch_of("a", [publication]))

    assert known(catalog) == {b"DCIM": {b"IMG_1.JPG": given}}


def test_an_inode_with_its_last_bit_set_can_be_booked(catalog: SqlCatalog) -> None:
    inode = (1 << 64) - 7
    times = {"st_mtime_ns": 1, "st_ctime_ns": 1}
    stamp = FileStamp.of(os.stat_result((0o100644, inode, 1, 1, 0, 0, 5, 1, 1, 1), times))
    publication = replace(publication_of(1), sighting=sighting_of(1, stamp=stamp))

    book(catalog, batch_of("a", [publication]))

    assert known(catalog) == {b"DCIM": {b"IMG_1.JPG": stamp}}


def test_a_file_from_the_year_9999_can_be_booked(catalog: SqlCatalog) -> None:
    stamp = stamp_of(1, mtime_ns=253_402_300_799 * 10**9)
    publication = replace(publication_of(1), sighting=sighting_of(1, stamp=stamp))

    book(catalog, batch_of("a", [publication], refusals=[refusal_of(b"n.txt", stamp=stamp)]))

    assert known(catalog)[b"DCIM"].keys() == {b"IMG_1.JPG", b"n.txt"}


def test_what_is_read_together_is_of_one_moment(catalog: SqlCatalog) -> None:
    count = select(func.count()).select_from(originals)

    with reading(catalog.engine) as connection:
        before = connection.execute(count).scalar()
        book(catalog, batch_of("a", [publication_of(1)]))
        after = connection.execute(count).scalar()

    assert (before, after) == (0, 0)
    assert totals(catalog.engine).originals.count == 1
