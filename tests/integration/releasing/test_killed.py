"""A run that is killed at any step loses nothing, and the next run finishes its work."""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from computers import KILLED, Fuse, Fused, die, in_process
from letting_go import Folder
from picture_pipeline.bootstrap.releasing import Asked, Releasing
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.releases import SqlReleaseBooks, SqlReleases
from picture_pipeline.model.candidate import FileStamp
from picture_pipeline.model.release import BookedFile

NAMES = ("a/IMG_1.JPG", "b/IMG_2.JPG")
DEEDS = {
    *("os.rename", "os.remove", "os.truncate", "os.utime", "os.chmod", "os.chown"),
    *("os.setxattr", "os.link", "os.mkdir", "os.rmdir"),
}
"""Audit events of what changes files (docs.python.org/3/library/audit_events.html)."""
PATIENCE = 200
"""Steps; more than any of these commands takes."""


class FusedReleases:
    """The catalog, with a step before and after each commit."""

    def __init__(self, releases: SqlReleases, fuse: Fuse) -> None:
        self.releases, self.fuse = releases, fuse

    @contextmanager
    def releasing(self) -> Iterator[SqlReleaseBooks]:
        with self.releases.releasing() as books:
            yield books
            self.fuse.burn()
        self.fuse.burn()

    def __getattr__(self, name: str) -> object:
        return getattr(self.releases, name)


def fused(releasing: Releasing, fuse: Fuse) -> Releasing:
    """Burn at everything that changes a file, at each call of the ledger, at each commit."""
    catalog = FusedReleases(releasing.catalog, fuse)
    ledger = Fused(releasing.chronicle.ledger, fuse)
    chronicle = replace(releasing.chronicle, catalog=catalog, ledger=ledger)
    return replace(releasing, catalog=catalog, chronicle=chronicle)


