"""The archive or the database is away for a while; the watch goes on by itself."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from databases import Postgres
from picture_pipeline.bootstrap.watching import read_health
from picture_pipeline.model.watched import SourceStatus
from picture_pipeline.ports import Source
from picture_pipeline.workflows.watch import Gated, Watch
from picture_pipeline.workflows.watched import Watched
from pictures import jpeg, write
from played_watch import START, Play, imported

HOUR = 3600


@pytest.fixture
def server() -> Iterator[Postgres]:
    made = Postgres.start()
    yield made
    made.remove()


def test_while_the_archive_is_away_nothing_is_lost(play: Play, phone: Path) -> None:
    archive = play.storage.archive
    away = archive.with_name("archive-away")
    write(phone / "before.jpg", jpeg(1))
    play.watch(phone, seconds=200)
    script = [
        (10, lambda: archive.rename(away)),
        (20, partial(write, phone / "meanwhile.jpg", jpeg(2))),
        (2 * HOUR, lambda: away.rename(archive)),
    ]
    assert imported(play.watch(phone, seconds=2 * HOUR + 400, meanwhile=script)) == 1
    assert play.listed() == ["before.jpg", "meanwhile.jpg"]
    assert not away.exists()


def test_idling_does_not_notice_that_the_archive_is_away(play: Play, phone: Path) -> None:
    write(phone / "before.jpg", jpeg(1))
    play.watch(phone, seconds=200)
    play.storage.archive.rename(play.home / "archive-away")
    play.watch(phone, seconds=2 * HOUR)
    assert read_health(play.config, START + play.now).trouble == ""


def test_the_health_tells_what_is_waited_for(play: Play, phone: Path) -> None:
    write(phone / "before.jpg", jpeg(1))
    play.watch(phone, seconds=200)
    play.storage.archive.rename(play.home / "archive-away")
    write(phone / "new.jpg", jpeg(2))
    told: list[str] = []

    def look() -> None:
        told.append(read_health(play.config, START + play.now).trouble)

    play.watch(phone, seconds=HOUR, meanwhile=[(HOUR / 2, look)])
    assert "there is no archive" in told[0]


def test_an_outage_is_tried_again_at_most_every_five_minutes(play: Play, phone: Path) -> None:
    write(phone / "before.jpg", jpeg(1))
    play.watch(phone, seconds=200)
    play.storage.archive.rename(play.home / "archive-away")
    write(phone / "new.jpg", jpeg(2))
    play.sleeps = 0
    play.watch(phone, seconds=10 * HOUR)
    assert play.sleeps < 10 * 60 * 1.4


@pytest.mark.postgres
def test_a_database_that_stops_and_starts_is_survived(
    play: Play, phone: Path, server: Postgres
) -> None:
    with server.database() as url:
        play.more = {"PICTURE_PIPELINE_STORAGE__DATABASE__URL": url}
        write(phone / "before.jpg", jpeg(1))
        assert imported(play.watch(phone, seconds=200)) == 1
        script = [
            (10, server.stop),
            (20, partial(write, phone / "meanwhile.jpg", jpeg(2))),
            (HOUR, server.go_on),
        ]
        assert imported(play.watch(phone, seconds=HOUR + 900, meanwhile=script)) == 1
        assert play.listed() == ["before.jpg", "meanwhile.jpg"]


def test_local_books_that_vanish_are_made_anew(play: Play, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    play.watch(
        phone,
        seconds=HOUR,
        meanwhile=[(600, (play.home / "local.db").unlink)],
    )
    assert play.health(phone).files == 1


def test_an_error_that_nobody_foresaw_stops_no_other_source(
    play: Play, phone: Path, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    for number, folder in enumerate((phone, card)):
        write(folder / f"{folder.name}.jpg", jpeg(number))

    def spoil(watch: Watch) -> None:
        watch.gated = partial(broken, phone, watch.gated)

    play.watch(phone, card, seconds=500, spoil=spoil)
    assert play.listed() == ["card.jpg"]
    assert play.health(phone).status is SourceStatus.TROUBLED
    play.watch(phone, card, seconds=200)
    assert play.listed() == ["card.jpg", "phone.jpg"]


def broken(
    path: Path, sound: Gated, watched: Watched, source: Source, folders: tuple[bytes, ...] | None
) -> Source:
    if watched.spec.path == bytes(path):
        raise ValueError("nobody foresaw this")
    return sound(watched, source, folders)
