"""A publishing that is cut short at any step is finished by the next start."""

from collections.abc import Callable

import pytest

from computers import KILLED, File, Fuse, Run, World, die, in_process
from judging import faults
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.queries import page_through
from picture_pipeline.errors import CatalogUnavailable
from picture_pipeline.model.query import Filter

Worlds = Callable[[], World]
GAVE_UP, UNTOUCHED = 3, 0

BEFORE = [File(b"old.jpg", 1), File(b"again-edited.jpg", 4)]
FILES = [
    File(b"a.jpg", 2),
    File(b"b.jpg", 3),
    File(b"same as b.jpg", 3),
    File(b"old-edited.jpg", 5),  # joins old.jpg, which lies there already
    File(b"again.jpg", 1),  # old.jpg once more, which shows whose edit again-edited.jpg is
]
ONE_ASSET = {b"old.jpg", b"again-edited.jpg", b"old-edited.jpg"}
TEXT = File(b"notes.txt", 9)


def give_up() -> None:
    raise CatalogUnavailable("the database was stopped")


def publish_everything(run: Run) -> None:
    new, again = FILES[:4], FILES[4]
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
    return status, [*faults(world, "one"), *_apart(world)]


def _apart(world: World) -> list[str]:
    """Say which of the files that are one asset are not."""
    catalog = SqlCatalog.open(world.url)
    rows = [(o.original_name, o.asset) for o in page_through(catalog.engine, Filter())]
    catalog.close()
    assets = {asset for name, asset in rows if name in ONE_ASSET}
    return [] if len(assets) == 1 else [f"in {len(assets)} assets: {rows}"]


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

    assert set(archived) == {2, 5}
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
