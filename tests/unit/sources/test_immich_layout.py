"""Folders and names that we give to what an Immich server holds."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from immich_assets import asset, identity
from picture_pipeline.sources.immich_layout import Shot, by_folder, day_folder, file_name, lay_out

DAY = b"2024/03/15"


def places(shots: Iterable[Shot]) -> dict[str, bytes]:
    return {one.asset.id: one.folder + b"/" + one.name for one in lay_out(shots, DAY)}


def test_an_asset_lies_in_the_folder_of_its_day() -> None:
    assert day_folder(asset(1)) == DAY


def test_of_two_that_are_called_the_same_the_first_that_came_keeps_its_place() -> None:
    late, early = asset(1, created="2024-06-01"), asset(2, created="2024-05-01")

    assert places([Shot(late), Shot(early)]) == {
        identity(2): DAY + b"/IMG_1.JPG",
        identity(1): DAY + b"/" + identity(1).encode() + b"/IMG_1.JPG",
    }


def test_what_arrives_later_moves_nothing() -> None:
    before = [Shot(asset(2, created="2024-05-02")), Shot(asset(3, created="2024-05-03"))]
    after = [*before, Shot(asset(1, created="2024-05-04"))]

    assert places(before).items() <= places(after).items()


def test_names_that_differ_in_case_alone_are_kept_apart() -> None:
    found = places([Shot(asset(1, "img_1.jpg")), Shot(asset(2, "IMG_1.JPG"))])

    assert len({place.lower().rpartition(b"/")[0] for place in found.values()}) == 2


def test_a_live_film_lies_beside_its_still_under_its_stem() -> None:
    film = asset(2, "IMG_9999.MOV")

    assert places([Shot(asset(1, "IMG_1.HEIC"), film)]) == {
        identity(1): DAY + b"/IMG_1.HEIC",
        identity(2): DAY + b"/IMG_1.MOV",
    }


def test_a_live_photo_moves_as_a_whole_when_its_film_has_no_room() -> None:
    alone = Shot(asset(1, "IMG_1.MOV", created="2024-04-01"))
    live = Shot(asset(2, "IMG_1.HEIC"), asset(3, "IMG_1.MOV"))

    found = places([alone, live])

    own = DAY + b"/" + identity(2).encode()
    assert found[identity(2)] == own + b"/IMG_1.HEIC"
    assert found[identity(3)] == own + b"/IMG_1.MOV"


def test_folders_come_in_order_each_once() -> None:
    shots = [Shot(asset(number, name)) for number, name in enumerate(["b", "a", "b", "c"])]

    folders = [
        (folder, [one.name for one in inside]) for folder, inside in by_folder(lay_out(shots, DAY))
    ]

    assert folders == [(DAY, [b"a", b"b", b"c"]), (DAY + b"/" + identity(2).encode(), [b"b"])]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", b".._.._etc_passwd"),
        ("a\0b.jpg", b"ab.jpg"),
        ("..", identity(1).encode() + b".jpg"),
        ("", identity(1).encode() + b".jpg"),
        ("x" * 300 + ".jpg", b"x" * 196 + b".jpg"),
        ("\U0001f3d6" * 100 + ".jpeg", "\U0001f3d6".encode() * 48 + b".jpeg"),
    ],
)
def test_a_hostile_name_becomes_a_plain_one(given: str, name: bytes) -> None:
    assert file_name(asset(1, given)) == name


@given(st.lists(st.text(max_size=300), max_size=6), st.text(max_size=20))
def test_every_asset_gets_a_place_of_its_own(names: list[str], film_name: str) -> None:
    shots = [Shot(asset(number, name)) for number, name in enumerate(names, 10)]
    shots.append(Shot(asset(1, "IMG_1.HEIC"), replace(asset(2), name=film_name)))

    found = places(shots)

    assert len(set(found.values())) == len(names) + 2
    assert not any(b"\0" in place or b"//" in place for place in found.values())
