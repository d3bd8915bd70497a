"""Several processes and computers publish the same files at once."""

from pathlib import Path

import pytest

from computers import FORK, PATIENCE, File, World
from databases import shared_postgres
from judging import faults
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.errors import CatalogUnavailable
from samples import digest_of

PROCESSES, ROUNDS = 8, 4


def all_at_once(world: World, computers: list[str]) -> list[int | None]:
    """Let each computer take in the same bytes, in rounds, under names of its own."""
    gate = FORK.Barrier(len(computers))

    def take_in(number: int, computer: str) -> None:
        gate.wait(PATIENCE)
        for turn in range(ROUNDS):
            first = 3 * turn
            files = [File(b"%d-%d" % (number, n), n, 1 + number) for n in range(first, first + 3)]
            world.take_in(files, computer)

    others = [FORK.Process(target=take_in, args=given) for given in enumerate(computers)]
    for other in others:
        other.start()
    for other in others:
        other.join(PATIENCE)
    return [other.exitcode for other in others]


def test_runs_of_one_computer_share_the_work(world: World) -> None:
    assert all_at_once(world, ["one"] * PROCESSES) == [0] * PROCESSES

    world.take_in([])
    assert faults(world, "one") == []
    assert len(list((world.archive / "originals").rglob("*.jpg"))) == 3 * ROUNDS


def test_computers_that_share_an_archive_share_the_work(world: World) -> None:
    computers = [f"computer-{number}" for number in range(4)]

    assert all_at_once(world, computers) == [0] * len(computers)

    assert faults(world) == []
    assert len(list((world.archive / "originals").rglob("*.jpg"))) == 3 * ROUNDS


def test_every_process_has_its_sightings_booked(world: World) -> None:
    all_at_once(world, ["one"] * 4)

    catalog = SqlCatalog.open(world.url)
    with catalog.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT digest, count(*) FROM v_sightings GROUP BY 1")
        assert {row[1] for row in rows} == {4}
    catalog.close()


@pytest.mark.postgres
def test_a_publisher_that_lost_the_lock_does_not_touch_the_ledger(
    postgres_url: str, tmp_path: Path
) -> None:
    """Its connection is cut while it writes files; the next one has the lock at once."""
    world = World.make(tmp_path, postgres_url)

    with pytest.raises(CatalogUnavailable), world.run() as run:  # noqa: PT012 - the block is the point

        def lose_the_lock() -> None:
            assert shared_postgres().cut_connections(postgres_url) > 0
            world.take_in([File(b"other.jpg", 2)])

        run.befall("store", "sync", lose_the_lock)
        run.publish([run.staged(File(b"a.jpg", 1))])

    world.take_in([])
    assert {file.stem for file in (world.archive / "originals").rglob("*.jpg")} == {
        digest_of(1),
        digest_of(2),
    }
    assert faults(world) == []
