"""``cache stats``, ``pin``, ``unpin``, ``prune`` and ``heal``, and how books heal by themselves."""

import hashlib
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from installed import Storage, until
from pictures import jpeg, write

PICTURES = [jpeg(number, 64) for number in range(6)]
DIGESTS = [hashlib.sha256(data).hexdigest() for data in PICTURES]
SIZE = {digest: len(data) for digest, data in zip(DIGESTS, PICTURES, strict=True)}


@pytest.fixture
def filled(storage: Storage, source: Path) -> Storage:
    """Give a storage with pictures, all of them in the cache."""
    for number, data in enumerate(PICTURES):
        write(source / f"{number}.jpg", data)
    assert storage.here("import", source).status == 0
    for digest in DIGESTS:
        assert storage.here("get", digest, "--size", "full").status == 0
    return storage


def file_of(storage: Storage, digest: str) -> Path:
    return storage.home / "cache" / "full" / digest[:2] / f"{digest}.jpg"


def stats(storage: Storage) -> dict[str, int]:
    found = storage.here("cache", "stats", "--json").json
    assert isinstance(found, dict)
    return found


def lose_the_books(storage: Storage) -> None:
    for path in storage.home.glob("local.db*"):
        path.unlink()


def is_whole(storage: Storage) -> bool:
    with closing(sqlite3.connect(storage.home / "local.db")) as books:
        return bool(books.execute("PRAGMA user_version").fetchone()[0])


def test_stats_tell_what_is_kept_and_how_often_it_helped(filled: Storage) -> None:
    filled.here("get", DIGESTS[0], "--size", "full")

    assert stats(filled) == {
        "count": 6,
        "bytes": sum(SIZE.values()),
        "limit_bytes": 50 << 30,
        "hits": 1,
        "misses": 6,
        "pinned": 0,
    }


def test_storage_stats_tell_the_same_of_the_cache(filled: Storage) -> None:
    found = filled.here("storage-stats", "--json").json["cache"]

    assert found == {"count": 6, "bytes": sum(SIZE.values()), "limit_bytes": 50 << 30}


def test_people_are_told_too(filled: Storage) -> None:
    told = filled.here("cache", "stats").text

    assert "Originals: 6 (" in told
    assert "Misses:    6" in told


def test_the_cached_original_is_given_out_without_the_nas(filled: Storage) -> None:
    filled.archive.rename(filled.home / "elsewhere")

    assert filled.here("get", DIGESTS[3][:16], "--size", "full").out == PICTURES[3]


def test_pinning_brings_what_is_missing_and_keeps_it(filled: Storage) -> None:
    file_of(filled, DIGESTS[1]).unlink()

    said = filled.here("cache", "pin", DIGESTS[0][:12], DIGESTS[1])

    nothing_else = filled.given(PICTURE_PIPELINE_STORAGE__LOCAL__CACHE__MAX_SIZE_GB="0")
    nothing_else.here("cache", "prune")
    assert said.status == 0
    assert DIGESTS[0] in said.err
    assert [file_of(filled, digest).exists() for digest in DIGESTS] == [True] * 2 + [False] * 4
    assert stats(filled)["pinned"] == 2


def test_unpinning_lets_it_go(filled: Storage) -> None:
    filled.here("cache", "pin", DIGESTS[0])

    assert filled.here("cache", "unpin", DIGESTS[0]).status == 0
    assert stats(filled)["pinned"] == 0


def test_pinning_what_nobody_knows_is_refused(filled: Storage) -> None:
    assert filled.here("cache", "pin", "0" * 64).status == 2


def test_pinning_what_cannot_be_fetched_says_that_the_nas_is_away(filled: Storage) -> None:
    file_of(filled, DIGESTS[1]).unlink()
    filled.archive.rename(filled.home / "elsewhere")

    said = filled.here("cache", "pin", DIGESTS[1])

    assert said.status == 3
    assert "mount the NAS" in said.err


def test_prune_keeps_to_a_limit_that_was_lowered(filled: Storage) -> None:
    limit = SIZE[DIGESTS[4]] + SIZE[DIGESTS[5]]
    smaller = filled.given(
        PICTURE_PIPELINE_STORAGE__LOCAL__CACHE__MAX_SIZE_GB=str(limit / (1 << 30))
    )

    done = smaller.here("cache", "prune", "--json").json

    assert sorted(done["removed"]) == sorted(DIGESTS[:4])
    assert done["bytes"] == sum(SIZE[digest] for digest in DIGESTS[:4])
    assert [file_of(filled, digest).exists() for digest in DIGESTS] == [False] * 4 + [True] * 2


