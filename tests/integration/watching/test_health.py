"""How the watch and its sources stand, as ``doctor`` and a container's health check ask."""

from pathlib import Path

from picture_pipeline.bootstrap.watching import read_health
from pictures import jpeg, write
from played_watch import START, Play

DAY = 86_400


def test_where_no_watch_ever_ran_there_is_no_heartbeat(play: Play) -> None:
    told = read_health(play.config)
    assert (told.heartbeat, told.is_alive, told.sources) == (None, False, ())


def test_a_watch_is_alive_while_it_tells_of_itself(play: Play, phone: Path) -> None:
    told = []

    def look() -> None:
        told.append(read_health(play.config, START + play.now))
        told.append(read_health(play.config, START + play.now + 3600))

    play.watch(phone, seconds=300, meanwhile=[(200.0, look)])
    assert [health.is_alive for health in told] == [True, False]
    assert not any(health.was_stopped for health in told)


def test_a_watch_that_was_stopped_says_so(play: Play, phone: Path) -> None:
    play.watch(phone, seconds=300)
    told = read_health(play.config, START + play.now)
    assert (told.is_alive, told.was_stopped, told.trouble) == (False, True, "")


def test_a_source_without_new_files_is_stale_after_three_days(play: Play, phone: Path) -> None:
    write(phone / "one.jpg", jpeg(1))
    play.watch(phone, seconds=300)
    fresh, stale = (
        read_health(play.config, START + days * DAY).sources[0].is_stale for days in (2.9, 3.1)
    )
    assert (fresh, stale) == (False, True)


def test_a_new_file_makes_it_fresh_again(play: Play, phone: Path) -> None:
    play.watch(phone, seconds=300)
    play.now = 4.0 * DAY
    write(phone / "one.jpg", jpeg(1))
    play.watch(phone, seconds=300)
    told = play.health(phone)
    assert (told.is_stale, told.waiting, told.files) == (False, 0, 1)
    assert told.last_new is not None


def test_a_source_that_is_watched_no_more_is_forgotten_after_a_week(
    play: Play, phone: Path, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    write(card / "one.jpg", jpeg(1))
    play.watch(phone, f"card={card}", seconds=300)
    play.now += 8.0 * DAY
    play.watch(phone, seconds=300)
    told = read_health(play.config, START + play.now)
    assert [source.path for source in told.sources] == [bytes(phone)]
