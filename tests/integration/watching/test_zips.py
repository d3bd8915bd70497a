"""A watched folder of zips: what lies in them waits until the zip stands still."""

import zipfile
from pathlib import Path

from installed import Storage
from pictures import jpeg
from played_watch import Play, imported

MEMBER = "Takeout/Google Photos/Photos from 2024/one.jpg"


def export(folder: Path) -> None:
    with zipfile.ZipFile(folder / "takeout-20240501T100000Z-001.zip", "w") as made:
        made.writestr(MEMBER, jpeg(1))
        made.writestr(f"{MEMBER}.json", '{"title": "one.jpg"}')


def test_members_of_a_zip_are_taken_when_it_stood_still(play: Play, phone: Path) -> None:
    export(phone)
    assert imported(play.watch(phone, seconds=200)) >= 1
    assert "one.jpg" in play.listed()


def test_once_takes_them_too(phone: Path, tmp_path: Path) -> None:
    export(phone)
    storage = Storage(tmp_path / "home")
    said = storage.here("watch", "--once", "--settle", "0.1", "--json", str(phone))
    assert (said.status, said.json["imported"] >= 1) == (0, True)