def test_a_dry_run_tells_the_same_and_does_nothing(filled: Storage) -> None:
    nothing = filled.given(PICTURE_PIPELINE_STORAGE__LOCAL__CACHE__MAX_SIZE_GB="0")

    planned = nothing.here("cache", "prune", "--dry-run", "--json").json
    untouched = stats(filled)
    done = nothing.here("cache", "prune", "--json").json

    assert untouched["count"] == 6
    assert planned | {"dry_run": False} == done


def test_prune_adopts_what_the_books_do_not_know_and_clears_the_rest(filled: Storage) -> None:
    good, bad = file_of(filled, DIGESTS[0]), file_of(filled, "ab" * 32)
    data = good.read_bytes()
    with closing(sqlite3.connect(filled.home / "local.db")) as books:
        books.execute("DELETE FROM cached")
        books.commit()
    write(bad, b"not what the name says")
    write(good.with_name("stray.txt"), b"nothing of ours")
    write(filled.home / "cache" / ".incoming" / ("cd" * 32), b"of a process that died")

    done = filled.here("cache", "prune", "--json").json

    assert sorted(done["adopted"]) == sorted(DIGESTS)
    assert {Path(path).name for path in done["cleared"]} == {bad.name, "stray.txt"}
    assert good.read_bytes() == data
    assert stats(filled)["count"] == 6
    assert list((filled.home / "cache" / ".incoming").iterdir()) == []


def test_prune_forgets_what_is_gone(filled: Storage) -> None:
    file_of(filled, DIGESTS[2]).unlink()

    done = filled.here("cache", "prune", "--json").json

    assert done["forgotten"] == [DIGESTS[2]]
    assert stats(filled)["count"] == 5


@pytest.mark.parametrize("command", [("storage-stats",), ("cache", "stats")], ids=" ".join)
def test_lost_books_are_rebuilt_in_the_background(
    filled: Storage, command: tuple[str, ...]
) -> None:
    before = filled.here("storage-stats", "--json").json
    filled.here("cache", "pin", DIGESTS[0])
    lose_the_books(filled)

    assert filled.here(*command).status == 0
    until(lambda: is_whole(filled))

    after = filled.here("storage-stats", "--json").json
    assert (after["thumbnails"], after["cache"]) == (before["thumbnails"], before["cache"])
    assert stats(filled)["pinned"] == 1


def test_a_bad_file_in_the_folder_does_not_survive_the_loss_of_the_books(filled: Storage) -> None:
    path = file_of(filled, DIGESTS[0])
    path.chmod(0o644)
    path.write_bytes(b"x" * SIZE[DIGESTS[0]])
    lose_the_books(filled)

    said = filled.here("cache", "heal")

    assert said.status == 0
    assert not path.exists()
    assert stats(filled)["count"] == 5
    assert filled.here("get", DIGESTS[0], "--size", "full").out == PICTURES[0]


def test_a_new_storage_has_nothing_to_heal(filled: Storage) -> None:
    assert is_whole(filled)
    assert not (filled.home / "cache-heal.log").exists()


def test_books_that_were_lost_keep_the_limit_again(filled: Storage) -> None:
    lose_the_books(filled)
    limit = SIZE[DIGESTS[4]] + SIZE[DIGESTS[5]]
    smaller = filled.given(
        PICTURE_PIPELINE_STORAGE__LOCAL__CACHE__MAX_SIZE_GB=str(limit / (1 << 30))
    )

    smaller.here("cache", "heal")

    assert stats(filled)["bytes"] <= limit
    assert json.loads(smaller.here("cache", "stats", "--json").out)["limit_bytes"] == limit


@pytest.mark.parametrize("extension", ["png", "aaa"])
def test_a_stranger_of_the_same_digest_does_not_harm_a_pinned_original(
    filled: Storage, extension: str
) -> None:
    digest = filled.here("list", "--json").lines[0]["digest"]
    assert filled.here("cache", "pin", digest).status == 0
    (cached,) = (filled.home / "cache" / "full").rglob(f"{digest}.*")
    stranger = cached.with_suffix(f".{extension}")
    stranger.write_bytes(b"junk")

    assert filled.here("cache", "prune").status == 0

    assert not stranger.exists()
    assert hashlib.sha256(cached.read_bytes()).hexdigest() == digest
    assert filled.here("cache", "stats", "--json").json["pinned"] == 1
