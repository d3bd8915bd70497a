"""The cache gives out what the archive holds, keeps it, and never more than it may."""

import os
import random
from pathlib import Path

import pytest

from caching import DAY, NOON, Shelf, bytes_of
from installed import until
from picture_pipeline.durable.claims import hold_in_use
from picture_pipeline.errors import ArchiveUnavailable, IntegrityError, UsageError


def test_an_original_is_fetched_once_and_then_at_hand(shelf: Shelf) -> None:
    wanted = shelf.archive.put(bytes_of(1))

    assert [shelf.get(wanted) for _ in range(3)] == [bytes_of(1)] * 3
    assert shelf.archive.reads == [wanted.path]


def test_it_lies_under_its_digest_and_extension_and_nothing_else_lies_there(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)

    name = f"{wanted.digest}.jpg"
    assert shelf.files() == [shelf.base / "cache" / "full" / wanted.digest[:2] / name]


def test_hits_and_misses_are_counted(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    shelf.get(wanted)
    shelf.get(wanted)

    totals = shelf.cache.totals()
    assert (totals.count, totals.size, totals.hits, totals.misses) == (1, 1000, 2, 1)


def test_what_is_cached_is_given_out_while_the_archive_is_away(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    shelf.archive.away = True

    assert shelf.get(wanted) == bytes_of(0)


def test_books_survive_a_restart_without_a_second_hash(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    shelf.cache.close()

    entry = shelf.books.find(wanted.digest)
    again = shelf.another().open(wanted.digest)

    assert entry
    assert entry.stamp
    assert again
    with again:
        assert again.read() == bytes_of(0)


def test_the_archives_absence_reaches_who_asked_and_leaves_nothing(shelf: Shelf) -> None:
    wanted = shelf.archive.put(bytes_of(1))
    shelf.archive.away = True

    with pytest.raises(ArchiveUnavailable):
        shelf.get(wanted)

    assert shelf.files() == []


@pytest.mark.parametrize("found", [b"other bytes", bytes_of(1)[:-1], bytes_of(1) + b"more", b""])
def test_bytes_that_are_not_what_the_digest_says_are_refused(shelf: Shelf, found: bytes) -> None:
    wanted = shelf.archive.put(found, claimed=bytes_of(1))

    with pytest.raises(IntegrityError, match="no longer those that were taken in"):
        shelf.get(wanted)

    assert shelf.files() == []
    assert shelf.cache.totals().count == 0


def test_the_longest_unused_leaves_first(shelf: Shelf) -> None:
    originals = shelf.fill(10)
    shelf.get(originals[0])
    shelf.cache.close()
    shelf.get(shelf.archive.put(bytes_of(10)))

    assert [shelf.holds(each) for each in originals] == [True, False, *[True] * 8]


def test_what_is_larger_than_the_limit_is_not_kept_and_moves_nothing_out(shelf: Shelf) -> None:
    originals = shelf.fill(10)

    assert shelf.get(shelf.archive.put(bytes_of(11, 10_001))) is None
    assert all(map(shelf.holds, originals))


def test_what_fills_the_limit_alone_is_kept(shelf: Shelf) -> None:
    shelf.fill(3)
    large = shelf.archive.put(bytes_of(11, 10_000))

    assert shelf.get(large) == bytes_of(11, 10_000)
    assert shelf.files() == [shelf.file(large)]


def test_ten_thousand_random_accesses_never_exceed_the_limit(shelf: Shelf) -> None:
    shelf = Shelf(shelf.base, limit=20_000)
    random_numbers = random.Random(1)  # noqa: S311 - a repeatable order
    originals = [shelf.archive.put(bytes_of(n, 300 + n * 7)) for n in range(60)]
    largest = 0
    for number in range(10_000):
        wanted = random_numbers.choice(originals)
        data = shelf.get(wanted)
        assert data is not None
        if number % 100 == 0:
            largest = max(largest, shelf.size())

    totals = shelf.cache.totals()
    assert largest <= shelf.limit
    assert totals.size == shelf.size() <= shelf.limit
    assert totals.count == len(shelf.files())
    assert totals.hits + totals.misses == 10_000


def test_what_nobody_used_for_the_days_given_leaves_with_the_next_fetch(shelf: Shelf) -> None:
    old, used = shelf.fill(2)
    shelf.clock.now += 29 * DAY
    shelf.get(used)
    shelf.cache.close()
    shelf.clock.now += 2 * DAY
    shelf.get(shelf.archive.put(bytes_of(3)))

    assert (shelf.holds(old), shelf.holds(used)) == (False, True)


def test_a_clock_that_was_set_back_does_not_stop_the_eviction(shelf: Shelf) -> None:
    shelf.fill(10)
    shelf.clock.now -= 1000 * DAY

    shelf.get(shelf.archive.put(bytes_of(10)))

    assert shelf.size() == 10_000


def test_a_pinned_original_stays_however_much_comes_and_however_long_it_takes(
    shelf: Shelf,
) -> None:
    wanted = shelf.archive.put(bytes_of(99))
    shelf.cache.pin(wanted, shelf.archive)
    shelf.fill(30)
    shelf.clock.now += 400 * DAY
    shelf.fill(3)

    assert shelf.holds(wanted)
    assert shelf.cache.totals().pinned == 1


def test_an_unpinned_original_leaves_like_others(shelf: Shelf) -> None:
    wanted = shelf.archive.put(bytes_of(99))
    shelf.cache.pin(wanted, shelf.archive)
    shelf.cache.unpin(wanted.digest)
    shelf.fill(30)

    assert not shelf.holds(wanted)
    assert shelf.cache.totals().pinned == 0


def test_pinning_more_than_fits_is_refused_and_changes_nothing(shelf: Shelf) -> None:
    shelf.cache.pin(shelf.archive.put(bytes_of(1, 6000)), shelf.archive)
    second = shelf.archive.put(bytes_of(2, 6000))

    with pytest.raises(UsageError, match="unpin"):
        shelf.cache.pin(second, shelf.archive)

    assert shelf.cache.totals().pinned_size == 6000
    assert not shelf.place.is_pinned(second.digest)


def test_a_pin_of_what_cannot_be_fetched_is_not_kept(shelf: Shelf) -> None:
    wanted = shelf.archive.put(bytes_of(1))
    shelf.archive.away = True

    with pytest.raises(ArchiveUnavailable):
        shelf.cache.pin(wanted, shelf.archive)

    assert not shelf.place.is_pinned(wanted.digest)


def test_what_is_in_use_stays(shelf: Shelf) -> None:
    originals = shelf.fill(10)
    with shelf.file(originals[0]).open("rb") as reader:
        hold_in_use(reader.fileno())
        shelf.get(shelf.archive.put(bytes_of(10)))

    assert [shelf.holds(each) for each in originals[:3]] == [True, False, True]


def test_what_finds_all_others_in_use_is_given_out_and_not_kept(shelf: Shelf) -> None:
    originals = shelf.fill(10)
    readers = [shelf.file(each).open("rb") for each in originals]
    for reader in readers:
        hold_in_use(reader.fileno())
    one_more = shelf.archive.put(bytes_of(10))

    data = shelf.get(one_more)
    for reader in readers:
        reader.close()

    assert data == bytes_of(10)
    assert not shelf.holds(one_more)
    assert shelf.size() == 10_000


def test_what_leaves_while_it_is_read_can_be_read_to_its_end(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    reader = shelf.cache.open(wanted.digest)
    assert reader
    shelf.file(wanted).unlink()

    with reader:
        assert reader.read() == bytes_of(0)


@pytest.mark.parametrize("damage", [b"", b"short", bytes_of(0)[:-1] + b"!"])
def test_a_damaged_file_is_fetched_again(shelf: Shelf, damage: bytes) -> None:
    (wanted,) = shelf.fill(1)
    shelf.cache.close()
    rewrite(shelf.file(wanted), damage)

    assert shelf.get(wanted) == bytes_of(0)
    assert shelf.file(wanted).read_bytes() == bytes_of(0)
    assert len(shelf.archive.reads) == 2


def test_a_file_that_is_gone_is_fetched_again(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    shelf.file(wanted).unlink()

    assert shelf.get(wanted) == bytes_of(0)
    assert shelf.cache.totals().size == 1000


def test_a_file_that_was_only_touched_is_hashed_and_given_out(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    shelf.cache.close()
    os.utime(shelf.file(wanted), ns=(1, 1))
    shelf.archive.away = True

    assert shelf.get(wanted) == bytes_of(0)


def test_a_file_that_the_books_lost_is_adopted_when_it_is_asked_for(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    forget_everything(shelf)
    shelf.archive.away = True

    assert shelf.get(wanted) == bytes_of(0)
    assert shelf.cache.totals().count == 1


def test_a_file_that_the_books_lost_and_that_is_damaged_is_fetched_again(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    forget_everything(shelf)
    rewrite(shelf.file(wanted), b"x" * 1000)

    assert shelf.get(wanted) == bytes_of(0)
    assert shelf.file(wanted).read_bytes() == bytes_of(0)


def test_books_that_are_deleted_meanwhile_are_begun_anew(shelf: Shelf) -> None:
    shelf.fill(3)
    for path in shelf.base.glob("local.db*"):
        path.unlink()

    assert shelf.get(shelf.archive.put(bytes_of(7))) == bytes_of(7)
    assert shelf.cache.totals().count == 1


def test_books_that_are_damaged_are_begun_anew(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    (tmp_path / "local.db").write_bytes(b"no database at all " * 1000)

    assert shelf.get(shelf.archive.put(bytes_of(7))) == bytes_of(7)
    assert shelf.cache.totals().count == 1


def test_a_disk_that_is_nearly_full_is_left_as_it_is(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, min_free=5000, free=5999)

    assert shelf.get(shelf.archive.put(bytes_of(1))) is None
    assert shelf.files() == []


def test_on_a_disk_that_fills_up_others_make_room(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, min_free=5000)
    first, second = shelf.fill(2)
    shelf.free = 5500

    assert shelf.get(shelf.archive.put(bytes_of(3))) == bytes_of(3)
    assert (shelf.holds(first), shelf.holds(second)) == (False, True)


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    (tmp_path / "cache").write_bytes(b"a file where the folder should be")

    assert shelf.get(shelf.archive.put(bytes_of(1))) is None


def rewrite(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def forget_everything(shelf: Shelf) -> None:
    shelf.cache.close()
    with shelf.books.changing() as change:
        for entry in list(shelf.books.all()):
            change.drop(entry.digest)


def test_uses_are_booked_within_a_second_by_themselves(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    for _ in range(3):
        shelf.clock.now += 10**9
        shelf.get(wanted)

    until(lambda: shelf.books.totals().hits >= 1)
    entry = shelf.books.find(wanted.digest)
    assert entry
    assert entry.used_at > NOON


def test_what_was_checked_is_settled_once_the_disk_had_its_time(shelf: Shelf) -> None:
    (wanted,) = shelf.fill(1)
    before = shelf.books.find(wanted.digest)
    shelf.clock.now += 40 * 10**9
    shelf.get(wanted)

    until(lambda: (found := shelf.books.find(wanted.digest)) is not None and found.stamp)
    assert before
    assert before.stamp is None
