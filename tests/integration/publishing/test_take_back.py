"""Taking a run back: what goes into the trash, what stays, and what a kill at any step leaves."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from computers import KILLED, File, Fuse, Fused, Run, World, die, in_process
from judging import faults
from picture_pipeline.bootstrap.forgetting import forgetter
from picture_pipeline.catalog.imports import SqlRuns
from picture_pipeline.model.run import RunId
from picture_pipeline.model.undoing import Staying
from picture_pipeline.originals.trash import Trash
from picture_pipeline.workflows.take_back import Restored, TakeBack, Undone
from samples import FIRST, digest_of

Worlds = Callable[[], World]
UNTOUCHED = 0
FIRST_RUN, SECOND_RUN = RunId(1), RunId(2)
BOTH = File(b"b.jpg", 2)
ONLY_FIRST = [File(b"a.jpg", 1), File(b"c.jpg", 3, day=16)]


def take_in(world: World, run_id: RunId, *files: File, again: tuple[File, ...] = ()) -> None:
    """Import files as the run with that number; ``again`` are known already."""
    with world.run() as run:
        assert run.catalog.start_run("import", run.publisher.writer, FIRST) == run_id
        run.recover()
        found = [*map(run.staged, files), *map(run.known, again)]
        run.publisher.publish(run_id, found)


@contextmanager
def taking_back(world: World, fuse: Fuse | None = None) -> Iterator[TakeBack]:
    with world.run(fuse=fuse) as run:
        yield verb_of(run, fuse)


def verb_of(run: Run, fuse: Fuse | None = None) -> TakeBack:
    publisher = replace(run.publisher, forget=forgetter(run.tree, run.books, None))
    trash: object = Trash(run.archive)
    if fuse is not None:
        trash = Fused(trash, fuse)
    return TakeBack(publisher, trash, SqlRuns(run.catalog), lambda _count: None)  # type: ignore[arg-type]  # burns, then asks the real one


def undo(world: World, run: RunId) -> Undone:
    with taking_back(world) as verb:
        return verb.undo(run)


def restore(world: World, run: RunId) -> Restored:
    with taking_back(world) as verb:
        return verb.restore(run)


def originals(world: World) -> set[str]:
    found = (world.archive / "originals").rglob("*.jpg")
    return {file.name.partition(".")[0] for file in found}


def tree(world: World) -> dict[str, bytes]:
    found = (world.archive / "originals").rglob("*.*")
    return {str(file.relative_to(world.archive)): file.read_bytes() for file in found}


def in_trash(world: World) -> list[Path]:
    return sorted((world.archive / ".picture-pipeline" / "trash").rglob("*.jpg"))


@pytest.fixture
def two_runs(world: World) -> World:
    """A world with two imports, of which the second saw a file of the first again."""
    take_in(world, FIRST_RUN, *ONLY_FIRST, BOTH)
    take_in(world, SECOND_RUN, File(b"d.jpg", 4), again=(File(b"b again.jpg", 2),))
    return world


def test_taking_a_run_back_keeps_what_another_saw(two_runs: World) -> None:
    done = undo(two_runs, FIRST_RUN)

    assert {leave.digest for leave in done.plan.leaves} == {digest_of(1), digest_of(3)}
    assert [(stay.digest, stay.reason) for stay in done.plan.stays] == [
        (digest_of(2), Staying.SEEN_AGAIN)
    ]
    assert originals(two_runs) == {digest_of(2), digest_of(4)}
    assert faults(two_runs, "one") == []


def test_what_goes_lies_in_the_trash_with_its_sidecar(two_runs: World) -> None:
    before = tree(two_runs)
    done = undo(two_runs, FIRST_RUN)

    assert done.trash is not None
    for leave in done.plan.leaves:
        file = two_runs.archive / done.trash / leave.path
        assert file.read_bytes() == before[leave.path]
        sidecar = leave.path.removesuffix(".jpg") + ".xmp"
        assert file.with_suffix(".xmp").read_bytes() == before[sidecar]


def test_its_thumbnails_go(two_runs: World) -> None:
    thumbs = two_runs.folder / "one" / "thumbs" / "tiny"
    undo(two_runs, FIRST_RUN)

    assert {file.stem for file in thumbs.rglob("*.jpg")} == originals(two_runs)


def test_once_both_are_taken_back_nothing_is_left(two_runs: World) -> None:
    undo(two_runs, SECOND_RUN)
    done = undo(two_runs, FIRST_RUN)

    assert done.plan.stays == ()
    assert originals(two_runs) == set()
    assert faults(two_runs, "one") == []


def test_taking_back_twice_does_nothing_more(two_runs: World) -> None:
    undo(two_runs, FIRST_RUN)
    done = undo(two_runs, FIRST_RUN)

    assert done.plan.leaves == ()
    assert done.trash is None


def test_importing_again_brings_it_back_to_the_same_paths(two_runs: World) -> None:
    before = set(tree(two_runs))
    undo(two_runs, FIRST_RUN)
    with two_runs.run() as run:
        run.recover()
        run.take_in([*ONLY_FIRST, BOTH])

    assert set(tree(two_runs)) == before


def test_restoring_brings_back_all_as_it_was(two_runs: World) -> None:
    before = tree(two_runs)
    done = undo(two_runs, FIRST_RUN)
    back = restore(two_runs, FIRST_RUN)

    assert {one.digest for one in back.originals} == {one.digest for one in done.plan.leaves}
    assert tree(two_runs) == before
    assert list((two_runs.archive / ".picture-pipeline" / "trash").iterdir()) == []
    assert missing_thumbnails_aside(two_runs) == []


def missing_thumbnails_aside(world: World) -> list[str]:
    return [found for found in faults(world, "one") if not found.startswith("no thumbnail")]


def test_a_restored_file_is_known_again(two_runs: World) -> None:
    undo(two_runs, FIRST_RUN)
    restore(two_runs, FIRST_RUN)
    with two_runs.run() as run:
        run.recover()
        assert run.take_in([*ONLY_FIRST, BOTH]).events == ()


def test_a_restored_run_can_be_taken_back_again(two_runs: World) -> None:
    undo(two_runs, FIRST_RUN)
    restore(two_runs, FIRST_RUN)
    done = undo(two_runs, FIRST_RUN)

    assert {leave.digest for leave in done.plan.leaves} == {digest_of(1), digest_of(3)}


def test_a_damaged_copy_stays_in_the_trash(two_runs: World) -> None:
    undo(two_runs, FIRST_RUN)
    damaged = next(file for file in in_trash(two_runs) if file.stem == digest_of(1))
    damaged.chmod(0o644)
    damaged.write_bytes(b"rot")
    back = restore(two_runs, FIRST_RUN)

    assert [one.digest for one in back.damaged] == [digest_of(1)]
    assert damaged.exists()
    assert missing_thumbnails_aside(two_runs) == []


def test_what_was_imported_again_meanwhile_is_not_restored_twice(two_runs: World) -> None:
    undo(two_runs, FIRST_RUN)
    with two_runs.run() as run:
        run.take_in(ONLY_FIRST[:1])
    back = restore(two_runs, FIRST_RUN)

    assert back.there_again == (digest_of(1),)
    assert [one.digest for one in back.originals] == [digest_of(3)]
    assert missing_thumbnails_aside(two_runs) == []


def test_an_edited_sidecar_keeps_its_original(two_runs: World) -> None:
    sidecar = next((two_runs.archive / "originals").rglob(f"{digest_of(1)}.xmp"))
    sidecar.write_bytes(sidecar.read_bytes() + b"<!-- five stars -->")
    done = undo(two_runs, FIRST_RUN)

    assert {(s.digest, s.reason) for s in done.plan.stays} == {
        (digest_of(1), Staying.EDITED),
        (digest_of(2), Staying.SEEN_AGAIN),
    }


def test_an_edited_sidecar_goes_when_that_is_said(two_runs: World) -> None:
    sidecar = next((two_runs.archive / "originals").rglob(f"{digest_of(1)}.xmp"))
    sidecar.write_bytes(edited := sidecar.read_bytes() + b"<!-- five stars -->")
    with taking_back(two_runs) as verb:
        done = verb.undo(FIRST_RUN, also_edited=True)
    restore(two_runs, FIRST_RUN)

    assert digest_of(1) in {leave.digest for leave in done.plan.leaves}
    assert sidecar.read_bytes() == edited


def test_emptying_the_trash_removes_it_for_good(two_runs: World) -> None:
    undo(two_runs, FIRST_RUN)
    with taking_back(two_runs) as verb:
        verb.empty(list(verb.trash.folders()))

    assert list((two_runs.archive / ".picture-pipeline" / "trash").iterdir()) == []
    assert faults(two_runs, "one") == []


def killed_while(world: World, at: int, act: Callable[[TakeBack], object]) -> int:
    """Do something in a process of its own that dies at the n-th step."""

    def work() -> None:
        fuse = Fuse(at, die)
        with taking_back(world, fuse) as verb:
            act(verb)

    return in_process(work)


def test_killed_at_any_step_undoing_is_finished_by_the_next(new_world: Worlds) -> None:
    broken: dict[int, object] = {}
    steps, ended = 0, KILLED
    while ended == KILLED:
        steps += 1
        world = new_world()
        take_in(world, FIRST_RUN, *ONLY_FIRST, BOTH)
        take_in(world, SECOND_RUN, File(b"d.jpg", 4), again=(File(b"b again.jpg", 2),))
        ended = killed_while(world, steps, lambda verb: verb.undo(FIRST_RUN))
        world.take_in([])
        at_rest = faults(world, "one")
        undo(world, FIRST_RUN)
        found = [*at_rest, *faults(world, "one")]
        if found or originals(world) != {digest_of(2), digest_of(4)} or len(in_trash(world)) != 2:
            broken[steps] = found or originals(world)

    assert ended == UNTOUCHED
    assert broken == {}
    assert steps > 15


def test_killed_at_any_step_restoring_is_finished_by_the_next(new_world: Worlds) -> None:
    broken: dict[int, object] = {}
    steps, ended = 0, KILLED
    while ended == KILLED:
        steps += 1
        world = new_world()
        take_in(world, FIRST_RUN, *ONLY_FIRST)
        before = tree(world)
        undo(world, FIRST_RUN)
        ended = killed_while(world, steps, lambda verb: verb.restore(FIRST_RUN))
        world.take_in([])
        if list((world.archive / ".picture-pipeline" / "trash").iterdir()):
            restore(world, FIRST_RUN)
        found = missing_thumbnails_aside(world)
        if found or tree(world) != before:
            broken[steps] = found

    assert ended == UNTOUCHED
    assert broken == {}
    assert steps > 10


def test_killed_at_any_step_emptying_is_finished_by_the_next(new_world: Worlds) -> None:
    def empty(verb: TakeBack) -> None:
        verb.empty(list(verb.trash.folders()))

    broken: dict[int, object] = {}
    steps, ended = 0, KILLED
    while ended == KILLED:
        steps += 1
        world = new_world()
        take_in(world, FIRST_RUN, *ONLY_FIRST)
        undo(world, FIRST_RUN)
        ended = killed_while(world, steps, empty)
        world.take_in([])
        with taking_back(world) as verb:
            empty(verb)
        found = faults(world, "one")
        if found or list((world.archive / ".picture-pipeline" / "trash").iterdir()):
            broken[steps] = found or in_trash(world)

    assert ended == UNTOUCHED
    assert broken == {}
    assert steps > 5
