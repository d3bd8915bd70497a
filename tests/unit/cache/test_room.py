"""Which originals leave the cache, and when."""

from collections.abc import Sequence

import pytest

from picture_pipeline.bootstrap.caching import default_floor
from picture_pipeline.cache.room import Room, make_room
from picture_pipeline.model.cached import CachedFile, CacheLimits, CacheTotals
from picture_pipeline.model.digest import Digest

LIMITS = CacheLimits(size=100, age_ns=1000, min_free=50)
PLENTY = 10_000
GIB = 1 << 30


class Books:
    """The cache's books in a list, in the order of use."""

    def __init__(self, *files: CachedFile) -> None:
        self.files = {file.digest: file for file in files}

    def totals(self) -> CacheTotals:
        return CacheTotals(len(self.files), sum(file.size for file in self.files.values()))

    def find(self, digest: Digest) -> CachedFile | None:
        return self.files.get(digest)

    def longest_unused(self, count: int) -> Sequence[CachedFile]:
        loose = (file for file in self.files.values() if not file.pinned)
        return sorted(loose, key=lambda file: file.used_at)[:count]

    def put(self, file: CachedFile) -> None:
        self.files[file.digest] = file

    def drop(self, digest: Digest) -> None:
        del self.files[digest]

    def use(self, digest: Digest, used_at: int) -> None:
        self.put(self.files[digest]._replace(used_at=used_at))

    @property
    def names(self) -> str:
        return "".join(sorted(self.files))


def file(name: str, size: int, used_at: int, *, pinned: bool = False) -> CachedFile:
    return CachedFile(Digest(name), "jpg", size, used_at, pinned)


def removing(_: CachedFile) -> bool:
    return True


def test_nothing_leaves_while_there_is_room() -> None:
    books = Books(file("a", 50, 1), file("b", 40, 2))

    assert make_room(books, Room(10, PLENTY, 100), LIMITS, removing)
    assert books.names == "ab"


def test_the_longest_unused_leave_until_it_fits() -> None:
    books = Books(file("a", 40, 3), file("b", 40, 1), file("c", 20, 2))

    assert make_room(books, Room(50, PLENTY, 100), LIMITS, removing)
    assert books.names == "a"


def test_what_is_too_old_leaves_though_there_is_room() -> None:
    books = Books(file("a", 1, 500), file("b", 1, 1500))

    assert make_room(books, Room(0, PLENTY, 1501), LIMITS, removing)
    assert books.names == "b"


def test_what_is_pinned_stays_whatever_is_needed() -> None:
    books = Books(file("a", 60, 1, pinned=True), file("b", 40, 2))

    assert not make_room(books, Room(50, PLENTY, 100), LIMITS, removing)
    assert books.names == "a"


def test_what_is_in_use_stays_and_counts_as_used_now() -> None:
    books = Books(file("a", 50, 1), file("b", 50, 2))

    assert make_room(books, Room(50, PLENTY, 100), LIMITS, lambda file: file.digest != "a")
    assert books.names == "a"
    assert books.files[Digest("a")].used_at == 100


def test_when_all_are_in_use_it_ends_and_says_no() -> None:
    books = Books(*(file(name, 5, number) for number, name in enumerate("abcdefghijklmnopqrst")))

    assert not make_room(books, Room(10, PLENTY, 100), LIMITS, lambda _: False)
    assert len(books.files) == 20


def test_a_disk_that_is_short_makes_them_leave_too() -> None:
    books = Books(file("a", 30, 1), file("b", 30, 2))

    assert make_room(books, Room(20, 60, 100), LIMITS, removing)
    assert books.names == "b"


@pytest.mark.parametrize(
    ("disk", "floor"),
    [(10 * GIB, GIB), (50 * GIB, GIB), (1000 * GIB, 10 * GIB), (GIB, GIB // 10), (0, 0)],
)
def test_a_hundredth_of_the_disk_stays_free_and_mostly_a_gib(disk: int, floor: int) -> None:
    assert default_floor(disk) == floor
