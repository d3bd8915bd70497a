"""Promises of the catalog about what sources tell: kept by sighting, found by album and person."""

from dataclasses import replace

import pytest

from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.queries import page_through
from picture_pipeline.model.asset import Place
from picture_pipeline.model.query import Filter
from picture_pipeline.model.run import Batch
from picture_pipeline.model.told import NOTHING, Told
from samples import batch_of, digest_of, lines_of, publication_of, sighting_of

ALL = Told(
    albums=("Sea", "A/B"),
    people=("Anna",),
    tags=("Places/Rome",),
    favourite=False,
    hidden=True,
    deleted=False,
    title="Am Meer",
    caption="🏖",
    rating=-1,
    taken_at="2024-03-15T10:11:12+02:00",
    latitude=-33.8688197,
    longitude=151.2092955,
    stack="s",
    original_name="IMG.HEIC",
)


def book(catalog: SqlCatalog, batch: Batch, first_line: int = 1) -> None:
    with catalog.publishing() as books:
        books.record(batch, lines_of(batch, first_line))


def places(catalog: SqlCatalog) -> tuple[Place, ...]:
    with catalog.publishing() as books:
        (member,) = books.neighbourhood((), (), (), {digest_of(1)}).members
    return member.places


@pytest.mark.parametrize("told", [NOTHING, ALL, Told(title="")], ids=["nothing", "all", "blank"])
def test_what_is_told_comes_back_with_its_place(catalog: SqlCatalog, told: Told) -> None:
    publication = replace(publication_of(1), sighting=sighting_of(1, told=told))
    book(catalog, batch_of("a", [publication]))

    assert [place.told for place in places(catalog)] == [told]


def test_the_same_place_tells_what_it_told_last(catalog: SqlCatalog) -> None:
    book(catalog, batch_of("a", [publication_of(1)]))
    book(catalog, batch_of("b", sightings=[sighting_of(1, told=ALL)]), 2)
    book(catalog, batch_of("c", sightings=[sighting_of(1, told=Told(rating=1))]), 3)

    assert [place.told for place in places(catalog)] == [Told(rating=1)]


def test_hostile_words_are_booked(catalog: SqlCatalog) -> None:
    told = Told(albums=("a\x00b",), title="\ud800")
    book(catalog, batch_of("a", sightings=[], publications=[publication_of(1)]))
    book(catalog, batch_of("b", sightings=[sighting_of(1, told=told)]), 2)

    assert places(catalog)[0].told == Told(albums=("a\x00b",), title="?")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(album="Sea"), [1]),
        (Filter(album="sea"), []),
        (Filter(person="Anna"), [1, 2]),
        (Filter(person="Sea"), []),
        (Filter(favourite=True), [1]),
        (Filter(favourite=False), [2, 3]),
        (Filter(tag="Anna"), []),
        (Filter(tag="Albums"), [1]),
        (Filter(album="Sea", person="Anna", favourite=True), [1]),
    ],
)
def test_originals_are_found_by_what_was_told(
    catalog: SqlCatalog, wanted: Filter, found: list[int]
) -> None:
    first = publication_of(
        1, albums=("Sea",), tags=("Albums/Sea",), people=("Zoe", "Anna"), favourite=True
    )
    second = publication_of(2, people=("Anna",), favourite=False)
    book(catalog, batch_of("a", [first, second, publication_of(3)]))

    digests = [original.digest for original in page_through(catalog.engine, wanted)]
    assert digests == [digest_of(number) for number in found]
