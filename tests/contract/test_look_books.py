"""Promises of the books of candidates and of picture hashes, on both databases."""

from dataclasses import replace

import pytest

from picture_pipeline.catalog.candidates import SqlLookBooks
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.compared import SqlComparedArchive
from picture_pipeline.catalog.duplicates import exact_duplicates
from picture_pipeline.catalog.hashes import count_unhashed, note_hashes, page_hashes, unhashed
from picture_pipeline.model.candidate import FolderListing, SourceName, SourceSpec
from picture_pipeline.model.likeness import Likeness, PictureHash
from picture_pipeline.model.looked import Seen
from picture_pipeline.model.media import Family
from picture_pipeline.model.stems import take_apart
from samples import (
    CAMERA,
    FIRST,
    RECOGNISER,
    batch_of,
    digest_of,
    lines_of,
    listing_of,
    publication_of,
    refusal_of,
    sighting_of,
    stamp_of,
)

HASH = PictureHash(bytes(range(32)), 77)
LIKENESS = Likeness(
    digest=digest_of(7),
    size=stamp_of(7).size,
    media_type="image/jpeg",
    family=Family.STILL,
    taken_at="2024-03-15T10:11:12",
    taken_from="exif_original",
    subsecond="705",
    model="iPhone 13",
    width=4032,
    height=3024,
    details=4,
    hash=HASH,
    gray=bytes(1024),
)
NAMES = listing_of(b"a.jpg", b"b.jpg")


@pytest.fixture
def books(catalog: SqlCatalog) -> SqlLookBooks:
    return SqlLookBooks(catalog, RECOGNISER)


def looked(name: bytes = b"a.jpg", **changed: object) -> Seen:
    seen = Seen(b"DCIM", name, stamp_of(7), LIKENESS.digest, LIKENESS)
    return replace(seen, **changed)  # type: ignore[arg-type]  # tests name real attributes


def book(catalog: SqlCatalog, *numbers: int, picture_hash: PictureHash | None = HASH) -> None:
    published = [replace(publication_of(n), picture_hash=picture_hash) for n in numbers]
    with catalog.publishing() as open_books:
        batch = batch_of("a", published)
        open_books.record(batch, lines_of(batch))


def test_a_candidate_reads_back_as_it_was(books: SqlLookBooks) -> None:
    books.record(CAMERA.name, [looked()], FIRST)
    assert books.seen_before(CAMERA.name, [NAMES]) == {(b"DCIM", b"a.jpg"): [looked()]}


def test_a_candidate_without_a_hash_reads_back_too(books: SqlLookBooks) -> None:
    bare = looked(likeness=replace(LIKENESS, hash=None, gray=b"", width=None))
    books.record(CAMERA.name, [bare], FIRST)
    assert books.seen_before(CAMERA.name, [NAMES])[b"DCIM", b"a.jpg"] == [bare]


def test_a_later_look_takes_the_place_of_an_earlier_one(books: SqlLookBooks) -> None:
    refused = looked(digest=None, likeness=None, outcome="rejected", reason="empty")
    books.record(CAMERA.name, [looked()], FIRST)
    books.record(CAMERA.name, [refused], FIRST)
    assert books.seen_before(CAMERA.name, [NAMES])[b"DCIM", b"a.jpg"] == [refused]


def test_an_archived_file_needs_no_look(catalog: SqlCatalog, books: SqlLookBooks) -> None:
    book(catalog, 1)
    sighting = sighting_of(1)
    known = books.seen_before(CAMERA.name, [listing_of(sighting.name, folder=sighting.folder)])
    assert [s.digest for s in known[sighting.folder, sighting.name]] == [digest_of(1)]


def test_a_refused_file_needs_no_look_by_the_same_recogniser(
    catalog: SqlCatalog, books: SqlLookBooks
) -> None:
    refusal = refusal_of(b"a.jpg")
    with catalog.publishing() as open_books:
        batch = batch_of("a", refusals=[refusal])
        open_books.record(batch, lines_of(batch))
    listing = FolderListing(refusal.folder, NAMES.entries)
    known = books.seen_before(CAMERA.name, [listing])
    newer = SqlLookBooks(catalog, RECOGNISER + 1).seen_before(CAMERA.name, [listing])
    assert ([len(each) for each in known.values()], dict(newer)) == ([1], {})


