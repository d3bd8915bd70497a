"""A catalog that is new, or was lost, meets an archive that holds originals already."""

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from computers import File, World
from judging import faults
from picture_pipeline.bootstrap.archive import open_archive
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.config import Config, load_config
from picture_pipeline.originals.handle import ArchiveHandle
from picture_pipeline.originals.walk import originals_in
from samples import digest_of

SEEN_FIRST = File(b"a.jpg", 1, day=15)
SEEN_LATER = File(b"copied with another time.jpg", 1, day=28)


def config_of(world: World) -> Config:
    environ = {
        "PICTURE_PIPELINE_HOME": str(world.folder / "home"),
        "PICTURE_PIPELINE_STORAGE__NAS__BASE_PATH": str(world.archive),
        "PICTURE_PIPELINE_STORAGE__DATABASE__URL": world.url,
    }
    return load_config(environ, None, world.folder)


def bind(world: World) -> None:
    with open_archive(config_of(world)):
        pass


def forget(world: World) -> World:
    """Lose the catalog."""
    lost = World(world.folder, f"sqlite:///{world.folder}/new.db")
    (world.folder / "new.db").unlink(missing_ok=True)
    return lost


def originals(world: World) -> list[str]:
    below = (world.archive / "originals").rglob("*.jpg")
    return sorted(str(file.relative_to(world.archive)) for file in below)


def test_an_original_keeps_its_place_when_its_day_is_told_otherwise(world: World) -> None:
    bind(world)
    world.take_in([SEEN_FIRST])
    before = originals(world)
    new = forget(world)
    bind(new)

    new.take_in([SEEN_LATER])

    assert originals(new) == before
    catalog = SqlCatalog.open(new.url)
    with catalog.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT digest, path FROM v_originals").all()
    catalog.close()
    assert [tuple(row) for row in rows] == [(digest_of(1), before[0])]


def test_what_was_found_is_forgotten_when_it_is_booked(world: World) -> None:
    bind(world)
    world.take_in([SEEN_FIRST, File(b"b.jpg", 2)])
    new = forget(world)
    bind(new)

    new.take_in([SEEN_LATER])

    catalog = SqlCatalog.open(new.url)
    with catalog.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT digest FROM found").scalars().all()
    catalog.close()
    assert found == [digest_of(2)]


def test_new_originals_go_where_their_day_says(world: World) -> None:
    bind(world)
    world.take_in([SEEN_FIRST])
    new = forget(world)
    bind(new)

    new.take_in([File(b"c.jpg", 3, day=2)])

    assert f"originals/2024/03/02/{digest_of(3)}.jpg" in originals(new)


def test_an_archive_is_looked_through_once(world: World) -> None:
    bind(world)
    world.take_in([SEEN_FIRST])
    late = world.archive / "originals" / "2024" / "01" / "01" / f"{digest_of(9)}.jpg"
    late.parent.mkdir(parents=True)
    late.touch()

    bind(world)

    catalog = SqlCatalog.open(world.url)
    with catalog.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM found").scalar() == 0
    catalog.close()


def test_an_empty_archive_is_bound_without_any_find(world: World) -> None:
    bind(world)
    world.take_in([SEEN_FIRST])

    assert faults(world, "one") == []


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[ArchiveHandle]:
    world = World.make(tmp_path, "sqlite://")
    opened = ArchiveHandle.open(world.archive)
    yield opened
    opened.close()


def plant(archive: ArchiveHandle, path: str) -> None:
    file = archive.root / "originals" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()


@pytest.mark.parametrize(
    "litter",
    [
        f"2024/03/15/{digest_of(2)}.xmp",
        f"2024/03/15/{digest_of(2)}",
        f"2024/03/15/.{digest_of(2)}.jpg",
        f"2024/03/15/{digest_of(2)}.jpg.xmp",
        f"2024/03/{digest_of(2)}.jpg",
        f"2024/03/15/@eaDir/{digest_of(2)}.jpg",
        f"2024/march/15/{digest_of(2)}.jpg",
        "2024/03/15/IMG_0001.JPG",
        f"{digest_of(2)}.jpg",
    ],
)
def test_only_names_of_originals_are_found(archive: ArchiveHandle, litter: str) -> None:
    plant(archive, f"2024/03/15/{digest_of(1)}.heic")
    plant(archive, litter)

    assert list(originals_in(archive)) == [
        (digest_of(1), f"originals/2024/03/15/{digest_of(1)}.heic")
    ]


def test_links_and_folders_are_no_originals(archive: ArchiveHandle) -> None:
    plant(archive, "2024/03/15/x")
    day = archive.root / "originals" / "2024" / "03" / "15"
    (day / f"{digest_of(1)}.jpg").symlink_to("x")
    (day / f"{digest_of(2)}.jpg").mkdir()
    (archive.root / "originals" / "2023").symlink_to("2024")

    assert list(originals_in(archive)) == []


def test_names_that_are_not_utf8_are_passed_over(archive: ArchiveHandle) -> None:
    plant(archive, "2024/03/15/x")
    name = os.fsencode(archive.root / "originals" / "2024" / "03" / "15") + b"/\xff.jpg"
    os.close(os.open(name, os.O_CREAT))

    assert list(originals_in(archive)) == []


def test_many_names_take_no_more_memory(archive: ArchiveHandle) -> None:
    plant(archive, "2024/03/15/x")
    day = archive.root / "originals" / "2024" / "03" / "15"
    for number in range(5000):
        (day / f"{digest_of(number)}.jpg").touch()
    tracemalloc.start()
    try:
        seen = sum(1 for _ in originals_in(archive))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert seen == 5000
    assert peak < 200_000
