"""A publishing that is cut short at any step is finished by the next start."""

from collections.abc import Callable

import pytest

from computers import KILLED, File, Fuse, Run, World, die, faults, in_process
from picture_pipeline.errors import CatalogUnavailable

Worlds = Callable[[], World]
GAVE_UP, UNTOUCHED = 3, 0

BEFORE = [File(b"old.jpg", 1)]
FILES = [File(b"a.jpg", 2), File(b"b.jpg", 3), File(b"same as b.jpg", 3), File(b"again.jpg", 1)]
TEXT = File(b"notes.txt", 9)


def give_up() -> None:
    raise CatalogUnavailable("the database was stopped")


def publish_everything(run: Run) -> None:
    new, again = FILES[:3], FILES[3]
    run.publish([*map(run.staged, new), run.known(again), run.rejected(TEXT)])


def disturbed(world: World, at: int, effect: Callable[[], None]) -> int:
    """Publish in a process of its own, with an accident at the n-th step."""

    def work() -> None:
        try:
            with world.run(fuse=Fuse(at, effect)) as run:
                publish_everything(run)
        except CatalogUnavailable:
            raise SystemExit(GAVE_UP) from None

    return in_process(work)


def faults_after(world: World, at: int, effect: Callable[[], None]) -> tuple[int, list[str]]:
    world.take_in(BEFORE)
    status = disturbed(world, at, effect)
    world.take_in([*BEFORE, *FILES])
    return status, faults(world, "one")


@pytest.mark.parametrize(("effect", "status"), [(die, KILLED), (give_up, GAVE_UP)])
def test_whatever_the_step_the_next_start_finishes(
    new_world: Worlds, effect: Callable[[], None], status: int
) -> None:
    broken: dict[int, list[str]] = {}
    steps = 0
    ended = status
    while ended != UNTOUCHED:
        steps += 1
        ended, found = faults_after(new_world(), steps, effect)
        assert ended in {status, UNTOUCHED}
        if found:
            broken[steps] = found

    assert broken == {}
    assert steps > 15


def test_the_next_start_finishes_without_the_source(new_world: Worlds) -> None:
    """From the redo record on, what was announced is archived although the card is gone."""
    archived: list[int] = []
    for at in range(1, 40):
        world = new_world()
        world.take_in(BEFORE)
        if disturbed(world, at, die) == UNTOUCHED:
            break
        world.take_in([])
        assert faults(world, "one") == []
        archived.append(len(list((world.archive / "originals").rglob("*.jpg"))))

    assert set(archived) == {1, 3}
    assert archived == sorted(archived)


def test_a_start_that_is_killed_too_is_finished_by_the_one_after(new_world: Worlds) -> None:
    """A second process dies at each step of finishing what the first had announced."""
    broken: dict[int, list[str]] = {}
    for at in range(1, 40):
        world = new_world()
        world.take_in(BEFORE)
        assert disturbed(world, 12, die) == KILLED

        def recover(world: World = world, at: int = at) -> None:
            with world.run(fuse=Fuse(at, die)) as run:
                run.recover()

        ended = in_process(recover)
        world.take_in([*BEFORE, *FILES])
        if found := faults(world, "one"):
            broken[at] = found
        if ended == UNTOUCHED:
            break

    assert broken == {}
    assert at > 10
