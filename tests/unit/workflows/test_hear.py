"""What sources tell of an original adds up, whatever the order in which they tell it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from picture_pipeline.model.asset import Place
from picture_pipeline.model.candidate import SourceName
from picture_pipeline.model.told import NOTHING, Told
from picture_pipeline.workflows.hear import heard

WORDS = st.lists(st.sampled_from("abcde"), max_size=3).map(tuple)
MAYBE = st.none() | st.booleans()
TOLD = st.builds(
    Told,
    albums=WORDS,
    people=WORDS,
    tags=WORDS,
    favourite=MAYBE,
    hidden=MAYBE,
    title=st.none() | st.sampled_from("xyz"),
    rating=st.none() | st.integers(-1, 5),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
)
PLACES = st.lists(
    st.builds(
        Place,
        source=st.sampled_from("pq").map(SourceName),
        folder=st.sampled_from([b"", b"f"]),
        name=st.sampled_from([b"1", b"2", b"3"]),
        size=st.just(1),
        current=st.booleans(),
        told=TOLD,
    ),
    unique_by=lambda place: (place.source, place.folder, place.name),
)


def place(name: bytes, told: Told, *, current: bool = True) -> Place:
    return Place(SourceName("phone"), b"", name, 1, current, told)


@given(PLACES, st.randoms())
def test_the_order_of_arrival_makes_no_difference(places: list[Place], random: object) -> None:
    shuffled = list(places)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own random
    assert heard(shuffled) == heard(places)


@given(PLACES)
def test_telling_twice_tells_nothing_more(places: list[Place]) -> None:
    assert heard([*places, *places]) == heard(places)


@given(PLACES)
def test_what_is_heard_says_all_that_one_place_with_all_of_it_would(places: list[Place]) -> None:
    together = heard(places)
    assert heard([place(b"0", together)]) == together


def test_albums_people_and_tags_add_up_sorted() -> None:
    one = place(b"1", Told(albums=("Sea", "Alps"), people=("Zoe",), tags=("A/B",)))
    other = place(b"2", Told(albums=("Alps", "Home"), people=("Anna",), tags=("A",)))
    assert heard([one, other]) == Told(
        albums=("Alps", "Home", "Sea"), people=("Anna", "Zoe"), tags=("A", "A/B")
    )


def test_a_favourite_of_one_source_is_a_favourite() -> None:
    no, yes = place(b"1", Told(favourite=False)), place(b"2", Told(favourite=True))
    assert heard([no, yes]).favourite is True
    assert heard([no]).favourite is False
    assert heard([place(b"3", NOTHING)]).favourite is None


def test_of_single_values_the_first_place_counts() -> None:
    one, other = place(b"1", Told(title="one")), place(b"2", Told(title="two", rating=4))
    assert heard([other, one]) == Told(title="one", rating=4)


def test_half_a_position_is_passed_over() -> None:
    half, whole = Told(latitude=1.0), Told(latitude=2.0, longitude=3.0)
    found = heard([place(b"1", half), place(b"2", whole)])
    assert (found.latitude, found.longitude) == (2.0, 3.0)


def test_a_place_that_shows_other_bytes_now_tells_no_more() -> None:
    was = place(b"1", Told(albums=("Sea",)), current=False)
    assert heard([was, replace(was, name=b"2", current=True, told=NOTHING)]) == NOTHING
