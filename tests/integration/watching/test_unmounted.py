"""A source whose volume is away is not a source whose pictures were deleted."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from picture_pipeline.model.watched import SourceStatus
from pictures import jpeg, write
from played_watch import Play, imported

HOUR = 3600
COUNT = 10


@pytest.fixture
def filled(phone: Path) -> Path:
    for number in range(COUNT):
        write(phone / f"{number % 2}" / f"{number}.jpg", jpeg(number))
    return phone


def empty(folder: Path) -> None:
    folder.rename(folder.with_name("away"))
    folder.mkdir()


def gone(play: Play) -> int:
    """Count the places at which something is noted as no longer there."""
    with closing(sqlite3.connect(play.home / "catalog.db")) as catalog:
        count: int = catalog.execute(
            "SELECT count(*) FROM sightings WHERE last_seen IS NOT NULL"
        ).fetchone()[0]
        return count


@pytest.mark.parametrize("leave", [lambda f: f.rename(f.with_name("away")), empty])
def test_a_source_that_is_away_is_unmounted_and_nothing_is_gone(
    play: Play, filled: Path, leave: Callable[[Path], object]
) -> None:
    play.watch(filled, seconds=200)
    play.watch(filled, seconds=2 * HOUR, meanwhile=[(30, partial(leave, filled))])
    assert play.health(filled).status is SourceStatus.UNMOUNTED
    assert (play.health(filled).files, gone(play)) == (COUNT, 0)


def test_it_is_taken_up_again_by_itself(play: Play, filled: Path) -> None:
    away = filled.with_name("away")

    def back() -> None:
        filled.rmdir()
        away.rename(filled)
        write(filled / "new.jpg", jpeg(99))

    play.watch(filled, seconds=200)
    reports = play.watch(
        filled, seconds=3 * HOUR, meanwhile=[(30, partial(empty, filled)), (HOUR, back)]
    )
    assert imported(reports) == 1
    assert play.health(filled).status is SourceStatus.WATCHED


def test_what_waited_when_it_went_is_taken_when_it_is_back(play: Play, filled: Path) -> None:
    away = filled.with_name("away")

    def back() -> None:
        filled.rmdir()
        away.rename(filled)

    play.watch(filled, seconds=200)
    new = partial(write, filled / "0" / "new.jpg", jpeg(99))
    script = [(50, new), (65, partial(empty, filled)), (600, back)]
    assert imported(play.watch(filled, seconds=1000, meanwhile=script)) == 1


def test_another_source_goes_on_meanwhile(play: Play, filled: Path, tmp_path: Path) -> None:
    card = tmp_path / "card"
    card.mkdir()
    both = (filled, card)
    play.watch(*both, seconds=200)
    script = [(30, partial(empty, filled)), (600, partial(write, card / "new.jpg", jpeg(50)))]
    assert imported(play.watch(*both, seconds=HOUR, meanwhile=script)) == 1
    assert play.health(card).status is SourceStatus.WATCHED


def test_a_marker_that_was_there_has_to_be_there(play: Play, filled: Path) -> None:
    (filled / ".mounted").touch()
    play.watch(filled, seconds=200)
    (filled / ".mounted").unlink()
    new = partial(write, filled / "0" / "stray.jpg", jpeg(77))
    assert imported(play.watch(filled, seconds=HOUR, meanwhile=[(100, new)])) == 0
    told = play.health(filled)
    assert (told.status, told.detail) == (SourceStatus.UNMOUNTED, "its marker .mounted is missing")


def test_a_restart_remembers_what_was_there(play: Play, filled: Path) -> None:
    play.watch(filled, seconds=200)
    empty(filled)
    play.watch(filled, seconds=200)
    assert play.health(filled).status is SourceStatus.UNMOUNTED


def test_from_a_source_that_shrank_new_files_are_taken(play: Play, filled: Path) -> None:
    play.watch(filled, seconds=200)
    shutil.rmtree(filled / "1")
    new = partial(write, filled / "0" / "new.jpg", jpeg(88))
    reports = play.watch(filled, seconds=2 * HOUR, meanwhile=[(30, new)])
    assert imported(reports) == 1
    assert play.health(filled).status is SourceStatus.SHRUNKEN


def test_after_a_day_the_person_is_believed(play: Play, filled: Path) -> None:
    play.watch(filled, seconds=200)
    shutil.rmtree(filled / "1")
    play.watch(filled, seconds=26 * HOUR, interval=1800)
    assert play.health(filled).status is SourceStatus.WATCHED


def test_a_source_that_is_away_from_the_start_is_waited_for(play: Play, tmp_path: Path) -> None:
    later = tmp_path / "later"
    config = play.home / "config" / "storage.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(
        f"storage:\n  local: {{base_path: {play.home}}}\n"
        f"  nas: {{base_path: {play.home / 'archive'}}}\n"
        f"  sources: [{{name: later, path: {later}}}]\n"
    )
    play.storage.here("setup-storage")
    reports = play.watch(seconds=HOUR, meanwhile=[(600, lambda: write(later / "a.jpg", jpeg(1)))])
    assert imported(reports) == 1


def test_a_source_that_was_never_there_is_no_folder_to_watch(play: Play, tmp_path: Path) -> None:
    said = play.storage.here("watch", "--once", str(tmp_path / "nowhere"))
    assert said.status == 2
