"""Films of Live Photos, found while stills pass by."""

from collections.abc import Iterator
from dataclasses import replace

from immich_assets import Shelf, asset, identity
from picture_pipeline.model.server_asset import ServerAsset
from picture_pipeline.sources.immich_films import Films


def at(number: int, time: str, film: int | None = None) -> ServerAsset:
    live = None if film is None else identity(film)
    return replace(asset(number), taken=time, live_film=live)


def films_of(*hidden: ServerAsset) -> tuple[Films, Shelf]:
    shelf = Shelf.of(*hidden)
    return Films(shelf, iter(hidden)), shelf


def claim(films: Films, *stills: ServerAsset) -> list[str | None]:
    found: list[str | None] = []
    for still in stills:
        films.move_to(still.taken[:10])
        film = films.of(still)
        found.append(film and film.id)
    return found


def test_a_film_hours_away_is_found_without_being_asked_for() -> None:
    films, shelf = films_of(at(1, "2024-03-15T23:00:00.000Z"), at(2, "2024-03-16T13:00:00.000Z"))
    stills = (at(11, "2024-03-16T09:00:00.000Z", 1), at(12, "2024-03-16T23:00:00.000Z", 2))

    assert claim(films, *stills) == [identity(1), identity(2)]
    assert shelf.asked == []


def test_a_film_of_another_year_is_asked_for() -> None:
    films, shelf = films_of(at(1, "2030-01-01T00:00:00.000Z"))

    assert claim(films, at(11, "2024-03-16T09:00:00.000Z", 1)) == [identity(1)]
    assert shelf.asked == [identity(1)]
    assert list(films.left_over()) == []


def test_a_film_that_came_before_its_still_is_not_left_over() -> None:
    films, _ = films_of(at(1, "2020-01-01T00:00:00.000Z"), at(2, "2024-03-16T00:00:00.000Z"))

    claim(films, at(11, "2024-03-16T09:00:00.000Z", 1))

    assert [film.id for film in films.left_over()] == [identity(2)]


def test_films_without_a_still_are_left_over_in_the_order_of_time() -> None:
    days = [f"20{year}-03-15T10:00:00.000Z" for year in (10, 22, 24, 30)]
    films, _ = films_of(*(at(number, day) for number, day in enumerate(days, 1)))

    claim(films, at(11, "2022-03-15T10:00:00.000Z"), at(12, "2024-03-15T10:00:00.000Z", 3))

    assert [film.id for film in films.left_over()] == [identity(number) for number in (1, 2, 4)]


def test_a_still_whose_film_is_gone_has_none() -> None:
    films, _ = films_of()

    assert claim(films, at(11, "2024-03-15T10:00:00.000Z", 7)) == [None]


def test_only_films_around_the_day_are_kept() -> None:
    def endless() -> Iterator[ServerAsset]:
        for day in range(1, 29):
            yield at(day, f"2024-02-{day:02}T10:00:00.000Z")

    films = Films(Shelf(), endless())
    for day in range(1, 29):
        films.move_to(f"2024-02-{day:02}")
        assert len(films._near) <= 4  # noqa: SLF001 - the promise of constant memory