def watch(fuse: Fuse) -> None:
    """Burn before each call that changes a file, from now on until the process ends."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
        if event in DEEDS or writes:
            fuse.burn()

    sys.addaudithook(hook)


def killed(folder: Folder, at: int, work: Callable[[Releasing], object]) -> bool:
    """Do the work in a process that is killed at its n-th step; False when it had fewer."""

    def run() -> None:
        fuse = Fuse(at, die)
        with folder.opened() as releasing:
            watch(fuse)
            work(fused(releasing, fuse))

    return in_process(run) == KILLED


class Quiet:
    """No progress."""

    def advance(self, entries: int, size: int) -> None:
        """Count nothing."""


def never() -> bool:
    return False


def free(releasing: Releasing) -> object:
    chosen = releasing.plan_free(Asked([b"card"], Path("/")))
    return releasing.let_go(chosen, Quiet(), never)


def reclaim(releasing: Releasing) -> object:
    chosen = releasing.plan_reclaim(Asked([b"card"], Path("/"), 0.0))
    return releasing.let_go(chosen, Quiet(), never)


def restore(releasing: Releasing) -> object:
    return releasing.restore(releasing.hollows(Asked([], Path("/"))), Quiet(), never)


def put_back(folder: Folder) -> None:
    """Put the files of a card back, and book them as an import would."""
    with folder.opened() as releasing:
        rows = releasing.catalog.booked("card", os.fsencode(folder.path), [b"a", b"b"])
        with releasing.catalog.releasing() as books:
            for name, data in folder.files.items():
                below, _, own = name.rpartition("/")
                file = rows[below.encode()][own.encode()]
                assert isinstance(file, BookedFile)
                (folder.path / name).write_bytes(data)
                books.forget_hollow(file, FileStamp.of((folder.path / name).stat()))


def faults(folder: Folder) -> list[str]:
    """Say what may never be, whatever happened when."""
    url = folder.storage.given().environ.get("PICTURE_PIPELINE_STORAGE__DATABASE__URL", "")
    found = [f"lost: {name}" for name, data in folder.files.items() if not holds(folder, data)]
    catalog = SqlCatalog.open(url or f"sqlite:///{folder.storage.home}/catalog.db")
    with catalog.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT writer, seq FROM events").all()
    catalog.close()
    booked = Counter((str(writer), int(seq)) for writer, seq in rows)
    told: Counter[tuple[str, int]] = Counter()
    for chain in (folder.storage.archive / ".picture-pipeline" / "ledger").iterdir():
        for month in chain.iterdir():
            for line in month.read_bytes().splitlines():
                told[chain.name, int(json.loads(line)["seq"])] += 1
    found += [f"catalog and ledger differ: {each}" for each in (told - booked) + (booked - told)]
    found += [f"left in incoming: {path.name}" for path in folder.storage.incoming()]
    found += [f"left in the source: {n}" for n in folder.lies_there() - set(folder.files)]
    return found


def holds(folder: Folder, data: bytes) -> bool:
    return data in folder.archived()


def sweep(
    folder: Folder,
    work: Callable[[Releasing], object],
    is_sound: Callable[[], bool],
    is_done: Callable[[], bool],
    reset: Callable[[], object],
) -> tuple[int, dict[int, object]]:
    """Kill at each step in turn; gives the number of steps, and what was wrong after which."""
    broken: dict[int, object] = {}
    for at in range(1, PATIENCE):
        was_killed = killed(folder, at, work)
        if not is_sound():
            broken[at] = "something is neither what it was nor what it was to be"
        with folder.opened() as releasing:
            work(releasing)
        found = [*faults(folder), *([] if is_done() else ["the next run did not finish"])]
        if found:
            broken[at] = found
        if not was_killed:
            return at, broken
        reset()
    raise AssertionError(f"not done after {PATIENCE} steps")


def test_freeing_that_is_killed_is_finished_by_the_next_run(
    tmp_path: Path, catalog_url: str
) -> None:
    card = Folder.make(tmp_path, "free", catalog_url).fill(*NAMES)

    steps, broken = sweep(
        card,
        free,
        is_sound=lambda: card.whole() == card.lies_there(),
        is_done=lambda: not card.lies_there(),
        reset=lambda: put_back(card),
    )

    assert broken == {}
    assert steps > 8


def test_reclaiming_that_is_killed_is_finished_by_the_next_run(
    tmp_path: Path, catalog_url: str
) -> None:
    folder = Folder.make(tmp_path, "reclaim", catalog_url, kind="icloudpd").fill(*NAMES)

    def is_done() -> bool:
        return folder.placeholders() == set(NAMES)

    def bring_back() -> None:
        with folder.opened() as releasing:
            restore(releasing)
        assert folder.whole() == set(NAMES)

    steps, broken = sweep(
        folder,
        reclaim,
        is_sound=lambda: folder.whole() | folder.placeholders() == set(NAMES),
        is_done=is_done,
        reset=bring_back,
    )

    assert broken == {}
    assert steps > 15


def test_restoring_that_is_killed_is_finished_by_the_next_run(
    tmp_path: Path, catalog_url: str
) -> None:
    folder = Folder.make(tmp_path, "reclaim", catalog_url, kind="icloudpd").fill(*NAMES)
    folder.reclaim()

    def hollow_again() -> None:
        with folder.opened() as releasing:
            reclaim(releasing)
        if folder.whole():  # killed between the file and the books: an import knows it again
            folder.take_in()
            folder.reclaim()
        assert folder.placeholders() == set(NAMES)

    steps, broken = sweep(
        folder,
        restore,
        is_sound=lambda: folder.whole() | folder.placeholders() == set(NAMES),
        is_done=lambda: folder.whole() == set(NAMES),
        reset=hollow_again,
    )

    assert broken == {}
    assert steps > 15


@pytest.mark.parametrize("at", range(1, 40, 6))
def test_an_import_right_after_a_kill_takes_no_placeholder_in(downloads: Folder, at: int) -> None:
    downloads.fill(*NAMES)
    killed(downloads, at, reclaim)

    said = downloads.take_in()

    assert said.json["imported"] == 0
    assert downloads.archived() == set(downloads.files.values())
    downloads.reclaim()
    assert downloads.placeholders() == set(NAMES)
    assert downloads.restore().status == 0
    assert downloads.whole() == set(NAMES)
