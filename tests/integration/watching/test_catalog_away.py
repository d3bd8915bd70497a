"""The catalog's file goes away under a running watch: no new one is begun in its place."""

from pathlib import Path

from picture_pipeline.bootstrap.watching import read_health
from pictures import jpeg, write
from played_watch import START, Play, imported

HOUR = 3600.0


def move(folder: Path, there: Path) -> None:
    there.mkdir(exist_ok=True)
    for file in folder.glob("catalog.db*"):
        file.rename(there / file.name)


def test_a_catalog_that_is_away_is_waited_for(play: Play, phone: Path, tmp_path: Path) -> None:
    write(phone / "before.jpg", jpeg(1))
    told: list[str] = []

    def away() -> None:
        move(play.home, tmp_path / "away")
        write(phone / "new.jpg", jpeg(2))

    def look() -> None:
        told.append(read_health(play.config, START + play.now).trouble)
        told.append(str(sorted(path.name for path in play.home.glob("catalog.db*"))))

    reports = play.watch(phone, seconds=HOUR, meanwhile=[(600.0, away), (HOUR - 300.0, look)])

    assert imported(reports) == 1
    assert "the catalog's file is gone" in told[0]
    assert told[1] == "[]"


def test_when_it_is_back_the_watch_goes_on(play: Play, phone: Path, tmp_path: Path) -> None:
    write(phone / "before.jpg", jpeg(1))

    def away() -> None:
        move(play.home, tmp_path / "away")
        write(phone / "new.jpg", jpeg(2))

    def back() -> None:
        move(tmp_path / "away", play.home)

    reports = play.watch(phone, seconds=HOUR, meanwhile=[(600.0, away), (1500.0, back)])

    assert imported(reports) == 2
    assert [report.run for report in reports] == [1, 2]
    assert play.listed() == ["before.jpg", "new.jpg"]


def test_another_catalog_in_its_place_is_not_taken_for_it(
    play: Play, phone: Path, tmp_path: Path
) -> None:
    write(phone / "before.jpg", jpeg(1))

    def replaced() -> None:
        move(play.home, tmp_path / "away")
        (play.home / "catalog.db").write_bytes((tmp_path / "away" / "catalog.db").read_bytes())
        write(phone / "new.jpg", jpeg(2))

    told: list[str] = []

    def look() -> None:
        told.append(read_health(play.config, START + play.now).trouble)

    reports = play.watch(phone, seconds=HOUR, meanwhile=[(600.0, replaced), (HOUR - 300.0, look)])

    assert imported(reports) == 1
    assert "another catalog lies here" in told[0]
