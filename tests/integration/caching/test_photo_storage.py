"""``PhotoStorage`` at full size: whole, in pieces, and in parts."""

import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from installed import Storage
from picture_pipeline import PhotoStorage
from picture_pipeline.errors import ArchiveUnavailable, IntegrityError, UnknownOriginal, UsageError
from pictures import jpeg, write

PICTURE = jpeg(1, 200) + bytes(range(256)) * 40
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def filled(storage: Storage, source: Path) -> Storage:
    write(source / "a.jpg", PICTURE)
    assert storage.here("import", source).status == 0
    return storage


@pytest.fixture
def photos(filled: Storage) -> Iterator[PhotoStorage]:
    with PhotoStorage.open(environ=filled.environ) as found:
        yield found


@pytest.fixture
def uncacheable(filled: Storage) -> Iterator[PhotoStorage]:
    """Give a storage whose cache may hold nothing."""
    nothing = filled.given(PICTURE_PIPELINE_STORAGE__LOCAL__CACHE__MAX_SIZE_GB="0")
    with PhotoStorage.open(environ=nothing.environ) as found:
        yield found


def change(storage: Storage, data: bytes) -> None:
    (original,) = storage.originals()
    original.chmod(0o644)
    original.write_bytes(data)


def test_the_users_sketch_works_as_written(filled: Storage) -> None:
    sha256 = DIGEST

    assert PhotoStorage.open(environ=filled.environ).get_photo(sha256, size="full") == PICTURE


def test_what_the_cache_may_not_keep_is_streamed(
    uncacheable: PhotoStorage, filled: Storage
) -> None:
    assert uncacheable.get_photo(DIGEST, "full") == PICTURE
    assert not list((filled.home / "cache").rglob("*.jpg"))


def test_what_is_streamed_is_verified_at_its_end(
    uncacheable: PhotoStorage, filled: Storage
) -> None:
    change(filled, PICTURE + b"more")
    pieces = uncacheable.pieces(DIGEST, "full")

    assert not pieces.verified
    with pytest.raises(IntegrityError):
        list(pieces)


def test_pieces_of_what_is_kept_are_verified(photos: PhotoStorage) -> None:
    pieces = photos.pieces(DIGEST, "full")

    assert pieces.verified
    assert b"".join(pieces) == PICTURE


@pytest.mark.parametrize(
    ("start", "length"), [(0, 10), (5000, 300), (len(PICTURE) - 5, 100), (10**9, 5), (7, 0)]
)
def test_a_range_is_what_the_original_holds_there(
    photos: PhotoStorage, start: int, length: int
) -> None:
    part = photos.get_range(DIGEST, start, length)

    assert part.data == PICTURE[start : start + length]
    assert (part.size, part.verified) == (len(PICTURE), True)


def test_a_range_of_what_cannot_be_kept_comes_unverified(uncacheable: PhotoStorage) -> None:
    part = uncacheable.get_range(DIGEST, 5000, 300)

    assert (part.data, part.size, part.verified) == (PICTURE[5000:5300], len(PICTURE), False)


def test_a_range_before_the_beginning_is_refused(photos: PhotoStorage) -> None:
    with pytest.raises(UsageError):
        photos.get_range(DIGEST, -1, 5)


def test_what_is_kept_is_at_hand_without_the_nas(photos: PhotoStorage, filled: Storage) -> None:
    assert photos.keep(DIGEST)
    filled.archive.rename(filled.home / "elsewhere")

    assert photos.get_photo(DIGEST, "full") == PICTURE
    assert photos.get_range(DIGEST, 3, 4).data == PICTURE[3:7]


def test_another_archive_in_its_place_is_unavailable(photos: PhotoStorage, filled: Storage) -> None:
    (original,) = filled.originals()
    original.unlink()
    marker = filled.archive / ".picture-pipeline" / "archive.json"
    marker.chmod(0o644)
    marker.write_text(json.dumps({"id": "0" * 32, "layout_version": 1}))

    with pytest.raises(ArchiveUnavailable, match="the catalog belongs to archive"):
        photos.get_photo(DIGEST, "full")


def test_an_empty_mount_point_is_an_archive_that_is_away(
    photos: PhotoStorage, filled: Storage
) -> None:
    filled.archive.rename(filled.home / "elsewhere")
    filled.archive.mkdir()

    with pytest.raises(ArchiveUnavailable, match="mount the NAS"):
        photos.get_photo(DIGEST, "full")


def test_an_unknown_digest_stays_unknown(photos: PhotoStorage) -> None:
    with pytest.raises(UnknownOriginal):
        photos.get_photo("0" * 64, "full")


def test_it_may_be_used_again_after_it_was_closed(photos: PhotoStorage) -> None:
    photos.close()

    assert photos.get_photo(DIGEST, "full") == PICTURE


def test_a_child_of_a_fork_gets_pictures_too(photos: PhotoStorage, filled: Storage) -> None:
    photos.get_photo(DIGEST, "full")
    for path in (filled.home / "cache" / "full").rglob("*.jpg"):
        path.unlink()
    child = os.fork()
    if not child:
        os._exit(photos.get_photo(DIGEST, "full") != PICTURE)

    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert photos.get_photo(DIGEST, "full") == PICTURE


def test_many_threads_share_a_fresh_storage(storage: Storage, source: Path) -> None:
    data = {number: jpeg(number, 64) + bytes([number]) * 200_000 for number in range(8)}
    for number, each in data.items():
        write(source / f"{number}.jpg", each)
    assert storage.here("import", source).status == 0
    digests = {number: hashlib.sha256(each).hexdigest() for number, each in data.items()}
    wanted = [number % 8 for number in range(64)]

    with (
        PhotoStorage.open(environ=storage.environ) as photos,
        ThreadPoolExecutor(len(wanted)) as pool,
    ):
        got = list(pool.map(lambda n: photos.get_photo(digests[n], "full"), wanted))

    assert got == [data[number] for number in wanted]


def test_a_fifo_in_the_place_of_a_cached_original_is_not_waited_for(
    photos: PhotoStorage, filled: Storage
) -> None:
    photos.get_photo(DIGEST, "full")
    (cached,) = (filled.home / "cache" / "full").rglob("*.jpg")
    cached.unlink()
    os.mkfifo(cached)

    assert photos.get_photo(DIGEST, "full") == PICTURE
    with PhotoStorage.open(environ=filled.environ) as again:
        assert again.get_photo(DIGEST, "full") == PICTURE
