"""The cache's books: sums that are always right, uses that never move back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from picture_pipeline.catalog.cache_books import SqlCacheBooks
from picture_pipeline.model.cached import CachedFile, CacheTotals
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.digest import Digest
from picture_pipeline.ports.caching import CacheBooks

IMPLEMENTATIONS = [SqlCacheBooks]
STAMP = FileStamp(10, 1_700_000_000_123_456_789, 1_700_000_000_123_456_790, 2**62)


def entry(number: int, **changes: object) -> CachedFile:
    made = CachedFile(Digest(f"{number:064x}"), "jpg", 10, number)
    return made._replace(**changes)  # type: ignore[arg-type] # fields of a named tuple


@pytest.fixture(params=IMPLEMENTATIONS)
def books(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[CacheBooks]:
    make: Callable[[Path], SqlCacheBooks] = request.param
    found = make(tmp_path / "local.db")
    yield found
    found.close()


def put(books: CacheBooks, *files: CachedFile) -> None:
    with books.changing() as change:
        for file in files:
            change.put(file)


def test_what_was_booked_is_found(books: CacheBooks) -> None:
    file = entry(1, stamp=STAMP, pinned=True)
    put(books, file)

    assert books.find(file.digest) == file
    assert books.find(entry(2).digest) is None


def test_sums_follow_every_change(books: CacheBooks) -> None:
    put(books, entry(1), entry(2, size=5, pinned=True), entry(3))
    put(books, entry(1, size=100), entry(2, size=6))
    with books.changing() as change:
        change.drop(entry(3).digest)
        change.drop(entry(4).digest)
        inside = change.totals()

    assert books.totals() == inside == CacheTotals(2, 106, 0, 0)


def test_what_is_broken_off_changes_nothing(books: CacheBooks) -> None:
    put(books, entry(1))

    def break_off() -> None:
        with books.changing() as change:
            change.drop(entry(1).digest)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()

    assert books.totals().count == 1


def test_the_longest_unused_come_first_and_pinned_ones_never(books: CacheBooks) -> None:
    put(books, entry(3), entry(1, pinned=True), entry(2), entry(4))
    with books.changing() as change:
        change.use(entry(2).digest, 9)

        assert [file.used_at for file in change.longest_unused(2)] == [3, 4]


def test_a_use_never_moves_back(books: CacheBooks) -> None:
    put(books, entry(5))
    books.note({entry(5).digest: 3, entry(9).digest: 1}, {}, 2, 1)
    found = books.find(entry(5).digest)

    assert found
    assert found.used_at == 5
    assert (books.totals().hits, books.totals().misses) == (2, 1)


def test_a_check_is_booked_for_the_file_that_was_checked_and_no_other(books: CacheBooks) -> None:
    put(books, entry(1), entry(2, size=11))
    books.note({}, {entry(number).digest: STAMP for number in (1, 2, 3)}, 0, 0)

    assert [file.stamp for file in books.all()] == [STAMP, None]


def test_all_are_given_in_the_order_of_their_digests(books: CacheBooks) -> None:
    put(books, *(entry(number) for number in reversed(range(2500))))

    assert [file.used_at for file in books.all()] == list(range(2500))
