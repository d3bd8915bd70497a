"""What a source tells becomes a row; what cannot be meant is left out."""

import pytest

from picture_pipeline.metadata.enrich import enrich
from picture_pipeline.metadata.telling import album_tags, row_of
from picture_pipeline.model.told import Told
from samples import original_of

OWN = original_of(1, make="Apple", rating=2, keywords=("own",), tags=("A",))


def test_a_source_knows_nothing_of_the_camera() -> None:
    row = row_of(OWN, Told(title="t"))
    assert (row.make, row.rating, row.keywords, row.tags, row.title) == (None, None, (), (), "t")


@pytest.mark.parametrize(
    ("taken_at", "offset", "utc", "subsecond"),
    [
        ("2024-03-15T10:11:12", None, None, None),
        ("2024-03-15T10:11:12.705+02:00", "+02:00", "2024-03-15T08:11:12.705000Z", "705"),
        ("2024-03-15T10:11:12+00:00", "+00:00", "2024-03-15T10:11:12Z", None),
    ],
)
def test_a_time_is_a_takeouts(
    taken_at: str, offset: str | None, utc: str | None, subsecond: str | None
) -> None:
    row = row_of(OWN, Told(taken_at=taken_at))
    assert row.taken_from == "takeout"
    assert (row.offset, row.taken_at_utc, row.subsecond) == (offset, utc, subsecond)


def test_utc_says_nothing_of_the_place() -> None:
    assert row_of(OWN, Told(taken_at="2024-03-15T10:11:12+00:00")).offset_from is None
    assert row_of(OWN, Told(taken_at="2024-03-15T10:11:12+02:00")).offset_from == "tag"


@pytest.mark.parametrize(
    "taken_at", ["", "soon", "2024-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"]
)
def test_a_time_that_is_none_is_not_told(taken_at: str) -> None:
    row = row_of(original_of(1, taken_from="name"), Told(taken_at=taken_at))
    assert row.taken_from == "mtime"


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(0.0, 0.0), (91.0, 1.0), (1.0, -181.0), (float("nan"), 1.0), (1.0, None)],
)
def test_a_position_that_is_none_is_not_told(latitude: float, longitude: float | None) -> None:
    row = row_of(original_of(1, latitude=5.0, longitude=6.0), Told(latitude=latitude))
    assert (row.latitude, row.longitude) == (None, None)
    both = row_of(OWN, Told(latitude=latitude, longitude=longitude))
    assert (both.latitude, both.longitude) == (None, None)


def test_a_rating_beyond_five_is_not_told() -> None:
    assert row_of(OWN, Told(rating=6)).rating is None
    assert row_of(OWN, Told(rating=-1)).rating == -1


def test_hostile_words_are_cleaned() -> None:
    row = row_of(OWN, Told(albums=("\ud800 a\0b", " ", "x", "x"), caption="\x1b[2J"))
    assert (row.albums, row.caption) == (("? a", "x"), "[2J")


def test_an_album_is_one_level_of_tags() -> None:
    assert album_tags(("Trip 2023/24", "a|b")) == ("Albums/Trip 2023-24", "Albums/a-b")


def test_albums_become_tags_beside_others() -> None:
    found = enrich(OWN, (), Told(albums=("Sea",), tags=("B/C",)))
    assert (found.albums, found.tags) == (("Sea",), ("A", "B/C", "Albums/Sea"))


def test_a_source_fills_only_what_nobody_else_says() -> None:
    told = Told(title="theirs", rating=5, taken_at="2020-01-01T00:00:00")
    found = enrich(OWN, (), told)
    assert (found.title, found.rating, found.taken_at) == ("theirs", 2, OWN.taken_at)
    assert "title: from source" in found.notes


def test_a_told_time_goes_before_the_date_in_a_name() -> None:
    named = original_of(1, taken_from="name")
    found = enrich(named, (), Told(taken_at="2020-01-01T00:00:00"))
    assert (found.taken_at, found.taken_from) == ("2020-01-01T00:00:00", "takeout")


def test_a_sidecar_knows_better_than_a_source() -> None:
    sidecar = original_of(2, role="sidecar", title="edited", people=("Zoe",), favourite=False)
    found = enrich(OWN, (sidecar,), Told(title="told", people=("Anna",), favourite=True))
    assert (found.title, found.people, found.favourite) == ("edited", ("Anna", "Zoe"), True)


def test_people_of_the_picture_itself_come_first() -> None:
    own = original_of(1, people=("Zoe", "Bob"))
    assert enrich(own, (), Told(people=("Anna", "Zoe"))).people == ("Zoe", "Bob", "Anna")


def test_albums_of_a_companion_become_tags_too() -> None:
    takeout = original_of(2, role="takeout", albums=("Home",))
    found = enrich(OWN, (takeout,), Told(albums=("Sea",)))
    assert (found.albums, found.tags) == (("Home", "Sea"), ("A", "Albums/Home", "Albums/Sea"))