def test_what_was_archived_when_it_was_looked_at_and_is_no_longer_is_looked_at_again(
    books: SqlLookBooks,
) -> None:
    books.record(CAMERA.name, [looked(likeness=None)], FIRST)
    assert books.seen_before(CAMERA.name, [NAMES]) == {}


def test_the_same_name_in_another_source_is_another_file(
    catalog: SqlCatalog, books: SqlLookBooks
) -> None:
    other = SourceSpec(SourceName("other"), b"/srv/other")
    catalog.add_source(other)
    books.record(CAMERA.name, [looked()], FIRST)
    assert books.seen_before(other.name, [NAMES]) == {}


def test_a_source_that_was_never_looked_at_has_no_count(books: SqlLookBooks) -> None:
    assert books.files_before(CAMERA.name) is None


def test_what_is_known_of_a_source_is_counted(catalog: SqlCatalog, books: SqlLookBooks) -> None:
    book(catalog, 1)
    books.record(CAMERA.name, [looked(), looked(b"b.jpg")], FIRST)
    assert books.files_before(CAMERA.name) == 3


def test_candidates_that_a_whole_look_did_not_show_are_forgotten(books: SqlLookBooks) -> None:
    books.record(CAMERA.name, [looked(), looked(b"b.jpg")], FIRST)
    books.forget_others(CAMERA.name, [looked()])
    assert list(books.seen_before(CAMERA.name, [NAMES])) == [(b"DCIM", b"a.jpg")]


def test_a_published_picture_has_its_hash(catalog: SqlCatalog) -> None:
    book(catalog, 1, 2)
    found = [(digest_of(1), HASH, False), (digest_of(2), HASH, False)]
    assert list(page_hashes(catalog.engine)) == found


def test_pictures_without_a_hash_are_counted_and_found(catalog: SqlCatalog) -> None:
    book(catalog, 1, picture_hash=None)
    assert (count_unhashed(catalog.engine), list(unhashed(catalog.engine))) == (
        1,
        [[digest_of(1)]],
    )


def test_a_hash_that_comes_later_is_booked(catalog: SqlCatalog) -> None:
    book(catalog, 1, picture_hash=None)
    note_hashes(catalog.engine, {digest_of(1): HASH, digest_of(9): HASH})
    archive = SqlComparedArchive(catalog.engine)
    assert (count_unhashed(catalog.engine), archive.hashes_of([digest_of(1), digest_of(9)])) == (
        0,
        {digest_of(1): HASH},
    )


def test_originals_are_found_by_their_capture_second(catalog: SqlCatalog) -> None:
    book(catalog, 1)
    archive = SqlComparedArchive(catalog.engine)
    assert archive.at_seconds(["2024-03-15T10:11:12", "2024-03-15T10:11:13"]) == {
        "2024-03-15T10:11:12": [digest_of(1)]
    }


def test_originals_are_found_by_the_stem_of_their_name(catalog: SqlCatalog) -> None:
    book(catalog, 1, 2)
    stem = take_apart(sighting_of(1).name, sighting_of(1).stamp.size).stem
    found = SqlComparedArchive(catalog.engine).named([stem, b"nobody"])
    assert digest_of(1) in found[stem]
    assert b"nobody" not in found


def test_the_kinds_of_sources_of_an_original_are_known(catalog: SqlCatalog) -> None:
    book(catalog, 1)
    kinds = SqlComparedArchive(catalog.engine).kinds_of([digest_of(1), digest_of(2)])
    assert kinds == {digest_of(1): frozenset({CAMERA.kind})}


def test_the_whole_asset_of_an_original_is_found(catalog: SqlCatalog) -> None:
    book(catalog, 1)
    (group,) = SqlComparedArchive(catalog.engine).groups_of([digest_of(1)])
    assert [member.digest for member in group.members] == [digest_of(1)]


def test_only_what_is_archived_is_held(catalog: SqlCatalog) -> None:
    book(catalog, 1)
    archive = SqlComparedArchive(catalog.engine)
    assert archive.held([digest_of(1), digest_of(2)]) == {digest_of(1)}


def test_an_original_in_two_places_is_an_exact_duplicate(catalog: SqlCatalog) -> None:
    again = sighting_of(1, b"again.jpg", folder=b"album")
    with catalog.publishing() as open_books:
        batch = batch_of("a", [publication_of(1), publication_of(2)], [again])
        open_books.record(batch, lines_of(batch))
    (group,) = exact_duplicates(catalog.engine)
    assert (group.digest, len(group.places)) == (digest_of(1), 2)
