"""Who finishes an announced batch, and what is done when its staged files are gone."""

import os
from pathlib import Path

import pytest

from computers import FORK, KILLED, PATIENCE, File, Fuse, World, die, in_process
from judging import faults
from picture_pipeline.catalog.local import LocalBooks
from picture_pipeline.errors import IntegrityError
from samples import bytes_of, digest_of

FILES = [File(b"a.jpg", 1), File(b"b.jpg", 2)]
ANNOUNCED = 9
"""The step at which the batch is announced and nothing is published yet."""


def announce(world: World, computer: str = "one", at: int = ANNOUNCED) -> None:
    """Die after announcing a batch."""

    def work() -> None:
        with world.run(computer, Fuse(at, die)) as run:
            run.publish([run.staged(file) for file in FILES])

    assert in_process(work) == KILLED


def redos(world: World) -> list[Path]:
    return list((world.archive / ".picture-pipeline" / "incoming").rglob("*.redo"))


def originals(world: World) -> list[Path]:
    return sorted((world.archive / "originals").rglob("*.jpg"))


def test_the_announced_step_is_the_announced_step(world: World) -> None:
    announce(world)

    assert len(redos(world)) == 1
    assert originals(world) == []


def test_another_process_finishes_what_a_dead_one_announced(world: World) -> None:
    announce(world)

    assert in_process(lambda: world.take_in([])) == 0
    assert len(originals(world)) == 2
    assert faults(world, "one") == []


def test_a_process_that_publishes_finishes_what_a_dead_one_announced(world: World) -> None:
    with world.run() as run:
        announce(world)
        run.publish([run.staged(File(b"c.jpg", 3))])

    world.take_in([])
    assert len(originals(world)) == 3
    assert faults(world, "one") == []


def test_another_computer_finishes_the_batch_but_not_the_thumbnails(world: World) -> None:
    announce(world)

    world.take_in([], "two")

    assert len(originals(world)) == 2
    books = LocalBooks.open(world.folder / "two" / "local.db")
    assert books.totals() == {}
    books.close()
    world.take_in([], "one")
    assert world.incoming == []


def test_the_redo_record_is_kept_by_a_run_that_gives_up(world: World) -> None:
    with pytest.raises(ZeroDivisionError), world.run(fuse=Fuse(ANNOUNCED, lambda: 1 // 0)) as run:  # type: ignore[arg-type, return-value] - it never returns
        run.publish([run.staged(file) for file in FILES])

    assert len(redos(world)) == 1
    world.take_in([])
    assert len(originals(world)) == 2
    assert faults(world, "one") == []


@pytest.mark.parametrize("lost", ["*-0.original", "*-0.xmp"])
def test_a_batch_is_finished_without_an_original_that_is_lost(world: World, lost: str) -> None:
    announce(world)
    for file in (world.archive / ".picture-pipeline" / "incoming").rglob(lost):
        file.unlink()

    world.take_in([])

    assert [file.stem for file in originals(world)] == [digest_of(2)]
    assert faults(world, "one") == []
    world.take_in(FILES)
    assert len(originals(world)) == 2
    assert faults(world, "one") == []


@pytest.mark.parametrize("lost", ["*-0.original", "*-1.original"])
def test_what_is_left_of_an_asset_stands_alone_until_the_rest_comes_again(
    world: World, lost: str
) -> None:
    files = [File(b"a.jpg", 1), File(b"a-edited.jpg", 2)]

    def work() -> None:
        with world.run(fuse=Fuse(ANNOUNCED + 1, die)) as run:  # one step more: an amended sidecar
            run.publish([run.staged(file) for file in files])

    assert in_process(work) == KILLED
    (staged,) = (world.archive / ".picture-pipeline" / "incoming").rglob(lost)
    staged.unlink()

    world.take_in([])
    assert len(originals(world)) == 1
    assert faults(world, "one") == []
    world.take_in(files)
    assert len(originals(world)) == 2
    assert faults(world, "one") == []


def test_a_batch_of_which_everything_is_lost_is_forgotten(world: World) -> None:
    announce(world)
    for file in redos(world)[0].parent.iterdir():
        if file.suffix != ".redo":
            file.unlink()

    world.take_in([])

    assert redos(world) == []
    assert originals(world) == []
    world.take_in(FILES)
    assert faults(world, "one") == []


@pytest.mark.parametrize(
    "damaged", [b"", b"{}", b"\0" * 99, b'{"is":"Batch","fields":{}}', b"\xff"]
)
def test_a_damaged_redo_record_stops_the_run_and_is_kept(world: World, damaged: bytes) -> None:
    announce(world)
    redos(world)[0].write_bytes(damaged)

    with pytest.raises(IntegrityError, match=r"redo record .* is damaged"):
        world.take_in([])

    assert len(redos(world)) == 1


def test_a_folder_of_a_run_may_be_renamed_by_hand(world: World) -> None:
    announce(world)
    folder = redos(world)[0].parent
    folder.rename(folder.with_name(folder.name + "-saved"))

    world.take_in([])

    assert len(originals(world)) == 2
    assert redos(world) == []


def test_other_bytes_at_the_place_stop_the_run_until_they_are_moved(world: World) -> None:
    announce(world)
    place = world.archive / "originals" / "2024" / "03" / "15" / f"{digest_of(1)}.jpg"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"other bytes")

    for _ in range(2):
        with pytest.raises(IntegrityError, match=str(place)):
            world.take_in(FILES)

    assert place.read_bytes() == b"other bytes"
    place.rename(world.folder / "looked at")
    world.take_in(FILES)
    assert faults(world, "one") == []


def test_the_same_bytes_at_the_place_are_adopted(world: World) -> None:
    place = world.archive / "originals" / "2024" / "03" / "15" / f"{digest_of(1)}.jpg"
    place.parent.mkdir(parents=True)
    place.write_bytes(bytes_of(1))
    inode = place.stat().st_ino

    world.take_in(FILES)

    assert place.stat().st_ino == inode
    assert faults(world, "one") == []


def test_a_run_that_only_looks_leaves_the_folders_of_live_runs(world: World) -> None:
    with world.run() as run:
        run.staged(FILES[0])
        world.take_in([])

        assert len(os.listdir(world.archive / ".picture-pipeline" / "incoming")) == 1
        run.publish([run.staged(FILES[1])])


def test_a_run_that_dies_while_another_starts_loses_nothing(world: World) -> None:
    """It dies between the other's finishing of dead runs' batches and its clearing up."""
    begun, may_die = FORK.Event(), FORK.Event()

    def announce_when_told() -> None:
        with world.run(fuse=Fuse(ANNOUNCED, die)) as run:
            finished = [run.staged(file) for file in FILES]
            begun.set()
            may_die.wait(PATIENCE)
            run.publish(finished)

    other = FORK.Process(target=announce_when_told)
    other.start()
    assert begun.wait(PATIENCE)

    def let_it_die() -> None:
        may_die.set()
        other.join(PATIENCE)

    with world.run() as run:
        run.recover(let_it_die)

    assert other.exitcode == KILLED
    world.take_in([])
    assert len(originals(world)) == 2
    assert faults(world, "one") == []
